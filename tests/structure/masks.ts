/** What the tests of structures share: masks drawn as texts, random ones, and walks over all sites. */
import { random } from '../../src/base/random.ts'
import type { Labels } from '../../src/structure/labels.ts'

/** One row per text, a digit per site; `.` is 0 and `#` is 1. */
export function drawn(...rows: string[]): Labels {
  const data = Uint8Array.from(rows.join(''), site => (site === '.' ? 0 : site === '#' ? 1 : Number(site)))
  return { data, shape: [rows.length, rows[0].length] }
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, length) => size * length, 1)

/** Every site is 1 with that probability, all alike. */
export function uncorrelated(shape: readonly number[], share: number, seed = 1): Labels {
  const rng = random(seed)
  return { data: Uint8Array.from({ length: sizeOf(shape) }, () => (rng.uniform() < share ? 1 : 0)), shape }
}

/** Labels by a function of the place. */
export function made(shape: readonly number[], label: (...place: number[]) => number | boolean): Labels {
  const data = Uint8Array.from({ length: sizeOf(shape) }, (_, i) => Number(label(...placeOf(i, shape))))
  return { data, shape }
}

export function placeOf(i: number, shape: readonly number[]): number[] {
  const place: number[] = []
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    place.unshift(i % shape[axis])
    i = Math.floor(i / shape[axis])
  }
  return place
}

/** The checkerboard in any number of dimensions: 1 where the sum of the places is even. */
export const checkerboard = (shape: readonly number[]): Labels =>
  made(shape, (...place) => place.reduce((sum, at) => sum + at, 0) % 2 === 0)
