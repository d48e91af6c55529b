/**
 * NRRD (.nrrd, .nhdr): lines of `field: value`, an empty line, then bytes (teem.sourceforge.net/nrrd/format).
 */
import { type Element, elementBytes, fromBytes, sizeOf, type TypedArray } from '../array.ts'
import type { Grid } from '../grid.ts'
import { gunzip } from '../gzip.ts'
import { malformed } from '../malformed.ts'
import { isLength, type Scale, unitNamed } from '../scale.ts'
import { type Source, sourceOf } from '../source.ts'
import { asciiNumbers } from './ascii.ts'
import { dataBeside } from './beside.ts'
import { headerLines, numbersIn } from './header-lines.ts'

/** The names that the format has for its types. */
const names: readonly (readonly [Element, string])[] = [
  ['i1', 'signed char, int8, int8_t'],
  ['u1', 'uchar, unsigned char, uint8, uint8_t'],
  ['i2', 'short, short int, signed short, signed short int, int16, int16_t'],
  ['u2', 'ushort, unsigned short, unsigned short int, uint16, uint16_t'],
  ['i4', 'int, signed int, int32, int32_t'],
  ['u4', 'uint, unsigned int, uint32, uint32_t'],
  ['i8', 'longlong, long long, long long int, signed long long, signed long long int, int64, int64_t'],
  ['u8', 'ulonglong, unsigned long long, unsigned long long int, uint64, uint64_t'],
  ['f4', 'float'],
  ['f8', 'double'],
]

export function isNrrd(bytes: Uint8Array): boolean {
  return [0x4e, 0x52, 0x52, 0x44, 0x30, 0x30, 0x30].every((byte, i) => bytes[i] === byte)
}

/**
 * Reads an array: raw, packed with gzip, or in text; in the same file or in one beside it.
 * @returns axes by their kinds, the slowest first: Z, Y, X of space, T of time, S of what lies in a pixel
 * @throws SyntaxError if the header is none, or the data are cut off
 */
export function readNrrd(bytes: Uint8Array, source: string | Source): Grid {
  const of = sourceOf(source, bytes)
  const { name, budget } = of
  const { lines, end } = headerLines(bytes, { name, last: line => line === '' })
  const fields = new Map<string, string>()
  for (const line of lines.slice(1)) {
    const colon = line.indexOf(':')
    if (colon <= 0 || line.startsWith('#')) continue
    fields.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim())
  }
  const sizes = numbersIn(fields.get('sizes'))
  const right = sizes?.every(length => Number.isSafeInteger(length) && length > 0)
  if (!sizes || !right || sizes.length > 5 || String(sizes.length) !== fields.get('dimension'))
    throw malformed(name, 'sizes', 'up to five whole numbers, as many as the dimension', fields.get('sizes'))
  const type = fields.get('type') ?? ''
  const element = names.find(([, list]) => list.split(', ').includes(type.toLowerCase()))?.[0]
  if (!element) throw malformed(name, 'the type', 'one of whole numbers or reals', type)
  budget.spend(sizeOf(sizes) * elementBytes[element], name)
  const file = fields.get('data file') ?? fields.get('datafile')
  if (file !== undefined && /^LIST\b|%/.test(file)) throw malformed(name, 'the data file', 'one file', file)
  const stored = file === undefined ? bytes.subarray(end) : dataBeside(file, of)
  const data = dataOf(stored, { fields, element, count: sizeOf(sizes), source: of })
  const kinds = (fields.get('kinds') ?? '').split(/\s+/).filter(Boolean)
  const axes = axesOf(sizes, kinds, of)
  const scale = scaleOf(fields, [...axes].reverse())
  const labels = Number(fields.get('labels')?.replace(/^=/, '') ?? 0)
  return {
    data,
    shape: [...sizes].reverse(),
    axes,
    ...(scale && { scale }),
    ...(labels > 1 && labels <= 256 && { labels }),
  }
}

interface Stored {
  readonly fields: ReadonlyMap<string, string>
  readonly element: Element
  readonly count: number
  readonly source: Source
}

function dataOf(stored: Uint8Array, { fields, element, count, source }: Stored): TypedArray {
  const { name } = source
  const size = count * elementBytes[element]
  const encoding = (fields.get('encoding') ?? 'raw').toLowerCase()
  const number = (...keys: string[]) => Number(keys.map(key => fields.get(key)).find(Boolean) ?? 0)
  let from = 0
  for (let left = number('line skip', 'lineskip'); left > 0 && from >= 0; left--)
    from = stored.indexOf(10, from) + 1 || -1
  if (from < 0) throw malformed(name, 'the lines that are skipped', 'there', fields.get('line skip'))
  let data = stored.subarray(from)
  if (['txt', 'text', 'ascii'].includes(encoding))
    return asciiNumbers(new TextDecoder().decode(data), { element, count, name })
  if (encoding === 'gz' || encoding === 'gzip') data = gunzip(data, source)
  else if (encoding !== 'raw')
    throw malformed(name, 'the encoding', 'raw, gzip or text', encoding.slice(0, 20))
  const skip = number('byte skip', 'byteskip')
  const start = skip === -1 ? data.length - size : skip
  const found = data.length - start
  if (!(Number.isSafeInteger(start) && start >= 0 && found >= size) || (skip !== -1 && found > size))
    throw malformed(name, 'its data', `${size} bytes`, found)
  const bigEndian = fields.get('endian')?.toLowerCase() === 'big'
  return fromBytes(data.subarray(start, start + size), { element, bigEndian, name })
}

const space = ['domain', 'space', 'none', '???']

/** A letter for every axis, the slowest first. */
function axesOf(sizes: readonly number[], kinds: readonly string[], { name }: Source): string {
  const free = ['X', 'Y', 'Z', 'N']
  const rest = ['S', 'C']
  const small = kinds.length === 0 && sizes.length > 3 && sizes[0] <= 4
  const letters = sizes.map((_, i) => {
    const kind = kinds[i] ?? (small && i === 0 ? 'vector' : 'domain')
    if (kind === 'time') return 'T'
    return (space.includes(kind) ? free : rest).shift()
  })
  if (letters.includes(undefined) || !letters.includes('Y'))
    throw malformed(name, 'its axes', 'two or three of space, others of times or colours', kinds)
  return letters.reverse().join('')
}

/** Sides by `spacings`, or by the lengths of the directions; units where all are the same. */
function scaleOf(fields: ReadonlyMap<string, string>, axes: readonly string[]): Scale | undefined {
  const sides = new Map<string, number>()
  const spacings = (fields.get('spacings') ?? '').trim().split(/\s+/)
  const directions = (fields.get('space directions') ?? '').match(/\([^()]*\)|none/g) ?? []
  axes.forEach((axis, i) => {
    const vector = directions[i]?.replace(/[()]/g, '').split(',').map(Number)
    sides.set(axis, directions.length > 0 ? Math.hypot(...(vector ?? [0])) : Number(spacings[i]))
  })
  const [x, y, z] = ['X', 'Y', 'Z'].map(axis => sides.get(axis))
  if (!isLength(x) || !isLength(y)) return undefined
  const units = (fields.get('space units') ?? fields.get('units') ?? '').match(/"([^"]*)"/g) ?? []
  const named = [...new Set(units.map(unit => unitNamed(unit.slice(1, -1))).filter(Boolean))]
  return { x, y, ...(isLength(z) && { z }), unit: named.length === 1 ? named[0] : '' }
}
