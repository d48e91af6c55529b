/**
 * Arrays with a shape, their elements in bytes, and the step from any array to counts of images.
 */
import { cannot, demand } from '../base/errors.ts'
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
export const elementBytes = { b1: 1, u1: 1, i1: 1, u2: 2, i2: 2, u4: 4, i4: 4, u8: 8, i8: 8, f4: 4, f8: 8 }

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

/**
 * Reads elements out of bytes (copied, on a little-endian machine, as all that run JavaScript are).
 * Integers of 64 bits become doubles and must be safe; booleans become 0 and 1.
 */
export function fromBytes(
  bytes: Uint8Array,
  options: { element: Element; bigEndian: boolean; name: string },
): TypedArray {
  const { element, bigEndian, name } = options
  const width = elementBytes[element]
  const copy = bytes.slice()
  if (bigEndian) swap(copy, width)
  if (element === 'b1') return copy.map(value => (value ? 1 : 0))
  if (element !== 'u8' && element !== 'i8') return new views[element](copy.buffer)
  const wide = element === 'u8' ? new BigUint64Array(copy.buffer) : new BigInt64Array(copy.buffer)
  return Float64Array.from({ length: wide.length }, (_, i) => {
    const value = Number(wide[i])
    if (!Number.isSafeInteger(value)) throw malformed(name, `element ${i}`, 'between -2^53 and 2^53', wide[i])
    return value
  })
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
