/**
 * Binomial draws, exact for every n and p: no normal approximation anywhere.
 *
 * Few units are compared with p digit by digit, all at once. Else, with a mean n·min(p, 1−p) below 10 the law is
 * inverted term by term from 0, and above W. Hörmann's transformed rejection with squeeze is used (BTRS, J. Stat.
 * Comput. Simul. 46, 1993). Its hat and its squeeze were checked against the law for means from 10 to 1e13:
 * acceptance never exceeds 0.9954, the squeeze keeps 0.004.
 * What is left is rounding, by estimate: 1e-15 in total variation for small means, 1e-10 at n = 2^31.
 */

import { cannot } from './errors.ts'
import { excess, exp, log, log1p, stirlingTail } from './numeric.ts'
import { demandStream, type Random } from './random.ts'

/** Below this mean the law is inverted; it is also the least mean for which the hat of the rejection is valid. */
export const LARGE_MEAN = 10

/** Inversion from a mean below LARGE_MEAN passes this value with probability below 1e-70: it was rounding, draw again. */
export const LAST_TERM = 110

/** 1/k for the terms of an inversion. */
export const RECIPROCALS: Readonly<Float64Array> = Float64Array.from(
  { length: LAST_TERM + 2 },
  (_, k) => 1 / k,
)

/** Up to this many units, comparing bits is faster than inversion or rejection … */
const FEW_UNITS = 64
/** … unless the mean is so small that inversion ends at its first comparison most of the time. */
const SMALL_MEAN = 0.3

/** How many of n units are taken when each is taken with probability p: integer n in [0, 2^31), p in [0, 1]. */
export function binomial(rng: Random, n: number, p: number): number {
  if ((n | 0) !== n || n < 0)
    throw new RangeError(cannot('draw a binomial', 'n', 'an integer in [0, 2^31)', n))
  if (typeof rng?.u32 !== 'function') demandStream('draw a binomial', rng)
  // 1 − p is exact for p > ½, so the law of the units left behind is exact as well.
  if (p > 0.5 && p < 1) return n - minority(rng, n, 1 - p)
  if (p > 0 && p <= 0.5) return minority(rng, n, p)
  if (p === 0 || p === 1) return p * n
  throw new RangeError(cannot('draw a binomial', 'p', 'in [0, 1]', p))
}

/** The same for 0 < p ≤ ½. */
function minority(rng: Random, n: number, p: number): number {
  const mean = n * p
  if (mean < SMALL_MEAN || n === 1) return byInversion(rng, n, p)
  if (n <= FEW_UNITS) return byBits(rng, n, p)
  return mean < LARGE_MEAN ? byInversion(rng, n, p) : byRejection(rng, n, p)
}

/**
 * Up to 32 units at once (ours): unit i is taken when a uniform number, of which bit i of each word is the next digit,
 * is below p. All but a half of the units are decided by each digit, so log2(n) + 2 words are used on average, and
 * the chance of each unit is p to its last bit.
 */
function byBits(rng: Random, n: number, p: number): number {
  let taken = 0
  for (let left = n; left > 0; left -= 32) {
    let undecided = left < 32 ? (1 << left) - 1 : -1
    let rest = p
    let below = 0
    while (undecided !== 0 && rest > 0) {
      rest *= 4294967296
      let digits = Math.floor(rest)
      rest -= digits
      digits |= 0
      for (let i = 0; i < 32 && undecided !== 0; i++) {
        const digit = digits >> 31
        const word = rng.u32()
        below |= undecided & digit & ~word
        undecided &= ~(word ^ digit)
        digits <<= 1
      }
    }
    taken += ones(below)
  }
  return taken
}

/** The number of bits set in a 32-bit word. */
function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555)
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** Subtracts P(0), P(1), … from one uniform number. */
function byInversion(rng: Random, n: number, p: number): number {
  for (;;) {
    let u = rng.uniform()
    // Bernoulli's inequality: P(0) = (1 − p)^n ≥ 1 − n·p, so most small draws end here.
    if (u < 1 - n * p) return 0
    if (n <= 1) return n
    const odds = p / (1 - p)
    let term = exp(n * log1p(-p))
    let k = 0
    while (u >= term && k <= LAST_TERM) {
      u -= term
      k++
      term *= (n + 1 - k) * odds * RECIPROCALS[k]
    }
    if (k <= n && k <= LAST_TERM) return k
  }
}

/** BTRS: k is a ratio-of-uniforms transform of u, accepted when v lies under P(k)/P(mode). */
function byRejection(rng: Random, n: number, p: number): number {
  const spread = Math.sqrt(n * p * (1 - p))
  const b = 1.15 + 2.53 * spread
  const a = -0.0873 + 0.0248 * b + 0.01 * p
  const squeeze = 0.92 - 4.2 / b
  const centre = n * p + 0.5
  for (;;) {
    const v = rng.uniform()
    const u = rng.uniform() - 0.5
    const edge = 0.5 - Math.abs(u)
    const k = Math.floor(((2 * a) / edge + b) * u + centre)
    if (edge >= 0.07 && v <= squeeze) return k
    if (k < 0 || k > n) continue
    const height = (v * (2.83 + 5.1 / b) * spread) / (a / (edge * edge) + b)
    if (isUnder(height, k, n, p)) return k
  }
}

/** height ≤ P(k) / P(mode), near the mode by the product of the ratios of neighbours, else by Stirling's formula. */
function isUnder(height: number, k: number, n: number, p: number): boolean {
  const q = 1 - p
  const mode = Math.floor((n + 1) * p)
  const d = k - mode
  if (d >= -16 && d <= 16) {
    let above = 1
    let below = 1
    for (let i = mode + 1; i <= k; i++) {
      above *= (n + 1 - i) * p
      below *= i * q
    }
    for (let i = k + 1; i <= mode; i++) {
      above *= i * q
      below *= (n + 1 - i) * p
    }
    return height * below <= above
  }
  // log P(k)/P(m) with M = m + 1, N = n − m + 1, d = k − m (ours): the terms of order d cancel on paper,
  // −M·excess(d/M) − N·excess(−d/N) + ½ log[(1 + d/M)(1 − d/N)] + d·log(N p / (M q)) + Stirling's tails.
  const M = mode + 1
  const N = n - mode + 1
  const x = d / M
  const y = -d / N
  const tails = stirlingTail(M) + stirlingTail(N) - stirlingTail(k + 1) - stirlingTail(n - k + 1)
  const shape = 0.5 * (log1p(x) + log1p(y)) - M * excess(x) - N * excess(y)
  return log(height) <= shape + d * log((N * p) / (M * q)) + tails
}
