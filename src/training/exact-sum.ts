/**
 * Sums of single-precision numbers that come out the same in whatever order and grouping they are added.
 *
 * A number is split into a part on the grid 2^-24 and what is left on the grid 2^-66 (what lies below is dropped): both
 * are whole numbers of grid steps, held as doubles. So is each sum of them, exactly, as long as it stays below 2^53 steps:
 * for up to 4096 numbers if all are below 2^17. Two grids that are fixed, instead of one agreed upon for every tensor,
 * need no agreement, no second try and nothing in the checkpoint; a single of at least 2^-43 loses none of its bits.
 */
import { demand } from '../base/errors.ts'

/** Adding and taking away 1.5 · 2^52 steps of a grid rounds to it (Dekker 1971: the sum's last bit is one step). */
const coarse = 1.5 * 2 ** 28
const fine = 1.5 * 2 ** -14

/** Numbers that a sum may have at most. */
export const mostTerms = 4096

/** No number is above this. */
const largest = 2 ** 17

/** Sums of `size` numbers, all 0: the coarse parts [size], then the fine ones [size]. */
export const newSum = (size: number): Float64Array => new Float64Array(2 * size)

/** Adds numbers to the sums from one on. What is not finite, or too large, makes its sum NaN. */
export function addTo(sum: Float64Array, values: ArrayLike<number>, from = 0): void {
  const size = sum.length >> 1
  for (let i = 0, at = from; i < values.length; i++, at++) {
    const value = values[i]
    if (!(value < largest && value > -largest)) {
      sum[at] = Number.NaN
      continue
    }
    const high = value + coarse - coarse
    sum[at] += high
    sum[at + size] += value - high + fine - fine
  }
}

/** Adds sums to sums. */
export function addSums(sum: Float64Array, other: Float64Array): void {
  demand(sum.length === other.length, 'add sums', 'both', `of length ${sum.length}`, other.length)
  for (let i = 0; i < sum.length; i++) sum[i] += other[i]
}

/** The sums as single-precision numbers: each rounded, once. */
export function rounded(sum: Float64Array): Float32Array {
  const size = sum.length >> 1
  const values = new Float32Array(size)
  for (let i = 0; i < size; i++) values[i] = sum[i] + sum[i + size]
  return values
}
