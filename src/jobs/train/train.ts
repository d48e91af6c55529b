/** The job `train`: from images, or crops of a material, to a model. */
import { cannot } from '../../base/errors.ts'
import type { NdArray } from '../../formats/array.ts'
import { type ImageSet, imageSet } from '../../formats/dataset.ts'
import { unmixed } from '../../lattice/index.ts'
import type { ModelDescription } from '../../model/description.ts'
import { decodeModelFile, layoutFor, type ModelFile } from '../../model/file.ts'
import type { Layout } from '../../network/parameters.ts'
import { sizeOf } from '../../tensor/index.ts'
import { adamDefaults } from '../../training/optimizer.ts'
import { newState, type Report, train as steps, type TrainingState } from '../../training/trainer.ts'
import type { Context } from '../context.ts'
import type { Files } from '../files.ts'
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

/** The state of a new run: fresh weights, or those of the model that it begins with. */
export function first(run: Run, files: Files): TrainingState {
  const { from } = run.options
  if (from === undefined) return beginning(run)
  const { file, bytes } = files.model(from)
  const model = decodeModelFile(bytes, file)
  const [own, other] = [run.describe(0), model.description].map(({ task: { noise: _, ...task }, network }) =>
    JSON.stringify([task, network]),
  )
  if (own !== other)
    throw new RangeError(cannot('train', `the model ${from}`, 'of the same task and network', 'another'))
  return newState(grown(run.layout, model))
}

/** Parameters of a model in a layout that may have more of them, for noise that the model was not shown: those are 0. */
function grown(layout: Layout, { description, parameters }: ModelFile): Float32Array {
  const known = new Map(layoutFor(description).entries.map(entry => [entry.name, entry]))
  const values = new Float32Array(layout.size)
  for (const { name, shape, offset } of layout.entries) {
    const old = known.get(name)
    if (!old) continue
    // Of kernels [out, in, ...] noise is the last of what comes in.
    const [rows, own, all] = [shape[0], sizeOf(old.shape) / shape[0], sizeOf(shape) / shape[0]]
    for (let row = 0; row < rows; row++)
      values.set(
        parameters.subarray(old.offset + row * own, old.offset + (row + 1) * own),
        offset + row * all,
      )
  }
  return values
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
      start: first(run, files),
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
