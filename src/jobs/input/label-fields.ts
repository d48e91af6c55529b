/** How labels of a material are read: what a file does not say of itself. */
import { cannot, UsageError } from '../../base/errors.ts'
import type { Element } from '../../formats/array.ts'
import type { Choice } from '../../formats/planes.ts'
import { unitNamed } from '../../formats/scale.ts'
import { decimal, several, text, whole } from '../fields.ts'
import type { Field, JobOf } from '../schema.ts'

/** The side of a pixel or voxel. */
export interface VoxelSize {
  readonly length: number
  /** Empty where it was not told. */
  readonly unit: string
}

export interface RawType {
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

/** A field that is one text on the command line, and an object once it is read. */
function compound<T extends object, In = string>(
  words: Pick<Field<T>, 'help' | 'argument' | 'wanted'>,
  parse: (text: string) => T | undefined,
): Field<T, In | string> {
  return {
    ...words,
    read: value => (typeof value === 'object' && value !== null ? (value as T) : parse(String(value))),
  }
}

const length = whole({ help: '', least: 1, most: 999_999_999 })

/** A number from 0, or `all`. */
function choice(help: string): Field<Choice, number | string> {
  const number = whole({ help, least: 0 })
  return {
    ...number,
    wanted: number.wanted,
    read: value => (value === 'all' ? value : number.read(value)),
  } as Field<Choice, number | string>
}

const units: Record<string, number> = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 }

/** What files may unpack to: 8G, 512M, 2000000. */
export const memoryField: Field<number, number | string> = {
  help: 'what files may unpack to: 8G (default: 1G, or 8 times their size)',
  argument: '<size>',
  wanted: 'a size like 8G or 512M',
  read(value) {
    const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)\s?([kmgt]?)(?:i?b)?$/i.exec(String(value)) ?? []
    const size = Number(number) * units[unit.toLowerCase()]
    return number !== '' && size >= 1 && size <= 2 ** 53 ? size : undefined
  },
}

const raw = several(length)

export const labelFields = {
  shape: {
    help: 'of .raw files: slices, rows, columns (the last runs fastest): 400,400,400',
    argument: '<lengths>',
    wanted: 'two to four lengths, like 400,400,400',
    read(value: unknown) {
      const list = raw.read(typeof value === 'string' ? value.replace(/[x×]/g, ',') : value)
      return list && list.length >= 2 && list.length <= 4 ? list : undefined
    },
  } as Field<readonly number[], string | readonly number[]>,
  dtype: compound<RawType>(
    {
      help: `of .raw files: ${Object.keys(types).join(', ')}, big-endian with be: uint16be (default: uint8)`,
      argument: '<type>',
      wanted: `one of ${Object.keys(types).join(', ')}, le or be behind it`,
    },
    word => {
      const [, name = '', order] = /^(\w+?)(le|be)?$/.exec(word) ?? []
      return Object.hasOwn(types, name) ? { element: types[name], bigEndian: order === 'be' } : undefined
    },
  ),
  threshold: decimal({ help: 'values of at least this are label 1, others 0', argument: '<value>' }),
  levels: {
    help: 'the value of label 0 (pore), of label 1, …: 0,128,255',
    argument: '<list>',
    wanted: '2 to 256 different values',
    read(value: unknown) {
      const list = several(decimal({ help: '' })).read(value)
      const right = list && list.length >= 2 && list.length <= 256 && new Set(list).size === list.length
      return right ? list : undefined
    },
  } as Field<readonly number[], string | readonly number[]>,
  voxelSize: compound<VoxelSize, number>(
    {
      help: 'side of a pixel or voxel, with its unit or without: 5.7um (default: what the file says)',
      argument: '<length>',
      wanted: 'a positive number, with its unit or without',
    },
    word => {
      const [, number = '', unit = ''] = /^([\d.]+(?:e[+-]?\d+)?)\s*([a-zµμ]*)$/i.exec(word) ?? []
      const size = Number(number)
      return number !== '' && size > 0 && Number.isFinite(size)
        ? { length: size, unit: unitNamed(unit) }
        : undefined
    },
  ),
  channel: choice('of several channels or colours this one, from 0; all: they are slices'),
  frame: choice('of several times this one, from 0; all: they are slices'),
  array: text({ help: 'of several arrays in .npz, .vti or HDF5 this one', argument: '<name>' }),
  memory: memoryField,
} as const

/** How labels are read. */
export type LabelCoding = Partial<JobOf<typeof labelFields>>

/** Checks them against each other, before any work is done. */
export function demandCoding({ threshold, levels, dtype, shape }: LabelCoding, command: string): void {
  const what = `run saltus ${command}`
  if (threshold !== undefined && levels !== undefined)
    throw new UsageError(cannot(what, 'one of --threshold and --levels', 'given', 'both'))
  if (dtype !== undefined && shape === undefined)
    throw new UsageError(cannot(what, '--shape', 'given with --dtype', null))
}
