/**
 * NumPy's .npz format: a zip archive of .npy files, one per named array.
 */

import { zipSync } from 'fflate'
import { demandGiven } from '../base/given.ts'
import type { NdArray } from './array.ts'
import { readNpy, writeNpy } from './npy.ts'
import { partOf, type Source, sourceOf } from './source.ts'
import { readZip } from './zip.ts'

/**
 * Lists the arrays of an archive by name, each with a function that reads it; other members are left out.
 * @throws SyntaxError if the archive, or on reading the array, is truncated, damaged or not supported
 */
export function openNpz(bytes: Uint8Array, source: string | Source): Map<string, () => NdArray | string> {
  const of = sourceOf(source, bytes)
  const arrays = new Map<string, () => NdArray | string>()
  for (const [member, unpack] of readZip(bytes, of)) {
    if (!member.endsWith('.npy')) continue
    arrays.set(member.slice(0, -4), () => readNpy(unpack(), partOf(of, member)))
  }
  return arrays
}

/** Reads all arrays (and texts) of an archive by name. */
export function readNpz(bytes: Uint8Array, source: string | Source): Record<string, NdArray | string> {
  return Object.fromEntries([...openNpz(bytes, source)].map(([key, read]) => [key, read()]))
}

/**
 * Writes arrays, texts and lists of texts into an archive, packed unless `pack` is false. The same arrays in the same order
 * give the same bytes.
 */
export function writeNpz(
  arrays: Record<string, NdArray | string | readonly string[]>,
  options: { readonly pack?: boolean } = {},
): Uint8Array {
  demandGiven('write the arrays', { arrays, options }, { arrays: 'object', options: 'object' })
  const { pack = true } = options
  // Zip keeps local time: the first moment it knows, read off the local clock, is the same bytes everywhere.
  const mtime = new Date(1980, 0, 1)
  const members = Object.entries(arrays).map(([key, array]) => [`${key}.npy`, writeNpy(array)])
  return zipSync(Object.fromEntries(members), { mtime, level: pack ? 6 : 0 })
}
