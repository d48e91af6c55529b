/**
 * Arrays with a shape, their elements in bytes, and the step from any array to counts of images.
 */

import { cannot, demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { malformed } from './malformed.ts'

export type TypedArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array

/** Elements row-major: the last index runs fastest. */
export interface NdArray {
  data: TypedArray
  shape: number[]
}

/** Counts in the smallest unsigned type that holds them. */
export type Counts = Uint8Array | Uint16Array | Uint32Array

/** Element types by NumPy's names, with their size in bytes. */
export const elementBytes = {
  ...{ b1: 1, u1: 1, i1: 1, u2: 2, i2: 2, u4: 4, i4: 4, u8: 8, i8: 8 },
  ...{ f2: 2, f4: 4, f8: 8, f16: 16, c8: 8, c16: 16 },
}

export type Element = keyof typeof elementBytes

const views = {
  u1: Uint8Array,
  i1: Int8Array,
  u2: Uint16Array,
  i2: Int16Array,
  u4: Uint32Array,
  i4: Int32Array,
  f4: Float32Array,
  f8: Float64Array,
}

/** NumPy's name of the element type of an array. */
export function elementOf(data: TypedArray): keyof typeof views {
  for (const element of Object.keys(views) as (keyof typeof views)[]) {
    if (data instanceof views[element]) return element
  }
  throw new TypeError(cannot('name the element type', 'the data', 'a typed array', data))
}

/** The number of elements of a shape; 1 for a scalar []. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, 1)
}

/** Bytes of an element once it is read. */
export function unpackedBytes(element: Element): number {
  return element === 'f2' || element === 'c8' ? 4 : Math.min(8, elementBytes[element])
}

/**
 * Reads elements out of bytes (copied, on a little-endian machine, as all that run JavaScript are).
 * Integers of 64 bits become doubles and must be safe; booleans become 0 and 1; halves become singles, extended
 * reals (80 bits in 16 bytes) doubles; of complex numbers the imaginary part must be 0.
 */
export function fromBytes(
  bytes: Uint8Array,
  options: { element: Element; bigEndian: boolean; name: string },
): TypedArray {
  const { element, bigEndian, name } = options
  // Not by slice(), which of a Buffer gives no copy.
  const copy = new Uint8Array(bytes)
  if (bigEndian) swap(copy, element[0] === 'c' ? elementBytes[element] / 2 : elementBytes[element])
  switch (element) {
    case 'b1':
      return copy.map(value => (value ? 1 : 0))
    case 'u8':
    case 'i8':
      return wide(copy, { signed: element === 'i8', name })
    case 'f2':
      return halves(new Uint16Array(copy.buffer))
    case 'f16':
      return extended(copy, name)
    case 'c8':
    case 'c16':
      return realParts(element === 'c8' ? new Float32Array(copy.buffer) : new Float64Array(copy.buffer), name)
    default:
      return new views[element](copy.buffer)
  }
}

/** Whole numbers of 64 bits, in two halves: far faster than one by one as big integers. */
function wide(bytes: Uint8Array, { signed, name }: { signed: boolean; name: string }): Float64Array {
  const low = new Uint32Array(bytes.buffer)
  const high = signed ? new Int32Array(bytes.buffer) : low
  const values = new Float64Array(bytes.length / 8)
  for (let i = 0; i < values.length; i++) {
    values[i] = high[2 * i + 1] * 2 ** 32 + low[2 * i]
    if (Number.isSafeInteger(values[i])) continue
    const found = signed ? new BigInt64Array(bytes.buffer)[i] : new BigUint64Array(bytes.buffer)[i]
    throw malformed(name, `element ${i}`, 'between -2^53 and 2^53', found)
  }
  return values
}

/** Reals of 16 bits (IEEE 754 binary16: sign, 5 bits of exponent, 10 of fraction), which single precision holds exactly. */
export function halves(stored: Uint16Array): Float32Array {
  const values = new Float32Array(stored.length)
  const bits = new Uint32Array(values.buffer)
  for (let i = 0; i < stored.length; i++) {
    const sign = (stored[i] & 0x8000) << 16
    const exponent = (stored[i] >> 10) & 31
    const fraction = stored[i] & 1023
    if (exponent === 0) values[i] = (sign ? -fraction : fraction) * 2 ** -24
    else bits[i] = sign | ((exponent === 31 ? 255 : exponent + 112) << 23) | (fraction << 13)
  }
  return values
}

/** Extended reals of x86: 64 bits of fraction with its leading one, sign and 15 bits of exponent; 6 bytes free. */
function extended(bytes: Uint8Array, name: string): Float64Array {
  const view = new DataView(bytes.buffer)
  return Float64Array.from({ length: bytes.length / 16 }, (_, i) => {
    const at = 16 * i
    const top = view.getUint16(at + 8, true)
    const fraction = view.getUint32(at + 4, true) * 2 ** 32 + view.getUint32(at, true)
    const sign = top & 0x8000 ? -1 : 1
    const exponent = top & 0x7fff
    // The leading one is written, as it is not in the reals of 128 bits that other machines have.
    if (exponent > 0 !== fraction >= 2 ** 63)
      throw malformed(name, `element ${i}`, 'of 80 bits (or saved as float64)', 'one of 128')
    if (exponent === 0x7fff) return fraction === 2 ** 63 ? sign * Infinity : Number.NaN
    // In two steps: the least exponent of a double is above that of the whole number.
    return sign * fraction * 2 ** -63 * 2 ** (exponent - 16383)
  })
}

function realParts(pairs: Float32Array | Float64Array, name: string): Float32Array | Float64Array {
  const values = pairs.slice(0, pairs.length / 2)
  for (let i = 0; i < values.length; i++) {
    values[i] = pairs[2 * i]
    if (pairs[2 * i + 1] !== 0)
      throw malformed(name, `the imaginary part of element ${i}`, '0', pairs[2 * i + 1])
  }
  return values
}

/** Turns the bytes of every element around, in place. */
function swap(bytes: Uint8Array, width: number): void {
  for (let start = 0; start < bytes.length; start += width) {
    for (let low = start, high = start + width - 1; low < high; low++, high--) {
      const byte = bytes[low]
      bytes[low] = bytes[high]
      bytes[high] = byte
    }
  }
}

/** The smallest unsigned type that holds 0 to `max`. */
export function smallestUnsigned(
  max: number,
): Uint8ArrayConstructor | Uint16ArrayConstructor | Uint32ArrayConstructor {
  demand(max >= 0 && max < 2 ** 32, 'choose a type for counts', 'the largest count', 'in [0, 2^32)', max)
  return max < 2 ** 8 ? Uint8Array : max < 2 ** 16 ? Uint16Array : Uint32Array
}

/** The largest mass of an image, all its channels together: what 32-bit counts of units can hold. */
export const largestMass = 2 ** 31 - 1

/**
 * Takes an array [H, W], [N, H, W] (one channel each) or [N, C, H, W] for images of counts.
 * @param name what the errors call the array
 * @returns counts [N, C, H, W]
 * @throws RangeError naming the first element that is negative, fractional or not a number, or the first
 * image whose mass is above 2^31 - 1
 */
export function asImages(array: NdArray, name = 'array'): { counts: Int32Array; shape: Shape } {
  const { shape } = checkImages(array, name)
  return { counts: Int32Array.from(array.data), shape }
}

/** The same check; the counts come in the smallest unsigned type (the array's own memory where it fits). */
export function packImages(array: NdArray, name = 'array'): { counts: Counts; shape: Shape } {
  demandGiven('take the images', { array, name }, { array: { data: 'list', shape: 'list' }, name: 'text' })
  const { shape, max } = checkImages(array, name)
  const Type = smallestUnsigned(max)
  return { counts: array.data instanceof Type ? array.data : new Type(array.data), shape }
}

/** [N, C, H, W] */
export type Shape = [number, number, number, number]

function checkImages({ data, shape }: NdArray, name: string): { shape: Shape; max: number } {
  const what = `read ${name}`
  demand(shape.length >= 2 && shape.length <= 4, what, 'the shape of images', '[(N, (C,)) H, W]', shape)
  demand(
    shape.every(length => length > 0),
    what,
    'the shape of images',
    'without a zero',
    shape,
  )
  const [height, width] = shape.slice(-2)
  const full: Shape = [shape.length > 2 ? shape[0] : 1, shape.length > 3 ? shape[1] : 1, height, width]
  const size = full[1] * height * width
  let max = 0
  for (let start = 0; start < data.length; start += size) {
    let mass = 0
    for (let i = start; i < start + size; i++) {
      const count = data[i]
      if (!(count >= 0 && count <= largestMass && Math.floor(count) === count)) {
        const wanted = 'a whole number from 0 to 2^31 - 1'
        throw new RangeError(cannot(what, `the count at [${indexOf(i, shape).join(', ')}]`, wanted, count))
      }
      mass += count
      if (count > max) max = count
    }
    demand(mass <= largestMass, what, `the mass of image ${start / size}`, 'at most 2^31 - 1', mass)
  }
  return { shape: full, max }
}

/** The index of element `i` along every axis. */
function indexOf(i: number, shape: readonly number[]): number[] {
  const index: number[] = []
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index.unshift(i % shape[axis])
    i = Math.floor(i / shape[axis])
  }
  return index
}
