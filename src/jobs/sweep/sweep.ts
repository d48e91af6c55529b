/** A trial of a sweep: a training run, and its loss on images that no trial has seen. */
import { demand } from '../../base/errors.ts'
import type { ImageSet } from '../../formats/dataset.ts'
import { encodeGraph, layoutFor, networkOf } from '../../model/file.ts'
import { process as processOf } from '../../process/index.ts'
import { lossStep, originObjective } from '../../training/step.ts'
import { Diverged } from '../../training/trainer.ts'
import type { Context } from '../context.ts'
import { checked } from '../schema.ts'
import { batchesHere } from '../train/batch-source.ts'
import { imageData } from '../train/data.ts'
import { type TrainJob, trainSchema } from '../train/fields.ts'
import { type Trained, train } from '../train/train.ts'
import type { Options } from './vary.ts'

/** A sweep as plain data. */
export interface SweepJob {
  readonly kind: 'sweep'
  /** Fields that vary, as they were told. */
  readonly vary: readonly string[]
  readonly trials: number
  readonly rungs: number
  readonly factor: number
  /** What all trials share; `steps` are those of the last rung, and the seed is that of the trials too. */
  readonly train: Readonly<Record<string, unknown>>
}

/** Of ten images the last is held out. */
const everyTenth = 10

/** Images apart: those that trials learn from, and those that they are judged by. */
export function parted(images: ImageSet): { seen: ImageSet; heldOut: ImageSet } {
  demand(images.count >= everyTenth, 'sweep', 'the images of --data', `at least ${everyTenth}`, images.count)
  const size = images.counts.length / images.count
  const part = (wanted: boolean): ImageSet => {
    const own = Array.from({ length: images.count }, (_, i) => i).filter(
      i => (i % everyTenth === everyTenth - 1) === wanted,
    )
    const counts = new (images.counts.constructor as Uint8ArrayConstructor)(own.length * size)
    own.forEach((i, place) => {
      counts.set(images.counts.subarray(i * size, (i + 1) * size) as Uint8Array, place * size)
    })
    const { labels } = images
    return {
      ...images,
      count: own.length,
      counts,
      ...(labels && { labels: labels.filter((_, i) => (i % everyTenth === everyTenth - 1) === wanted) }),
    }
  }
  return { seen: part(false), heldOut: part(true) }
}

/** Batches that a loss is the mean of, and the images of each. */
const [judged, batch] = [16, 32]

/** The mean loss of the averaged weights on the same corrupted images, whatever the trial. */
async function lossOf(
  { description, state }: Trained,
  heldOut: ImageSet,
  { runtime, threads, seed }: Pick<Context, 'runtime' | 'threads'> & { readonly seed: number },
): Promise<number> {
  const process = processOf(description.process)
  const objective = originObjective(networkOf(description, batch), process.link)
  const layout = layoutFor(description)
  const program = await runtime.compile(encodeGraph(lossStep(objective, layout)), { threads })
  const source = batchesHere({
    process: description.process,
    schedule: description.schedule,
    source: imageData(heldOut).source,
    batch,
    seed,
    classes: description.task.classes,
    labelDropout: 0,
  })
  const parameters = { shape: [layout.size], data: state.average }
  let sum = 0
  for (let k = 0; k < judged; k++) {
    const { loss } = await program.run({ ...(await source.next(k)), parameters })
    sum += loss.data[0]
  }
  await Promise.all([program.release(), source.close()])
  return sum / judged
}

/** One trial: its model, and its loss; of one that diverged neither. */
export async function trial(
  job: SweepJob,
  { options, steps }: { readonly options: Options; readonly steps: number },
  context: Context & { readonly images: ImageSet },
): Promise<{ loss: number | null; model?: Uint8Array }> {
  const { seen, heldOut } = parted(context.images)
  const told: TrainJob = checked('sweep', trainSchema, { ...job.train, ...options, steps })
  try {
    const trained = await train(told, { ...context, images: seen })
    const loss = await lossOf(trained, heldOut, { ...context, seed: told.seed })
    return { loss, model: trained.model }
  } catch (error) {
    if (error instanceof Diverged) return { loss: null }
    throw error
  }
}
