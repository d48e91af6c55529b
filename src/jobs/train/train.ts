/** The job `train`: from images, or crops of a material, to a model. */
import { cannot } from '../../base/errors.ts'
import type { NdArray } from '../../formats/array.ts'
import { type ImageSet, imageSet } from '../../formats/dataset.ts'
import { unmixed } from '../../lattice/index.ts'
import type { ModelDescription } from '../../model/description.ts'
import { decodeModelFile } from '../../model/file.ts'
import { adamDefaults } from '../../training/optimizer.ts'
import { newState, type Report, train as steps, type TrainingState } from '../../training/trainer.ts'
import type { Context } from '../context.ts'
import type { Files } from '../files.ts'
import { dataOf, imageData, type TrainingData } from './data.ts'
import { designedFor } from './designed.ts'
import { optionsOf, type TrainJob } from './fields.ts'
import type { RunOptions } from './options.ts'
import { beginning, type Engine, modelBytes, prepare, type Run, startEngine } from './run.ts'

/** A line of the log of a run, the mean over the steps since the one before. */
export interface LossLine {
  readonly step: number
  readonly images: number
  readonly loss: number
  readonly norm: number
  readonly rate: number
  readonly imagesPerSecond: number
  readonly seconds: number
}

/** A model that was trained. */
export interface Trained {
  /** The bytes of the model file. */
  readonly model: Uint8Array
  readonly description: ModelDescription
  readonly state: TrainingState
  /** Of every step: the loss and the norm of the gradient. */
  readonly reports: readonly Report[]
}

/** The pieces of a run on some data. */
export const prepared = (options: RunOptions, data: TrainingData): Run =>
  prepare(options, data, process => designedFor(process, data.images, options.seed))

/** The state of a new run: fresh weights, or those of the model that it begins with. */
export function first(run: Run, files: Files): TrainingState {
  const { from } = run.options
  if (from === undefined) return beginning(run)
  const { file, bytes } = files.model(from)
  const model = decodeModelFile(bytes, file)
  const [own, other] = [run.describe(0), model.description].map(({ task, network }) =>
    JSON.stringify([task, network]),
  )
  if (own !== other)
    throw new RangeError(cannot('train', `the model ${from}`, 'of the same task and network', 'another'))
  return newState(model.parameters)
}

/** What of the process is not as it should be: units that walk too little have not come to the uniform prior. */
export function warningsOf({ lattice, process: { motion, rate } }: Run): string[] {
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
    after,
  }: {
    readonly engine: Engine
    readonly start: TrainingState
    readonly signal?: AbortSignal
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
    after,
  })

/**
 * Trains a model in one call: of the data that the job names, or of images that are at hand.
 * @throws UsageError for options that do not go together, Diverged, Cancelled when the signal asks for an end
 */
export async function train(
  job: TrainJob,
  context: Context & { readonly images?: ImageSet | NdArray },
): Promise<Trained> {
  const { images: given, files, say, runtime, batches, threads, ranks, signal, onProgress } = context
  const images = given && ('counts' in given ? given : imageSet(given, undefined, 'images'))
  const options = optionsOf(images && job.data === undefined ? { ...job, data: 'images' } : job)
  const data = images ? imageData(images, options.binarise) : await dataOf(options, { files, say })
  const run = prepared(options, data)
  for (const words of warningsOf(run)) say?.(words)
  const engine = await startEngine(run, { runtime, batches, threads, ranks })
  const reports: Report[] = []
  try {
    const state = await toTheEnd(run, {
      engine,
      start: first(run, files),
      signal,
      after(_, report) {
        reports.push(report)
        onProgress?.({ done: report.step, total: options.steps, words: `loss ${report.loss.toFixed(4)}` })
      },
    })
    return {
      model: modelBytes(run, state, { half: true }),
      description: run.describe(state.step),
      state,
      reports,
    }
  } finally {
    await engine.close()
  }
}
