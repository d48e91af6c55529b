/**
 * NumPy's .npy format: arrays of numbers, and one text (a scalar of type <U).
 * Versions 1, 2 and 3 are read, either byte order, C and Fortran order; version 1, C order is written.
 */
import { demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import {
  type Element,
  elementBytes,
  elementOf,
  fromBytes,
  type NdArray,
  sizeOf,
  type TypedArray,
  unpackedBytes,
} from './array.ts'
import { malformed } from './malformed.ts'
import { npyHeader } from './npy-header.ts'
import { type Source, sourceOf } from './source.ts'

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]

export function isNpy(bytes: Uint8Array): boolean {
  return magic.every((byte, i) => bytes[i] === byte)
}

/**
 * Reads an array, or a text where the file holds one. Elements of 64-bit integers come as doubles and
 * must be safe, booleans as 0 and 1, complex numbers whose imaginary parts are all 0 as their real parts,
 * Fortran order turned into C order.
 * @throws SyntaxError if the file is truncated, damaged, of another format or element type; RangeError beyond the
 * budget
 */
export function readNpy(bytes: Uint8Array, source: string | Source): NdArray | string {
  const of = sourceOf(source, bytes)
  const { name } = of
  const { text, start, version } = headerOf(bytes, name)
  const { descr, fortran, shape, long } = npyHeader(text, name)
  if (long && version === 3) throw malformed(name, 'the lengths', 'whole numbers', text.slice(0, 80))
  if (long) of.say('its lengths are written as Python 2 did, 2L for 2')
  const [, order, kind] = /^([<>|=]?)(\w\d+)$/.exec(descr) ?? []
  const bigEndian = order === '>'
  const data = bytes.subarray(start)
  if (kind?.[0] === 'U' && shape.length === 0)
    return readText(data, { bigEndian, length: Number(kind.slice(1)), name })
  if (kind === undefined || !Object.hasOwn(elementBytes, kind)) {
    throw malformed(name, 'the element type', `one of ${Object.keys(elementBytes).join(', ')}`, descr)
  }
  const element = kind as Element
  const size = sizeOf(shape) * elementBytes[element]
  if (data.length !== size)
    throw malformed(name, `the data of shape (${shape})`, `${size} bytes`, data.length)
  of.budget.spend((fortran ? 2 : 1) * unpackedBytes(element) * sizeOf(shape), name)
  const values = fromBytes(data, { element, bigEndian, name })
  return { data: fortran ? transposed(values, shape) : values, shape }
}

/** Reads a list of texts [N], of type <U; undefined where the file holds something else. @throws SyntaxError as `readNpy` */
export function readTexts(bytes: Uint8Array, name: string): string[] | undefined {
  const { text, start } = headerOf(bytes, name)
  const { descr, shape } = npyHeader(text, name)
  const [, order, length] = /^([<>|=]?)U(\d+)$/.exec(descr) ?? []
  if (length === undefined || shape.length !== 1) return undefined
  const [count] = shape
  const each = 4 * Number(length)
  if (bytes.length - start !== count * each)
    throw malformed(name, `the texts of shape (${shape})`, `${count * each} bytes`, bytes.length - start)
  return Array.from({ length: count }, (_, i) => {
    const own = bytes.subarray(start + i * each, start + (i + 1) * each)
    return readText(own, { bigEndian: order === '>', length: Number(length), name })
  })
}

/** Writes an array, a text as a scalar of type <U, or a list of texts [N]. The same array gives the same bytes. */
export function writeNpy(array: NdArray | string | readonly string[]): Uint8Array {
  if (typeof array === 'string') {
    const data = pointsOf([array])
    return assemble(`<U${data.length}`, [], data)
  }
  if (isTexts(array)) {
    const data = pointsOf(array)
    return assemble(`<U${data.length / Math.max(1, array.length)}`, [array.length], data)
  }
  demandGiven('write an array', { array }, { array: { data: 'list', shape: 'list' } })
  const { data, shape } = array
  demand(
    data.length === sizeOf(shape),
    'write an array',
    'the data',
    `${sizeOf(shape)} elements`,
    data.length,
  )
  const element = elementOf(data)
  return assemble(`${elementBytes[element] === 1 ? '|' : '<'}${element}`, shape, data)
}

const isTexts = (array: unknown): array is readonly string[] => Array.isArray(array)

/** The letters of texts, each as long as the longest: shorter ones are followed by zeros. */
function pointsOf(texts: readonly string[]): Uint32Array {
  const all = texts.map(text => Uint32Array.from([...text], letter => letter.codePointAt(0)!))
  all.forEach((points, i) => {
    demand(!points.some(isSurrogate), 'write a text', 'the text', 'well-formed Unicode', texts[i])
  })
  // NumPy has no texts of length 0: it stores '' as one zero.
  const length = all.reduce((most, points) => Math.max(most, points.length), 1)
  const data = new Uint32Array(all.length * length)
  all.forEach((points, i) => {
    data.set(points, i * length)
  })
  return data
}

/** What stands before the elements of an array in its file. */
export function npyHead(element: Element, shape: readonly number[]): Uint8Array {
  return assemble(`${elementBytes[element] === 1 ? '|' : '<'}${element}`, shape, new Uint8Array(0))
}

function assemble(descr: string, shape: readonly number[], data: TypedArray): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`
  // The data starts at a multiple of 64 bytes, after a line feed.
  const start = Math.ceil((10 + text.length + 1) / 64) * 64
  demand(start - 10 < 65536, 'write an array', 'the header', 'below 65,536 bytes', start)
  const bytes = new Uint8Array(start + data.byteLength)
  bytes.set([...magic, 1, 0, (start - 10) & 255, (start - 10) >> 8])
  bytes.set(new TextEncoder().encode(`${text.padEnd(start - 11)}\n`), 10)
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start)
  return bytes
}

function headerOf(bytes: Uint8Array, name: string): { text: string; start: number; version: number } {
  if (!isNpy(bytes)) throw malformed(name, 'the first bytes', '\\x93NUMPY', [...bytes.subarray(0, 6)])
  const version = bytes[6]
  if (!(version >= 1 && version <= 3))
    throw malformed(name, 'the version of the format', '1, 2 or 3', version)
  const first = version === 1 ? 10 : 12
  if (bytes.length < first) throw malformed(name, 'the header', `at least ${first} bytes`, bytes.length)
  const view = new DataView(bytes.buffer, bytes.byteOffset, first)
  const start = first + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true))
  if (start > 2 ** 20) throw malformed(name, 'the header', 'below 1 MiB', start)
  if (bytes.length < start) throw malformed(name, 'the header', `${start} bytes`, bytes.length)
  const header = bytes.subarray(first, start)
  // The decoder called latin1 is that of windows-1252 by its standard, and was not always.
  const text =
    version === 3
      ? new TextDecoder().decode(header)
      : Array.from(header, byte => String.fromCharCode(byte)).join('')
  return { text, start, version }
}

function readText(data: Uint8Array, options: { bigEndian: boolean; length: number; name: string }): string {
  const { bigEndian, length, name } = options
  if (data.length !== 4 * length) throw malformed(name, 'the text', `${4 * length} bytes`, data.length)
  const points = fromBytes(data, { element: 'u4', bigEndian, name })
  const letters: string[] = []
  for (const point of points) {
    if (point > 0x10ffff || isSurrogate(point)) throw malformed(name, 'the text', 'Unicode', point)
    letters.push(String.fromCodePoint(point))
  }
  const text = letters.join('')
  // NumPy pads with zeros.
  let end = text.length
  while (end > 0 && text[end - 1] === '\0') end--
  return text.slice(0, end)
}

function isSurrogate(point: number): boolean {
  return point >= 0xd800 && point < 0xe000
}

/** Fortran order (the first index runs fastest) into C order. */
function transposed(data: TypedArray, shape: readonly number[]): TypedArray {
  const out = data.slice()
  const index = new Array<number>(shape.length).fill(0)
  const strides = shape.map((_, axis) => sizeOf(shape.slice(0, axis)))
  let from = 0
  for (let i = 0; i < out.length; i++) {
    out[i] = data[from]
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]
      if (++index[axis] < shape[axis]) break
      from -= strides[axis] * shape[axis]
      index[axis] = 0
    }
  }
  return out
}
