/** Arrays written by their file's ending: a picture of all images, .npy or .npz. */
import { extname } from 'node:path'
import { cannot } from '../base/errors.ts'
import { type NdArray, smallestUnsigned } from '../formats/array.ts'
import { writeNpy } from '../formats/npy.ts'
import { writeNpz } from '../formats/npz.ts'
import { picture } from '../formats/picture.ts'
import { demandWritable, writeWhole } from './files.ts'
import { UsageError } from './usage.ts'

export interface Images {
  /** Counts [N, C, H, W]. */
  readonly counts: Int32Array
  readonly shape: readonly [number, number, number, number]
}

const endings = ['.png', '.npy', '.npz']

/** Checks all outputs before any work is done. */
export function demandOutputs(paths: readonly string[] | undefined): asserts paths is readonly string[] {
  if (!paths?.length) throw new UsageError(cannot('write the result', '--out', 'given at least once', 'nothing'))
  for (const path of paths) {
    if (!endings.includes(extname(path))) throw new UsageError(cannot('write the result', '--out', `a file ending in ${endings.join(', ')}`, path))
    demandWritable(path)
  }
}

/** The counts in the smallest unsigned type that holds them. */
export function packed({ counts, shape }: Images): NdArray {
  let most = 0
  for (const count of counts) if (count > most) most = count
  return { data: smallestUnsigned(most).from(counts), shape: [...shape] }
}

export interface OutputOptions {
  /** Further arrays of the .npz. */
  readonly more?: Record<string, NdArray | string>
  /** A line under each image of the picture. */
  readonly captions?: readonly string[]
  readonly columns?: number
}

/** Writes the images to every path. */
export function writeOutputs(paths: readonly string[], images: Images, { more = {}, captions, columns }: OutputOptions = {}): void {
  for (const path of paths) {
    const ending = extname(path)
    if (ending === '.png') writeWhole(path, picture(images, { captions, columns }).png)
    else if (ending === '.npy') writeWhole(path, writeNpy(packed(images)))
    else writeWhole(path, writeNpz({ samples: packed(images), ...more }))
  }
}

/** Masses [N, C] of images as an array for .npz. */
export function massArray({ counts, shape: [n, c, h, w] }: Images): NdArray {
  const data = new Uint32Array(n * c)
  for (let i = 0; i < counts.length; i++) data[Math.floor(i / (h * w))] += counts[i]
  return { data, shape: [n, c] }
}
