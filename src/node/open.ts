/** Models opened and trained on this machine, in a line each. */
import { demandGiven } from '../base/given.ts'
import type { NdArray } from '../formats/array.ts'
import type { ImageSet } from '../formats/dataset.ts'
import { type Opened, type OpenOptions, opened, type TrainOptions, trainAt } from '../jobs/open.ts'
import type { Trained } from '../jobs/train/train.ts'
import { type MachineOptions, machine } from './machine.ts'
import { modelBytes } from './models.ts'

/** What says how a job is run and watched on this machine, and what it is. */
function door({ device, workers, ranks, threads, signal, onProgress, say, ...job }: object & MachineOptions) {
  return [machine({ device, workers, ranks, threads, signal, onProgress, say }), job] as const
}

/** Opens a model: a path, the name of a shipped one, or the bytes of a model file. Throws an Error of one line. */
export async function open(
  model: string | Uint8Array,
  options: OpenOptions = {},
): Promise<Opened<MachineOptions>> {
  demandGiven('open the model', { options }, { options: 'object' })
  const bytes = typeof model === 'string' ? modelBytes(model) : { name: 'model', file: 'model', bytes: model }
  return opened(bytes, { ...options, door })
}

/** Trains a model in one call (see `saltus train`): of images [N, C, H, W], or of what `data` names. */
export async function train(
  images: ImageSet | NdArray | undefined,
  options: TrainOptions & MachineOptions = {},
): Promise<Trained> {
  demandGiven('train', { images, options }, { images: 'object?', options: 'object' })
  return trainAt(door, images, options)
}
