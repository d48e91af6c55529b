/**
 * Poisson draws, exact for every mean: inversion below 10, rejection above.
 *
 * The rejection is the limit of the binomial one (BTRS, Hörmann 1993) for p → 0, whose hat and squeeze were checked
 * to hold for means from 10 to 1e13.
 * Deviation from Hörmann's own Poisson variant (PTRS, 1993): with its usual constants (0.931, 2.53, 0.9277, …) the law
 * rises up to 0.6 % above the hat near a mean of 10, and the squeeze up to 0.004 above the law at other means, by our
 * reckoning over means from 10 to 1e13; its draws are then not quite Poisson.
 */

import { LARGE_MEAN, LAST_TERM, RECIPROCALS } from './binomial.ts'
import { cannot } from './errors.ts'
import { excess, exp, log, log1p, stirlingTail } from './numeric.ts'
import { demandStream, type Random } from './random.ts'

/** A Poisson number of the given mean, in [0, 1e15]. */
export function poisson(rng: Random, mean: number): number {
  if (typeof rng?.u32 !== 'function') demandStream('draw a Poisson number', rng)
  if (mean >= 0 && mean < LARGE_MEAN) return byInversion(rng, mean)
  if (mean >= LARGE_MEAN && mean <= 1e15) return byRejection(rng, mean)
  throw new RangeError(cannot('draw a Poisson number', 'mean', 'in [0, 1e15]', mean))
}

function byInversion(rng: Random, mean: number): number {
  for (;;) {
    let u = rng.uniform()
    // P(0) = e^−mean ≥ 1 − mean.
    if (u < 1 - mean) return 0
    let term = exp(-mean)
    let k = 0
    while (u >= term && k <= LAST_TERM) {
      u -= term
      k++
      term *= mean * RECIPROCALS[k]
    }
    if (k <= LAST_TERM) return k
  }
}

function byRejection(rng: Random, mean: number): number {
  const spread = Math.sqrt(mean)
  const b = 1.15 + 2.53 * spread
  const a = -0.0873 + 0.0248 * b
  const squeeze = 0.92 - 4.2 / b
  for (;;) {
    const v = rng.uniform()
    const u = rng.uniform() - 0.5
    const edge = 0.5 - Math.abs(u)
    const k = Math.floor(((2 * a) / edge + b) * u + mean + 0.5)
    if (edge >= 0.07 && v <= squeeze) return k
    if (k < 0 || k > 9007199254740991) continue
    const height = (v * (2.83 + 5.1 / b) * spread) / (a / (edge * edge) + b)
    if (isUnder(height, k, mean)) return k
  }
}

/** height ≤ P(k) / P(mode): near the mode by the product of the ratios of neighbours, else by Stirling's formula. */
function isUnder(height: number, k: number, mean: number): boolean {
  const mode = Math.floor(mean)
  const d = k - mode
  if (d >= -16 && d <= 16) {
    let above = 1
    let below = 1
    for (let i = mode + 1; i <= k; i++) {
      above *= mean
      below *= i
    }
    for (let i = k + 1; i <= mode; i++) {
      above *= i
      below *= mean
    }
    return height * below <= above
  }
  // log P(k)/P(m) with M = m + 1, d = k − m (ours): as for the binomial, with N → ∞.
  const M = mode + 1
  const x = d / M
  const shape = 0.5 * log1p(x) - M * excess(x) + d * log(mean / M)
  return log(height) <= shape + stirlingTail(M) - stirlingTail(k + 1)
}
