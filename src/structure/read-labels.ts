/**
 * Labels of phases out of files: told apart by their bytes, not by their names. Grey values become labels only
 * where the caller says how.
 */

import { demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { sizeOf } from '../formats/array.ts'
import type { Pages } from '../formats/planes.ts'
import type { Scale } from '../formats/scale.ts'
import { type Source, sourceOf } from '../formats/source.ts'
import { type Coding, labelsOf } from './coding.ts'
import { gridKinds } from './labels.ts'
import { checkNames, stacked } from './read-slices.ts'
import { type ReadVolumeOptions, readVolume, type Volume } from './read-volume.ts'

export interface ReadLabelsOptions extends Coding, ReadVolumeOptions {
  /** What the errors call all files together, what they may cost, and where sentences about them go. */
  readonly source?: Source
}

/** Labels [N, H, W], or [N, D, H, W] where the file holds volumes. */
export interface LabelStack {
  readonly data: Uint8Array
  readonly shape: readonly number[]
  /** What the first axis is, where the file says: slices of one volume, or times (each an image or a volume). */
  readonly pages?: Pages
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

/** Values as they stand in files [N, H, W] or [N, D, H, W], before anything is said of what they mean. */
export type ValueStack = Omit<Volume, 'bits' | 'palette'> & { readonly source: Source }

/**
 * Reads the values of any file that `readVolume()` reads. Several files are slices of one stack, in the order given, and of
 * one size.
 * @throws SyntaxError if the bytes are damaged or foreign, RangeError if slices differ
 */
export async function readValues(
  name: string,
  files: Uint8Array | readonly LabelFile[],
  options: ReadVolumeOptions & Pick<ReadLabelsOptions, 'source'> = {},
): Promise<ValueStack> {
  demandGiven('read the labels', { name, files, options }, { name: 'text', files: 'list', options: 'object' })
  const { source, ...reading } = options
  const list = files instanceof Uint8Array ? [{ name, bytes: files }] : files
  for (const file of list)
    demandGiven('read the labels', { file }, { file: { name: 'text', bytes: 'bytes' } })
  demand(list.length > 0, `read ${name}`, 'the files', 'at least one', 0)
  const of = source ?? sourceOf(name, { length: list.reduce((sum, { bytes }) => sum + bytes.length, 0) })
  checkNames(
    list.map(file => file.name),
    of,
  )
  const volumes = []
  for (const { name: own, bytes } of list)
    volumes.push({ name: own, volume: await readVolume({ ...of, name: own }, bytes, reading) })
  return { ...stacked(volumes, of), source: of }
}

/**
 * Reads labels from any file that `readVolume()` reads; what values mean is seen from all slices together. Values 0 to 15
 * are labels, those from 1 on labels from 1; 0 and 255 (or 65,535 in 16 bits) alone are 0 and 1; all others need a coding.
 * @param name what the errors call all files together
 * @throws SyntaxError if the bytes are damaged or foreign, RangeError if the values are no labels or slices differ
 */
export async function readLabels(
  name: string,
  files: Uint8Array | readonly LabelFile[],
  options: ReadLabelsOptions = {},
): Promise<LabelStack> {
  const { data, shape, scale, labels, pages, source } = await readValues(name, files, options)
  source.budget.spend(data.length, name)
  const { words, ...coded } = labelsOf(data, { ...options, labels }, `read ${name}`)
  if (words) source.say(words)
  return { ...coded, shape, ...(pages && shape[0] > 1 && { pages }), ...(scale && { scale }) }
}

/**
 * The images of a stack, or its volumes. Slices [N, H, W] are one volume with `volume`, images without; where nothing
 * is said, the file decides. Times are images or volumes of their own, never slices.
 */
export function gridsOf(
  stack: Pick<LabelStack, 'data' | 'shape' | 'pages'>,
  path: string,
  options: { readonly volume?: boolean } = {},
): { readonly data: Uint8Array; readonly shape: readonly number[] }[] {
  demandGiven(
    'take the images',
    { stack, path, options },
    { stack: gridKinds, path: 'text', options: 'object' },
  )
  const { data, shape, pages } = stack
  const { volume } = options
  const what = `read ${path}`
  const wanted = '[N, H, W], or --volume given for volumes [N, D, H, W]'
  const right = shape.length === 3 || volume === true || (volume === undefined && pages !== undefined)
  demand(right, what, 'the shape of the array', wanted, shape)
  const alone = shape.length === 3 && (volume ?? pages === 'slices')
  const times = alone && pages === 'times'
  demand(!times, what, '--frame', `given (all takes times for slices), as its pages are times`, shape[0])
  if (alone) return [{ data, shape }]
  const size = sizeOf(shape.slice(1))
  return Array.from({ length: shape[0] }, (_, i) => ({
    data: data.subarray(i * size, (i + 1) * size),
    shape: shape.slice(1),
  }))
}
