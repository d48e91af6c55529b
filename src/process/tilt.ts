// Probabilities of phases at every site, tilted until each phase has the mass that is asked for.

/** Rounds of Newton's method over all phases, and how near to the mass it ends, as a part of a unit. */
const ROUNDS = 60
const NEAR = 1e-6

/**
 * Writes to `out` [C, sites] the probabilities p_c(x) e^λ_c / (p_0(x) + Σ_k p_k(x) e^λ_k), p_0 = 1 - Σ_k p_k, with the λ_c for
 * which they sum to masses[c]: of all laws with those masses the nearest to p (Kullback-Leibler). Sites that are sure, at 0
 * or 1, stay so; where these leave no room the masses are met as nearly as can be, and the rest by scaling.
 */
export function tilted(
  probabilities: ArrayLike<number>,
  { masses, sites }: { masses: readonly number[]; sites: number },
  out: Float64Array,
): void {
  const channels = masses.length
  const factor = new Float64Array(channels).fill(1)
  /** The sum of a phase at a factor, and its derivative by the logarithm of the factor. */
  const sums = (c: number) => {
    let [sum, slope] = [0, 0]
    for (let x = 0; x < sites; x++) {
      const own = factor[c] * Math.max(0, probabilities[c * sites + x])
      if (own === 0) continue
      const p = own / (own + others(c, x))
      sum += p
      slope += p * (1 - p)
    }
    return { sum, slope }
  }
  function others(c: number, x: number): number {
    let [left, sum] = [1, 0]
    for (let k = 0; k < channels; k++) {
      const p = Math.max(0, probabilities[k * sites + x])
      left -= p
      if (k !== c) sum += factor[k] * p
    }
    return sum + Math.max(0, left)
  }
  for (let round = 0, off = Infinity; round < ROUNDS && off > NEAR; round++) {
    off = 0
    for (let c = 0; c < channels; c++) {
      if (masses[c] === 0) {
        factor[c] = 0
        continue
      }
      const { sum, slope } = sums(c)
      off = Math.max(off, Math.abs(sum - masses[c]))
      if (!(slope > 1e-12 * sum) || !(sum > 0)) continue
      const step = (masses[c] - sum) / slope
      factor[c] *= Math.exp(Math.max(-2, Math.min(2, step)))
    }
  }
  for (let c = 0; c < channels; c++) {
    let sum = 0
    for (let x = 0; x < sites; x++) {
      const own = factor[c] * Math.max(0, probabilities[c * sites + x])
      out[c * sites + x] = own > 0 ? own / (own + others(c, x)) : 0
      sum += out[c * sites + x]
    }
    const scale = sum > 0 ? masses[c] / sum : 0
    for (let x = c * sites; x < (c + 1) * sites; x++) out[x] = sum > 0 ? out[x] * scale : masses[c] / sites
  }
}
