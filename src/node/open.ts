/** A model in a program: opened once, asked as often as one likes. What it gives is what the command line gives. */

import type { NdArray } from '../formats/array.ts'
import type { ImageSet } from '../formats/dataset.ts'
import { imageSet } from '../formats/dataset.ts'
import { writeNpy } from '../formats/npy.ts'
import { complete } from '../jobs/complete/complete.ts'
import { completeSchema } from '../jobs/complete/fields.ts'
import type { Context } from '../jobs/context.ts'
import { withFiles } from '../jobs/files.ts'
import { generateSchema } from '../jobs/generate/asking.ts'
import { generate } from '../jobs/generate/generate.ts'
import type { Samples } from '../jobs/generate/samples.ts'
import { checked, type OptionsOf } from '../jobs/schema.ts'
import { trainSchema } from '../jobs/train/fields.ts'
import { type Trained, train as trainJob } from '../jobs/train/train.ts'
import type { ModelDescription } from '../model/description.ts'
import { decodeModelFile } from '../model/file.ts'
import { type MachineOptions, machine } from './machine.ts'
import { modelBytes } from './models.ts'

export type GenerateOptions = Omit<OptionsOf<typeof generateSchema>, 'model'> & MachineOptions

export type CompleteOptions = Omit<OptionsOf<typeof completeSchema>, 'model' | 'input' | 'mask'> &
  MachineOptions

/** A model file that was opened. */
export interface Opened {
  readonly name: string
  readonly description: ModelDescription
  /**
   * Draws samples: the fields are those of `saltus sample`, `{ porosity: 0.2, count: 4, seed: 1 }`, and so is every byte.
   * @throws UsageError for what the model cannot be told, Cancelled when `signal` asks for an end
   */
  generate(options?: GenerateOptions): Promise<Samples>
  /**
   * Completes images [N, C, H, W] or [H, W] (of a material labels) where the mask [H, W] or [C, H, W] is not 0, as
   * `saltus inpaint` does. @throws UsageError or RangeError for what cannot be completed, Cancelled
   */
  complete(images: NdArray, mask: NdArray, options?: CompleteOptions): Promise<Samples>
}

/** Opens a model: a path, the name of a shipped one, or the bytes of a model file. Throws an Error of one line. */
export async function open(model: string | Uint8Array): Promise<Opened> {
  const found = typeof model === 'string' ? modelBytes(model) : { name: 'model', file: 'model', bytes: model }
  const { description } = decodeModelFile(found.bytes, found.file)
  const at = (options: MachineOptions): Context => {
    const context = machine(options)
    return { ...context, files: { ...context.files, model: () => found } }
  }
  return {
    name: found.name,
    description,
    async generate(options = {}) {
      const [watching, told] = parted(options)
      const job = checked('generate', generateSchema, { ...told, model: found.name })
      return generate(job, at(watching))
    },
    async complete(images, mask, options = {}) {
      const [watching, told] = parted(options)
      const held = { 'images.npy': writeNpy(images), 'mask.npy': writeNpy(mask) }
      const names = { model: found.name, input: 'images.npy', mask: 'mask.npy' }
      const job = checked('complete', completeSchema, { ...told, ...names })
      const context = at(watching)
      return complete(job, { ...context, files: withFiles(context.files, held) })
    },
  }
}

export type TrainOptions = OptionsOf<typeof trainSchema> & MachineOptions

/**
 * Trains a model in one call: of images, or of what `data` names (with `crop` a material). The fields are those of
 * `saltus train`; `onProgress` tells of every step, `signal` ends it.
 * @throws UsageError for options that do not go together, Diverged, Cancelled
 */
export async function train(
  images: ImageSet | NdArray | undefined,
  options: TrainOptions = {},
): Promise<Trained> {
  const [watching, told] = parted(options)
  const job = checked('train', trainSchema, told)
  const set = images && ('counts' in images ? images : imageSet(images, undefined, 'images'))
  return trainJob(job, { ...machine(watching), ...(set && { images: set }) })
}

/** What says how a job is run and watched, and what it is. */
function parted<T extends MachineOptions>({
  device,
  workers,
  threads,
  signal,
  onProgress,
  say,
  ...told
}: T): [MachineOptions, object] {
  return [{ device, workers, threads, signal, onProgress, say }, told]
}
