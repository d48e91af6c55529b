/** Labels of materials named on the command line: a file, or a folder of slices, and the flags that say how to read. */
import { basename, join } from 'node:path'
import type { Command } from 'commander'
import { cannot } from '../base/errors.ts'
import type { Element } from '../formats/array.ts'
import { type Scale, unitNamed } from '../formats/scale.ts'
import { type LabelFile, type RawLayout, type ReadLabelsOptions, readLabels } from '../structure/index.ts'
import { filesBelow, isFolder, readBytes } from './files.ts'
import { decimal, UsageError } from './usage.ts'

/** The side of a pixel or voxel. */
export interface VoxelSize {
  readonly length: number
  /** Empty where it was not told. */
  readonly unit: string
}

/** What `withLabelFlags()` adds to a command. */
export interface LabelFlags {
  readonly shape?: readonly number[]
  readonly dtype?: RawType
  readonly threshold?: number
  readonly levels?: readonly number[]
  readonly voxelSize?: VoxelSize
  readonly ignore?: number
}

export interface LoadedLabels {
  /** Labels 0, 1, …, row-major. */
  readonly data: Uint8Array
  /** [N, H, W]: images, or the slices (Z, Y, X) of a volume, which only the user knows; [N, D, H, W] for volumes. */
  readonly shape: readonly number[]
  /** Side of a voxel by --voxel-size or by the file, where all its sides are equal as far as they are known. */
  readonly voxelSize?: number
  /** Of `voxelSize`: um, nm, mm, …; absent where it was not told. */
  readonly unit?: string
  /** What the file says, cubic or not; absent where --voxel-size was given. */
  readonly scale?: Scale
  /** The value in the file of label 0, 1, …, where labels are not their own values (and no threshold made them). */
  readonly values?: readonly number[]
}

interface RawType {
  readonly element: Element
  readonly bigEndian: boolean
}

const types: Record<string, Element> = {
  uint8: 'u1',
  int8: 'i1',
  uint16: 'u2',
  int16: 'i2',
  uint32: 'u4',
  int32: 'i4',
  float32: 'f4',
  float64: 'f8',
}

/** Adds the flags that say how files are read, and how large a voxel is. */
export function withLabelFlags(command: Command): Command {
  return command
    .option(
      '--shape <lengths>',
      'of .raw files: slices, rows, columns (the last runs fastest): 400,400,400',
      lengths,
    )
    .option(
      '--dtype <type>',
      `of .raw files: ${Object.keys(types).join(', ')}, big-endian with be: uint16be (default: uint8)`,
      rawType,
    )
    .option('--threshold <value>', 'values of at least this are label 1, others 0', decimal('--threshold'))
    .option('--levels <list>', 'the value of label 0 (pore), of label 1, …: 0,128,255', levels)
    .option(
      '--voxel-size <length>',
      'side of a pixel or voxel, with its unit or without: 5.7um (default: what the file says)',
      voxelSize,
    )
}

function lengths(text: string): number[] {
  const parts = text.split(/[,x×]/).map(part => part.trim())
  const right = parts.length >= 2 && parts.length <= 4 && parts.every(part => /^[1-9]\d{0,8}$/.test(part))
  if (!right) throw new UsageError(cannot('run', '--shape', 'two to four lengths, like 400,400,400', text))
  return parts.map(Number)
}

function rawType(text: string): RawType {
  const [, name = '', order] = /^(\w+?)(le|be)?$/.exec(text) ?? []
  if (!Object.hasOwn(types, name))
    throw new UsageError(
      cannot('run', '--dtype', `one of ${Object.keys(types).join(', ')}, le or be behind it`, text),
    )
  return { element: types[name], bigEndian: order === 'be' }
}

function levels(text: string): number[] {
  const list = text.split(',').map(part => decimal('--levels')(part.trim()))
  if (list.length < 2 || list.length > 256 || new Set(list).size < list.length)
    throw new UsageError(cannot('run', '--levels', '2 to 256 different values', text))
  return list
}

function voxelSize(text: string): VoxelSize {
  const [, number = '', unit = ''] = /^([\d.]+(?:e[+-]?\d+)?)\s*([a-zµμ]*)$/i.exec(text) ?? []
  const length = Number(number)
  if (number === '' || !(length > 0 && Number.isFinite(length)))
    throw new UsageError(cannot('run', '--voxel-size', 'a positive number, with its unit or without', text))
  return { length, unit: unitNamed(unit) }
}

/** Checks the flags against each other, before any work is done. */
export function demandLabelFlags({ threshold, levels, dtype, shape }: LabelFlags, command: string): void {
  const what = `run saltus ${command}`
  if (threshold !== undefined && levels !== undefined)
    throw new UsageError(cannot(what, 'one of --threshold and --levels', 'given', 'both'))
  if (dtype !== undefined && shape === undefined)
    throw new UsageError(cannot(what, '--shape', 'given with --dtype', 'nothing'))
}

/**
 * Reads the labels of one file (TIFF stack, .npy, .npz, .raw with --shape, PNG; gzip or not), or of all such files
 * of a folder as slices in the natural order of their names (9 before 10).
 * @throws SyntaxError or RangeError of one line, naming the file or the slice
 */
export async function loadLabels(path: string, flags: LabelFlags): Promise<LoadedLabels> {
  const options: ReadLabelsOptions = {
    ...(flags.threshold !== undefined && { threshold: flags.threshold }),
    ...(flags.levels && { levels: flags.levels }),
    ...(flags.ignore !== undefined && { ignore: flags.ignore }),
    ...(flags.shape && { raw: rawLayout(flags) }),
  }
  const { scale, ...labels } = await readLabels(basename(path), filesOf(path), options)
  if (flags.voxelSize) {
    const { length, unit } = flags.voxelSize
    return { ...labels, voxelSize: length, ...(unit && { unit }) }
  }
  if (!scale) return labels
  const { x, y, z = x, unit } = scale
  const cubic = same(x, y) && same(x, z)
  return { ...labels, scale, ...(cubic && { voxelSize: x, ...(unit && { unit }) }) }
}

/** Equal but for what rounding in files does. */
export const same = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-4 * Math.max(a, b)

function rawLayout({ shape = [], dtype }: LabelFlags): RawLayout {
  return { shape, element: dtype?.element ?? 'u1', bigEndian: dtype?.bigEndian ?? false }
}

const readable = /\.(tiff?|png|np[yz]|raw|bin|dat)(\.gz)?$/i

/** The bytes of a file, or of a folder's slices. */
function filesOf(path: string): Uint8Array | LabelFile[] {
  if (!isFolder(path)) return readBytes(path)
  const names = filesBelow(path)
    .filter(name => !basename(name).startsWith('.') && readable.test(name))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
  if (names.length === 0)
    throw new Error(
      `Cannot read ${path}: it must be a folder of slices (.tif, .png, .npy, .npz, .raw), got none of them`,
    )
  return names.map(name => ({ name, bytes: readBytes(join(path, name)) }))
}
