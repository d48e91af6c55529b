/**
 * Labels of phases out of files: told apart by their bytes, not by their names. Grey values become labels only
 * where the caller says how.
 */
import { demand } from '../base/errors.ts'
import { sizeOf } from '../formats/array.ts'
import type { Scale } from '../formats/scale.ts'
import { type Coding, labelsOf } from './coding.ts'
import { type RawLayout, readVolume, stacked } from './read-volume.ts'

export interface ReadLabelsOptions extends Coding {
  /** How files without a header lie. */
  readonly raw?: RawLayout
}

/** Labels [N, H, W], or [N, D, H, W] where the file holds volumes. */
export interface LabelStack {
  readonly data: Uint8Array
  readonly shape: readonly number[]
  /** Sides of a voxel, where the file says. */
  readonly scale?: Scale
  /** The value in the file of label 0, 1, …, where labels are not their own values (and no threshold made them). */
  readonly values?: readonly number[]
}

/** Labels or slices of them; `name` is what the errors call it. */
export interface LabelFile {
  readonly name: string
  readonly bytes: Uint8Array
}

/**
 * Reads labels from TIFF, PNG, .npy or .npz (the array called samples, images or arr_0, or the only one), or bytes
 * without a header, packed with gzip or not. Several files are slices of one stack, in the order given: of one
 * size, and what their values mean is seen from all together. Values 0 to 15 are labels; 0 and 255 (65,535 in 16
 * bits) alone are 0 and 1; all others need a coding.
 * @param name what the errors call all files together
 * @throws SyntaxError if the bytes are damaged or foreign, RangeError if the values are no labels or slices differ
 */
export async function readLabels(
  name: string,
  files: Uint8Array | readonly LabelFile[],
  { raw, ...coding }: ReadLabelsOptions = {},
): Promise<LabelStack> {
  const list = files instanceof Uint8Array ? [{ name, bytes: files }] : files
  demand(list.length > 0, `read ${name}`, 'the files', 'at least one', 0)
  const volumes = []
  for (const { name, bytes } of list) volumes.push({ name, volume: await readVolume(name, bytes, raw) })
  const { data, shape, scale } = stacked(volumes)
  return {
    ...labelsOf(data, coding, `read ${name}`),
    // One channel is none.
    shape: shape.length === 4 && shape[1] === 1 ? [shape[0], shape[2], shape[3]] : shape,
    ...(scale && { scale }),
  }
}

/** The images of a stack, or its volumes; of slices [N, H, W] `volume` makes one. */
export function gridsOf(
  { data, shape }: Pick<LabelStack, 'data' | 'shape'>,
  path: string,
  { volume = false } = {},
): { readonly data: Uint8Array; readonly shape: readonly number[] }[] {
  demand(
    shape.length === 3 || volume,
    `read ${path}`,
    'the shape of the array',
    '[N, H, W], or --volume given for volumes [N, D, H, W]',
    shape,
  )
  if (shape.length === 3 && volume) return [{ data, shape }]
  const size = sizeOf(shape.slice(1))
  return Array.from({ length: shape[0] }, (_, i) => ({
    data: data.subarray(i * size, (i + 1) * size),
    shape: shape.slice(1),
  }))
}
