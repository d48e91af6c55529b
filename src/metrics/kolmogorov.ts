/**
 * The two-sample test of Kolmogorov and Smirnov: whether two samples may come from one law.
 */

import { demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'

export interface KolmogorovSmirnov {
  /** The largest distance between the two empirical distribution functions, 0 to 1. */
  readonly statistic: number
  /** The probability of a distance at least as large where both samples come from one continuous law. */
  readonly p: number
}

/**
 * Infinite values are values like others. Where values are tied p is too large rather than too small.
 *
 * p is exact (Hodges 1958, Arkiv för Matematik 3, 469–486: all orders of the joint sample are equally likely)
 * up to n m = 10⁸, beyond it the limit law 2 Σ (−1)^{k−1} exp(−2k²λ²), λ = D √(nm/(n + m)).
 */
export function kolmogorovSmirnov(a: ArrayLike<number>, b: ArrayLike<number>): KolmogorovSmirnov {
  demandGiven('compare the samples', { a, b }, { a: 'list', b: 'list' })
  const what = 'compare two samples'
  const [first, second] = [Float64Array.from(a).sort(), Float64Array.from(b).sort()]
  for (const sample of [first, second]) {
    demand(sample.length > 0, what, 'the samples', 'not empty', sample.length)
    demand(!sample.some(Number.isNaN), what, 'the values', 'numbers', Number.NaN)
  }
  const steps = largestStep(first, second)
  const [n, m] = [first.length, second.length]
  const statistic = steps / (n * m)
  const exact = n * m <= 1e8
  return { statistic, p: exact ? exactly(steps, n, m) : limit(statistic * Math.sqrt((n * m) / (n + m))) }
}

/** max |i m − j n| over the counts i, j of values up to any x: the distance times n m, a whole number. */
function largestStep(a: Float64Array, b: Float64Array): number {
  let [i, j, largest] = [0, 0, 0]
  while (i < a.length && j < b.length) {
    const x = Math.min(a[i], b[j])
    while (i < a.length && a[i] === x) i++
    while (j < b.length && b[j] === x) j++
    largest = Math.max(largest, Math.abs(i * b.length - j * a.length))
  }
  return largest
}

/**
 * The probability that a random order of n first and m second ones, read as a path from (0, 0) to (n, m),
 * somewhere has |i m − j n| ≥ steps. From (i, j) the next one is a first one with probability
 * (n − i)/(n + m − i − j); paths that leave the strip are added up when they do, so small p are exact too.
 */
function exactly(steps: number, n: number, m: number): number {
  if (steps === 0) return 1
  // inside[j]: the probability of a path inside the strip that comes through (i, j).
  let inside = new Float64Array(m + 1)
  let next = new Float64Array(m + 1)
  inside[0] = 1
  let left = 0
  for (let i = 0; i <= n; i++) {
    next.fill(0)
    for (let j = 0; j <= m; j++) {
      const here = inside[j]
      if (here === 0) continue
      if (Math.abs(i * m - j * n) >= steps) {
        left += here
        continue
      }
      const rest = n + m - i - j
      if (rest === 0) continue
      next[j] += (here * (n - i)) / rest
      if (j < m) inside[j + 1] += (here * (m - j)) / rest
    }
    ;[inside, next] = [next, inside]
  }
  return Math.min(1, left)
}

/** Kolmogorov's limit law. */
function limit(lambda: number): number {
  // Below this the sum is 1 to 16 digits, and converges slowly.
  if (lambda < 0.2) return 1
  let sum = 0
  for (let k = 1; k <= 30; k++) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * lambda * lambda)
  return Math.min(1, Math.max(0, sum))
}
