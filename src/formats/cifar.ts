/**
 * The binary version of CIFAR-10: records of 1 label and 3 x 32 x 32 bytes, without any header.
 */
import type { NdArray } from './array.ts'
import { malformed } from './malformed.ts'

const pixels = 3 * 32 * 32
const record = 1 + pixels

/** Whole records with labels 0 to 9: bytes of anything else hardly ever look so. */
export function isCifar(bytes: Uint8Array): boolean {
  if (bytes.length === 0 || bytes.length % record !== 0) return false
  for (let at = 0; at < bytes.length; at += record) if (bytes[at] > 9) return false
  return true
}

/** Reads the images [N, 3, 32, 32] and their labels [N]. */
export function readCifar(bytes: Uint8Array, name: string): { images: NdArray; labels: NdArray } {
  if (!isCifar(bytes)) throw malformed(name, 'the file', `records of ${record} bytes, labels 0 to 9`, bytes)
  const count = bytes.length / record
  const images = new Uint8Array(count * pixels)
  const labels = new Uint8Array(count)
  for (let i = 0; i < count; i++) {
    labels[i] = bytes[i * record]
    images.set(bytes.subarray(i * record + 1, (i + 1) * record), i * pixels)
  }
  return { images: { data: images, shape: [count, 3, 32, 32] }, labels: { data: labels, shape: [count] } }
}
