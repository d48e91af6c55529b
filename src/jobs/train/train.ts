/** The job `train`: from images, or crops of a material, to a model. */
import { cannot } from '../../base/errors.ts'
import type { NdArray } from '../../formats/array.ts'
import { type ImageSet, imageSet } from '../../formats/dataset.ts'
import { unmixed } from '../../lattice/index.ts'
import type { ModelDescription } from '../../model/description.ts'
import { decodeModelFile, layoutFor } from '../../model/file.ts'
import { adopted } from '../../network/parameters.ts'
import { adamDefaults } from '../../training/optimizer.ts'
import { newState, type Report, train as steps, type TrainingState } from '../../training/trainer.ts'
import type { Context } from '../context.ts'
import { nameOf } from '../files.ts'
import { type Check, checkable } from './check.ts'
import { course } from './course.ts'
import { dataOf, imageData, type TrainingData } from './data.ts'
import { designedFor, spectralFor } from './designed.ts'
import { optionsOf, type TrainJob } from './fields.ts'
import { fitGrain, grained } from './grain.ts'
import type { RunOptions } from './options.ts'
import { beginning, type Engine, modelBytes, prepare, type Run, startEngine } from './run.ts'

/** A model that was trained. */
export interface Trained {
  /** The bytes of the model file. */
  readonly model: Uint8Array
  readonly description: ModelDescription
  readonly state: TrainingState
  /** Of every step: the loss and the norm of the gradient. */
  readonly reports: readonly Report[]
  /** Of a material: how its samples stood beside held-out crops, every few minutes. */
  readonly checks: readonly Check[]
}

/** Sees every step; `model` gives the file of the model as it stands. */
export type OnTrained = (report: Report, model: () => Uint8Array) => Promise<void> | void

/** The pieces of a run on some data. */
export const prepared = (options: RunOptions, data: TrainingData): Run =>
  prepare(options, data, {
    designed: process => designedFor(process, data.images, options.seed),
    spectral: process => spectralFor(process, data.images),
  })

/** The least share of its numbers that a run takes from the model with which it begins. */
const LEAST = 0.1

/**
 * The state of a new run: fresh weights, or those of the model that it begins with, as far as they fit.
 * @throws RangeError where hardly any are
 */
export function first(run: Run, { files, say }: Pick<Context, 'files' | 'say'>): TrainingState {
  const { from } = run.options
  const fresh = beginning(run)
  if (from === undefined) return fresh
  const { file, bytes } = files.model(from)
  const { description, parameters } = decodeModelFile(bytes, file)
  const { layout } = run
  const { values, taken } = adopted(
    { layout, values: fresh.parameters },
    { layout: layoutFor(description), values: parameters },
  )
  if (taken < LEAST * layout.size)
    throw new RangeError(
      cannot(
        'train',
        `the model ${from}`,
        `one of which a tenth of the ${layout.size} numbers can be taken`,
        taken,
      ),
    )
  say?.(`Begins with ${taken} numbers of ${nameOf(from)}; ${layout.size - taken} begin anew`)
  return newState(values)
}

/** What of the process is not as it should be: units that walk too little have not come to the uniform prior. */
export function warningsOf({ lattice, options, process: { motion, rate }, describe }: Run): string[] {
  const { graph, apart } = describe(0).task
  if (options.fromData !== undefined || graph || apart) return []
  const left = motion > 0 ? (100 * unmixed(lattice, rate)).toFixed(0) : '0'
  if (Number(left) <= 5) return []
  return [
    `Warning: at the end of time ${left} % of the slowest mode is left, so the uniform prior is not exact; raise --rate`,
  ]
}

/** Trains to the last step of the options. @throws Diverged, or Cancelled when the signal says so */
export const toTheEnd = (
  { options }: Run,
  {
    engine,
    start,
    signal,
    last,
    after,
  }: {
    readonly engine: Engine
    readonly start: TrainingState
    readonly signal?: AbortSignal
    readonly last?: (step: number) => number
    after(state: TrainingState, report: Report): Promise<void> | void
  },
): Promise<TrainingState> =>
  steps(start, {
    ...options,
    rate: options.learningRate,
    adam: adamDefaults,
    averageDecay: options.average,
    stepper: engine.step,
    signal,
    last,
    after,
  })

/** Minutes from one look at the samples of a material to the next. */
const looks = 5

/**
 * Trains a model in one call: of the data that the job names, or of images that are at hand.
 * @throws UsageError for options that do not go together, Diverged, Cancelled when the signal asks for an end
 */
export async function train(job: TrainJob, context: TrainContext): Promise<Trained> {
  const named = context.images && job.data === undefined ? { ...job, data: 'images' } : job
  return trainWith(optionsOf(named), context)
}

/** What a training in one call is given: images at hand as well, and who sees its steps. */
export interface TrainContext extends Context {
  readonly images?: ImageSet | NdArray
  readonly onTrained?: OnTrained
}

/** The same by the options of a run. */
export async function trainWith(options: RunOptions, context: TrainContext): Promise<Trained> {
  const {
    images: given,
    files,
    say,
    runtime,
    batches,
    threads,
    ranks,
    signal,
    onProgress,
    onTrained,
  } = context
  const images = given && ('counts' in given ? given : imageSet(given, undefined, 'images'))
  const data = images ? imageData(images, options.binarise) : await dataOf(options, { files, say })
  const run = prepared(options, data)
  for (const words of warningsOf(run)) say?.(words)
  const engine = await startEngine(run, { runtime, batches, threads, ranks, memory: context.memory })
  const reports: Report[] = []
  const checks: Check[] = []
  const began = performance.now()
  const spent = () => (performance.now() - began) / 1000
  const { last, due, look } = course(run, { runtime, threads, signal, every: looks, spent })
  try {
    const state = await toTheEnd(run, {
      engine,
      start: first(run, { files, say }),
      signal,
      last,
      async after(state, report) {
        reports.push(report)
        if (checkable(run) && due()) {
          const { check, sentence } = await look(state)
          if (check) checks.push(check)
          if (sentence) say?.(sentence)
        }
        onProgress?.({ done: report.step, total: last(report.step), words: `loss ${report.loss.toFixed(4)}` })
        await onTrained?.(report, () => modelBytes(run, state, { half: true }))
      },
    })
    const grain = grained(run) ? await fitGrain(run, state, { runtime, threads, signal }) : undefined
    return {
      model: modelBytes(run, state, { half: true, grain }),
      description: run.describe(state.step),
      state,
      reports,
      checks,
    }
  } finally {
    await engine.close()
  }
}
