// Of the units at a site, how many were there at the beginning: the law of the survivors among newcomers.
import { exp, expm1, log, log1p } from '../base/numeric.ts'

/** Terms above this are scaled down with all before them. */
const LARGE = 1e200

/**
 * E[K | n_0, n] where n = K + I, of which K ~ Binomial(n_0, x) have survived and I ~ Poisson(mean (1 - x)) have come, after
 * the time tau > 0 and with x = e^-tau:
 *
 *     P(k + 1) / P(k) = (n_0 - k) (n - k) / (k + 1) * x / (mean (1 - x)²)
 */
export function meanSurvivors(mean: number, tau: number): (origin: number, n: number) => number {
  const gone = -expm1(-tau)
  const odds = exp(-tau) / (mean * gone * gone)
  return (origin, n) => {
    let [term, sum, first] = [1, 1, 0]
    for (let k = 0; k < origin && k < n; k++) {
      term *= (((origin - k) * (n - k)) / (k + 1)) * odds
      sum += term
      first += (k + 1) * term
      if (term < LARGE) continue
      sum /= term
      first /= term
      term = 1
    }
    return first / sum
  }
}

/** Rounds of Newton's method for the tilt of a law. */
const ROUNDS = 30

/**
 * Draws K given whole n_0 and n from the law of `meanSurvivors`, by a uniform number. Where another mean is told, in [0, min(n_0, n)],
 * the law is tilted to it, P(k) e^(λ k): with that of n_0 itself it is exact.
 */
export function drawnSurvivors(
  mean: number,
  tau: number,
): (u: number, state: { origin: number; n: number; told: number }) => number {
  const gone = -expm1(-tau)
  const logOdds = -tau - log(mean) - 2 * log(gone)
  return (u, { origin, n, told }) => {
    const most = Math.min(origin, n)
    if (most === 0 || told <= 0 || told >= most) return told >= most ? most : 0
    const logs = new Float64Array(most + 1)
    for (let k = 0; k < most; k++) logs[k + 1] = logs[k] + logOdds + log(((origin - k) * (n - k)) / (k + 1))
    const law = new Float64Array(most + 1)
    for (let round = 0, tilt = 0; round < ROUNDS; round++) {
      const top = logs.reduce((largest, own, k) => Math.max(largest, own + k * tilt), -Infinity)
      let [sum, first, second] = [0, 0, 0]
      for (let k = 0; k <= most; k++) {
        law[k] = exp(logs[k] + k * tilt - top)
        sum += law[k]
        first += k * law[k]
        second += k * k * law[k]
      }
      for (let k = 0; k <= most; k++) law[k] /= sum
      const off = told - first / sum
      if (Math.abs(off) < 1e-6 * told) break
      const spread = Math.max(1e-9, second / sum - (first / sum) ** 2)
      tilt += Math.max(-3, Math.min(3, off / spread))
    }
    let [left, k] = [u, 0]
    for (; k < most && left >= law[k]; k++) left -= law[k]
    return k
  }
}

/** KL(n | n_0 ‖ Poisson(mean)) in nats, of the units of a site after the time tau > 0. */
export function divergenceFrom(mean: number, tau: number): (origin: number) => number {
  const alive = exp(-tau)
  const come = -mean * expm1(-tau)
  const logGone = log(-expm1(-tau))
  const known = new Map<number, number>()
  return origin => {
    let sum = known.get(origin)
    if (sum !== undefined) return sum
    sum = 0
    const middle = origin * alive + come
    const most = Math.ceil(middle + 14 * Math.sqrt(middle) + 40)
    const law = new Float64Array(most + 1)
    // P(k) of the survivors times P(i) of those that have come.
    let own = origin * logGone
    for (let k = 0; k <= Math.min(origin, most); k++) {
      let term = own - come
      for (let n = k; n <= most; n++) {
        law[n] += exp(term)
        term += log(come / (n - k + 1))
      }
      own += log((origin - k) / (k + 1)) - tau - logGone
    }
    let limit = -mean
    for (let n = 0; n <= most; n++) {
      if (law[n] > 0) sum += law[n] * (log(law[n]) - limit) + exp(limit) - law[n]
      limit += log(mean) - log1p(n)
    }
    known.set(origin, Math.max(0, sum))
    return Math.max(0, sum)
  }
}
