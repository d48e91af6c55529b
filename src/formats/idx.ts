/**
 * The idx format of the MNIST files: 0, 0, element type, number of axes; their lengths; the elements.
 * All numbers are big-endian. A file may be packed with gzip.
 */
import { type Element, elementBytes, fromBytes, type NdArray, sizeOf } from './array.ts'
import { gunzip } from './gzip.ts'
import { malformed } from './malformed.ts'
import { type Source, sourceOf } from './source.ts'

const elements: Record<number, Element> = { 8: 'u1', 9: 'i1', 11: 'i2', 12: 'i4', 13: 'f4', 14: 'f8' }

export function isIdx(bytes: Uint8Array): boolean {
  return bytes.length > 3 && bytes[0] === 0 && bytes[1] === 0 && bytes[2] in elements && bytes[3] > 0
}

/** The length in bytes that the header of an unpacked idx file states; Infinity if the header is cut off. */
export function idxLength(bytes: Uint8Array): number {
  const start = 4 + 4 * bytes[3]
  if (bytes.length < start) return Number.POSITIVE_INFINITY
  return start + sizeOf(shapeOf(bytes)) * elementBytes[elements[bytes[2]]]
}

function shapeOf(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: bytes[3] }, (_, axis) => view.getUint32(4 + 4 * axis))
}

/**
 * Reads an idx file, packed or not.
 * @throws SyntaxError if the file is truncated, damaged, or something else
 */
export function readIdx(bytes: Uint8Array, source: string | Source): NdArray {
  const of = sourceOf(source, bytes)
  const { name, budget } = of
  const file = gunzip(bytes, of)
  if (!isIdx(file)) {
    throw malformed(name, 'the first bytes', '0, 0, a type of 8 to 14, the axes', [...file.subarray(0, 4)])
  }
  const start = 4 + 4 * file[3]
  if (file.length < start) throw malformed(name, 'the header', `${start} bytes`, file.length)
  const shape = shapeOf(file)
  const length = idxLength(file)
  if (file.length !== length) {
    throw malformed(name, `the file of shape ${shape.join(' x ')}`, `${length} bytes`, file.length)
  }
  budget.spend(length, name)
  return {
    data: fromBytes(file.subarray(start), { element: elements[file[2]], bigEndian: true, name }),
    shape,
  }
}
