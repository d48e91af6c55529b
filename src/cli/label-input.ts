/** Labels of materials named on the command line: a file, or a folder of slices, and the flags that say how to read. */
import { basename, dirname, join } from 'node:path'
import type { Command } from 'commander'
import { cannot } from '../base/errors.ts'
import type { Element } from '../formats/array.ts'
import { budgetFor } from '../formats/budget.ts'
import { unknownFormat } from '../formats/foreign.ts'
import { byName, stemOf } from '../formats/names.ts'
import type { Choice, Pages } from '../formats/planes.ts'
import { type Scale, unitNamed } from '../formats/scale.ts'
import {
  type LabelFile,
  type RawLayout,
  type ReadLabelsOptions,
  readLabels,
  volumeFormats,
} from '../structure/index.ts'
import { isFolder, readBytes } from './files.ts'
import { filesBelow } from './folders.ts'
import { memorySize, sayTo } from './reading.ts'
import { decimal, UsageError, whole } from './usage.ts'

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
  /** One of several channels or colours, and one of several times. */
  readonly channel?: Choice
  readonly frame?: Choice
  /** The name of one of several arrays of a file. */
  readonly array?: string
  /** What files may unpack to, in bytes. */
  readonly memory?: number
  /** Sentences on how files were understood are left out. */
  readonly quiet?: boolean
  /** Sites of this value are no part of the sample. */
  readonly ignore?: number
}

export interface LoadOptions {
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
  int64: 'i8',
  uint64: 'u8',
  float16: 'f2',
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
    .option(
      '--channel <n>',
      'of several channels or colours this one, from 0; all: they are slices',
      choice('--channel'),
    )
    .option('--frame <n>', 'of several times this one, from 0; all: they are slices', choice('--frame'))
    .option('--array <name>', 'of several arrays in .npz, .vti or HDF5 this one')
    .option(
      '--memory <size>',
      'what files may unpack to: 8G (default: 1G, or 8 times their size)',
      memorySize,
    )
}

/** A number from 0, or `all`. */
function choice(flag: string): (text: string) => Choice {
  const number = whole(flag, { least: 0 })
  return text => (text === 'all' ? text : number(text))
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
 * Reads the labels of one file (docs/formats.md), or of all such files of a folder as slices in the natural order of
 * their names (9 before 10). Sentences on what was understood otherwise than it stands there go to standard error.
 * @throws SyntaxError or RangeError of one line, naming the file or the slice
 */
export async function loadLabels(
  path: string,
  flags: LabelFlags,
  { times = false }: LoadOptions = {},
): Promise<LoadedLabels> {
  const name = basename(path)
  const files = filesOf(path)
  const { threshold, levels, ignore, shape: told, channel, frame, array, memory } = flags
  const options: ReadLabelsOptions = {
    ...{ threshold, levels, channel, frame, array, ignore },
    ...(told && { raw: rawLayout(flags) }),
    source: {
      name,
      budget: budgetFor(sizeOf(files), memory),
      say: sayTo(name, flags),
      beside: file => readBytes(join(isFolder(path) ? path : dirname(path), file)),
    },
  }
  const { scale, ...labels } = await readLabels(name, files, options)
  if (labels.pages === 'times' && !times) {
    const wanted = `given (one of 0 to ${labels.shape[0] - 1}, or all to take them for slices)`
    const got = `${labels.shape[0]} times or samples, which are no slices of one volume`
    throw new RangeError(cannot(`read ${name}`, '--frame', wanted, got))
  }
  if (flags.voxelSize) {
    const { length, unit } = flags.voxelSize
    return { ...labels, voxelSize: length, ...(unit && { unit }) }
  }
  if (!scale) return labels
  const { x, y, z = x, unit } = scale
  const cubic = same(x, y) && same(x, z)
  return { ...labels, scale, ...(cubic && { voxelSize: x, ...(unit && { unit }) }) }
}

function sizeOf(files: Uint8Array | readonly LabelFile[]): number {
  if (files instanceof Uint8Array) return files.length
  return files.reduce((sum, { bytes }) => sum + bytes.length, 0)
}

/** Equal but for what rounding in files does. */
export const same = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-4 * Math.max(a, b)

function rawLayout({ shape = [], dtype }: LabelFlags): RawLayout {
  return { shape, element: dtype?.element ?? 'u1', bigEndian: dtype?.bigEndian ?? false }
}

/** Endings of files that are slices, and of those that might be meant as such. */
const readable = /\.(tiff?|png|np[yz]|raw|bin|dat|vti|mh[da]|nh?rrd|nii)(\.gz)?$/i
const pictures = /\.(jpe?g|bmp|gif|webp|jp2|dcm|am|mat)$/i

/** The bytes of a file, or of a folder's slices. */
function filesOf(path: string): Uint8Array | LabelFile[] {
  if (!isFolder(path)) return readBytes(path)
  const all = filesBelow(path)
  const slices = all.filter(name => readable.test(name))
  const foreign = all.find(name => pictures.test(name))
  if (foreign !== undefined && slices.length > 0)
    throw new Error(
      cannot(`read ${path}`, 'its slices', 'of formats that are read (save them as PNG or TIFF)', foreign),
    )
  // The data of a header are no slice of their own.
  const headers = new Set(slices.filter(name => /\.mhd$/i.test(name)).map(stemOf))
  const names = slices.filter(name => !(/\.z?raw$/i.test(name) && headers.has(stemOf(name)))).sort(byName)
  if (names.length > 0) return names.map(name => ({ name, bytes: readBytes(join(path, name)) }))
  if (foreign !== undefined) throw unknownFormat(readBytes(join(path, foreign)), foreign, volumeFormats)
  throw new Error(
    `Cannot read ${path}: it must be a folder of slices (.tif, .png, .npy, .npz, .raw), got none of them`,
  )
}
