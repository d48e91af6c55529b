/** Labels of materials, and the files that they become, by the ending. */
import { demand, refused } from '../../base/errors.ts'
import type { NdArray } from '../../formats/array.ts'
import { endingOf, stemOf } from '../files.ts'
import type { JobRecord } from '../record.ts'

/** Labels 0 (pore), 1, … of samples. */
export interface LabelSet {
  readonly labels: Uint8Array
  /** [N, H, W], or [N, D, H, W] for volumes. */
  readonly shape: readonly number[]
}

/** What is known about the samples; written where the format can hold it. */
export interface AboutLabels {
  readonly model: string
  readonly seed: number
  /** For every sample the shares of label 0, 1, …; counted where they are not given. */
  readonly fractions?: readonly (readonly number[])[]
  /** Side of a voxel. */
  readonly voxelSize?: number
  /** The sides [z, y, x] of a voxel where they differ. */
  readonly spacing?: readonly number[]
  /** Of these: um, nm, …. */
  readonly unit?: string
  /** What label 0, 1, … is called. */
  readonly names?: readonly string[]
  /** The job that they come from. */
  readonly record?: JobRecord
}

/** Further arrays and texts of an .npz, and how a picture of several samples is laid out. */
export interface LabelOutputOptions {
  readonly more?: Readonly<Record<string, NdArray | string>>
  readonly columns?: number
  /** A line under each sample of the picture, of the letters in font.ts (default: its fractions). */
  readonly captions?: readonly string[]
}

/** Formats of labels. */
const endings = ['.tif', '.tiff', '.png', '.npy', '.npz', '.vti', '.mhd', '.nrrd', '.stl'] as const

export type LabelEnding = (typeof endings)[number]

/** Formats of one sample a file. */
const single = ['.vti', '.mhd', '.nrrd', '.stl']

/** The names of the files that labels of that shape become; UsageError or RangeError for what they cannot be. */
export function labelNames(path: string, shape: readonly number[]): string[] {
  const ending = endingOf(path)
  if (!(endings as readonly string[]).includes(ending))
    throw refused('write the result', 'out', `a file ending in ${endings.join(', ')}`, path)
  const volumes = shape.length === 4
  demand(volumes || ending !== '.stl', `write ${path}`, 'the samples', 'volumes for a surface', 'images')
  const count = single.includes(ending) ? shape[0] : 1
  const names = Array.from({ length: count }, (_, i) => numbered(path, i, count))
  return ending === '.mhd' ? names.flatMap(name => [dataOf(name), name]) : names
}

/** `rock.raw` to `rock.mhd`. */
export const dataOf = (path: string) => `${stemOf(path)}.raw`

/** `rock.vti` alone, or `rock-0007.vti` for sample 7 of several: ParaView takes such files for one series. */
export function numbered(path: string, i: number, count: number): string {
  if (count === 1) return path
  const digits = Math.max(4, String(count - 1).length)
  const stem = stemOf(path)
  return `${stem}-${String(i).padStart(digits, '0')}${path.slice(stem.length)}`
}
