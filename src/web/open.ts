/** Models opened and trained on a page, in a line each. */
import type { NdArray } from '../formats/array.ts'
import type { ImageSet } from '../formats/dataset.ts'
import {
  type Opened,
  type OpenOptions as OpenedOptions,
  opened,
  type TrainOptions,
  trainAt,
} from '../jobs/open.ts'
import type { JobRecord } from '../jobs/record.ts'
import type { Trained } from '../jobs/train/train.ts'
import { fetched, modelOf } from './files.ts'
import { type PageOptions, page } from './page.ts'

/** What says how a job is run and watched on a page, and what it is; `usual` where nothing else is said. */
const doorWith =
  (usual: PageOptions = {}) =>
  ({ device, files, assets, threads, signal, onProgress, onStep, say, ...job }: object & PageOptions) => {
    const told = { device, files, assets, threads, signal, onProgress, onStep, say }
    const said = Object.entries(told).filter(([, value]) => value !== undefined)
    return [page({ ...usual, ...Object.fromEntries(said) }), job] as const
  }

export interface OpenOptions extends PageOptions, Pick<OpenedOptions, 'rebuild'> {
  /** What the model is called in the header of files; default: as its file is, without the ending. */
  readonly name?: string
}

/**
 * Opens a model: by its address, or the bytes of a model file. What is said of a page here holds for all that is
 * asked of the model. Throws an Error of one line.
 */
export async function open(
  model: string | URL | Uint8Array,
  { name, rebuild, ...usual }: OpenOptions = {},
): Promise<Opened<PageOptions>> {
  const bytes = model instanceof Uint8Array ? model : await fetched(model, usual.signal)
  const path = model instanceof Uint8Array ? 'model' : String(model).replace(/[?#].*$/s, '')
  const found = modelOf(bytes, path)
  const named = name === undefined ? found : { ...found, name, file: name }
  return opened(named, { rebuild, door: doorWith(usual) })
}

/** Trains a model in one call (see `saltus train`): of images [N, C, H, W], or of what `data` names among the `files`. */
export const train = (
  images: ImageSet | NdArray | undefined,
  options: TrainOptions & PageOptions = {},
): Promise<Trained> => trainAt(doorWith(), images, options)

/** The job of a file that came out of one (see `recordIn` of `saltus/node`): what reads headers is loaded when it is asked. */
export const recordIn = async (bytes: Uint8Array, name: string): Promise<JobRecord> =>
  (await import('../jobs/recorded.ts')).recordIn(bytes, name)
