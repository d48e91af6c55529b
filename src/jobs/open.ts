/**
 * A model in a program: opened once, asked as often as one likes. What it gives is what the command line gives. Jobs other
 * than drawing are loaded when they are asked for: a page that draws need not fetch what trains.
 */
import type { NdArray } from '../formats/array.ts'
import type { ImageSet } from '../formats/dataset.ts'
import type { ModelDescription } from '../model/description.ts'
import { decodeModelFile } from '../model/file.ts'
import type { Rebuild } from '../process/index.ts'
import type { completeSchema } from './complete/fields.ts'
import type { Context } from './context.ts'
import { type ModelBytes, withFiles } from './files.ts'
import { generateSchema } from './generate/asking.ts'
import { generate } from './generate/generate.ts'
import type { Samples } from './generate/samples.ts'
import { checked, type OptionsOf } from './schema.ts'
import type { trainSchema } from './train/fields.ts'
import type { Trained } from './train/train.ts'

/** How a job is watched and ended; a door has more to say of how it is run. */
export type Watching = Pick<Context, 'signal' | 'onProgress' | 'onStep' | 'say' | 'threads'>

/** What a model is opened with. */
export interface OpenOptions {
  /** Builds the process of the model, where it is one of your own. */
  readonly rebuild?: Rebuild
}

export type GenerateOptions = Omit<OptionsOf<typeof generateSchema>, 'model'>

export type CompleteOptions = Omit<OptionsOf<typeof completeSchema>, 'model' | 'input' | 'mask'>

export type TrainOptions = OptionsOf<typeof trainSchema>

/** A model file that was opened; `W` is what its door can be told beside the job. */
export interface Opened<W = Watching> {
  readonly name: string
  readonly description: ModelDescription
  /**
   * Draws samples: the fields are those of `saltus sample`, `{ porosity: 0.2, count: 4, seed: 1 }`, and so is every byte.
   * @throws UsageError for what the model cannot be told, Cancelled when `signal` asks for an end
   */
  generate(options?: GenerateOptions & W): Promise<Samples>
  /**
   * Completes images [N, C, H, W] or [H, W] (of a material labels) where the mask [H, W] or [C, H, W] is not 0, as
   * `saltus inpaint` does. @throws UsageError or RangeError for what cannot be completed, Cancelled
   */
  complete(images: NdArray, mask: NdArray, options?: CompleteOptions & W): Promise<Samples>
}

/** What a door makes of what it is told beside a job: what the job is run with, and the job alone. */
export type Door<W> = (options: object & W) => readonly [context: Context, job: object]

/** Opens a model at a door. Throws an Error of one line for bytes that are no model. */
export function opened<W>(
  found: ModelBytes,
  { door, rebuild }: OpenOptions & { readonly door: Door<W> },
): Opened<W> {
  const { description } = decodeModelFile(found.bytes, found.file, { rebuild })
  const at = (options: W): readonly [Context, object] => {
    const [context, told] = door(options as object & W)
    return [{ ...context, rebuild, files: { ...context.files, model: () => found } }, told]
  }
  return {
    name: found.name,
    description,
    async generate(options = {} as GenerateOptions & W) {
      const [context, told] = at(options)
      return generate(checked('generate', generateSchema, { ...told, model: found.name }), context)
    },
    async complete(images, mask, options = {} as CompleteOptions & W) {
      const [context, told] = at(options)
      const [{ complete }, fields, { writeNpy }] = await Promise.all([
        import('./complete/complete.ts'),
        import('./complete/fields.ts'),
        import('../formats/npy.ts'),
      ])
      const held = { 'images.npy': writeNpy(images), 'mask.npy': writeNpy(mask) }
      const names = { model: found.name, input: 'images.npy', mask: 'mask.npy' }
      const job = checked('complete', fields.completeSchema, { ...told, ...names })
      return complete(job, { ...context, files: withFiles(context.files, held) })
    },
  }
}

/**
 * Trains a model in one call: of images, or of what `data` names (with `crop` a material). The fields are those of
 * `saltus train`; `onProgress` tells of every step, `signal` ends it.
 * @throws UsageError for options that do not go together, Diverged, Cancelled
 */
export async function trainAt<W>(
  door: Door<W>,
  images: ImageSet | NdArray | undefined,
  options: TrainOptions & W,
): Promise<Trained> {
  const [context, told] = door(options)
  const [{ train }, fields] = await Promise.all([import('./train/train.ts'), import('./train/fields.ts')])
  return train(checked('train', fields.trainSchema, told), { ...context, ...(images && { images }) })
}
