/** Labels of materials that a job reads: a file, or a folder of slices. */
import { cannot } from '../../base/errors.ts'
import { budgetFor } from '../../formats/budget.ts'
import { unknownFormat } from '../../formats/foreign.ts'
import { byName, stemOf } from '../../formats/names.ts'
import type { Pages } from '../../formats/planes.ts'
import type { Scale } from '../../formats/scale.ts'
import type { Source } from '../../formats/source.ts'
import {
  type LabelFile,
  type RawLayout,
  readLabels,
  readValues,
  type ValueStack,
  volumeFormats,
} from '../../structure/index.ts'
import { type Files, folderOf, joined, nameOf } from '../files.ts'
import type { Reading } from './images.ts'
import type { LabelCoding } from './label-fields.ts'

export interface LoadOptions extends Reading {
  /** Sites of this value are no part of the sample. */
  readonly ignore?: number
  /** Times and samples are welcome as images of their own; else one of them must be chosen. */
  readonly times?: boolean
}

export interface LoadedLabels {
  /** Labels 0, 1, …, row-major. */
  readonly data: Uint8Array
  /** [N, H, W]: images, or the slices (Z, Y, X) of a volume, which only the user knows; [N, D, H, W] for volumes. */
  readonly shape: readonly number[]
  /** What the first axis is, where the file says. */
  readonly pages?: Pages
  /** Side of a voxel by --voxel-size or by the file, where all its sides are equal as far as they are known. */
  readonly voxelSize?: number
  /** Of `voxelSize`: um, nm, mm, …; absent where it was not told. */
  readonly unit?: string
  /** What the file says, cubic or not; absent where --voxel-size was given. */
  readonly scale?: Scale
  /** The value in the file of label 0, 1, …, where labels are not their own values (and no threshold made them). */
  readonly values?: readonly number[]
}

/**
 * Reads the labels of one file (docs/formats.md), or of all such files of a folder as slices in the natural order of
 * their names (9 before 10). Sentences on what was understood otherwise than it stands there go to `say`.
 * @throws SyntaxError or RangeError of one line, naming the file or the slice
 */
export async function loadLabels(
  path: string,
  coding: LabelCoding,
  { ignore, times = false, ...reading }: LoadOptions,
): Promise<LoadedLabels> {
  const { name, files, options } = asked(path, coding, reading)
  const { threshold, levels } = coding
  const { scale, ...labels } = await readLabels(name, files, { ...options, threshold, levels, ignore })
  if (labels.pages === 'times' && !times) {
    const wanted = `given (one of 0 to ${labels.shape[0] - 1}, or all to take them for slices)`
    const got = `${labels.shape[0]} times or samples, which are no slices of one volume`
    throw new RangeError(cannot(`read ${name}`, '--frame', wanted, got))
  }
  if (coding.voxelSize) {
    const { length, unit } = coding.voxelSize
    return { ...labels, voxelSize: length, ...(unit && { unit }) }
  }
  if (!scale) return labels
  const { x, y, z = x, unit } = scale
  const cubic = same(x, y) && same(x, z)
  return { ...labels, scale, ...(cubic && { voxelSize: x, ...(unit && { unit }) }) }
}

/** Reads the values of such files as they stand there, before anything is said of what they mean. */
export function loadValues(path: string, coding: LabelCoding, reading: Reading): Promise<ValueStack> {
  const { name, files, options } = asked(path, coding, reading)
  return readValues(name, files, options)
}

/** The files of a path, and how they are read. */
function asked(path: string, coding: LabelCoding, { files: of, say }: Reading) {
  const name = nameOf(path)
  const files = filesOf(path, of)
  const { shape: told, channel, frame, array, memory } = coding
  const source: Source = {
    name,
    budget: budgetFor(sizeOf(files), memory),
    say: sentence => say?.(`${name}: ${sentence}`),
    beside: file => of.read(joined(of.below(path) ? path : folderOf(path), file)),
  }
  return { name, files, options: { channel, frame, array, ...(told && { raw: rawLayout(coding) }), source } }
}

function sizeOf(files: Uint8Array | readonly LabelFile[]): number {
  if (files instanceof Uint8Array) return files.length
  return files.reduce((sum, { bytes }) => sum + bytes.length, 0)
}

/** Equal but for what rounding in files does. */
export const same = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-4 * Math.max(a, b)

function rawLayout({ shape = [], dtype }: LabelCoding): RawLayout {
  return { shape, element: dtype?.element ?? 'u1', bigEndian: dtype?.bigEndian ?? false }
}

/** Endings of files that are slices, and of those that might be meant as such. */
const readable = /\.(tiff?|png|np[yz]|raw|bin|dat|vti|mh[da]|nh?rrd|nii)(\.gz)?$/i
const pictures = /\.(jpe?g|bmp|gif|webp|jp2|dcm|am|mat)$/i

/** The bytes of a file, or of a folder's slices. */
function filesOf(path: string, files: Files): Uint8Array | LabelFile[] {
  const all = files.below(path)
  if (all === undefined) return files.read(path)
  const slices = all.filter(name => readable.test(name))
  const foreign = all.find(name => pictures.test(name))
  if (foreign !== undefined && slices.length > 0)
    throw new Error(
      cannot(`read ${path}`, 'its slices', 'of formats that are read (save them as PNG or TIFF)', foreign),
    )
  // The data of a header are no slice of their own.
  const headers = new Set(slices.filter(name => /\.mhd$/i.test(name)).map(stemOf))
  const names = slices.filter(name => !(/\.z?raw$/i.test(name) && headers.has(stemOf(name)))).sort(byName)
  if (names.length > 0) return names.map(name => ({ name, bytes: files.read(joined(path, name)) }))
  if (foreign !== undefined) throw unknownFormat(files.read(joined(path, foreign)), foreign, volumeFormats)
  throw new Error(
    `Cannot read ${path}: it must be a folder of slices (.tif, .png, .npy, .npz, .raw), got none of them`,
  )
}
