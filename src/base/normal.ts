/** Normal numbers, and their law. */
import { cosPi, exp, log, sinPi } from './numeric.ts'
import type { Random } from './random.ts'

/** Fills `out` with independent numbers of the normal law of mean 0 and variance 1, in pairs (Box & Muller 1958). */
export function normals(random: Random, out: Float64Array): void {
  for (let i = 0; i < out.length; i += 2) {
    const radius = Math.sqrt(-2 * log(1 - random.uniform()))
    const turn = 2 * random.uniform()
    out[i] = radius * cosPi(turn)
    if (i + 1 < out.length) out[i + 1] = radius * sinPi(turn)
  }
}

/** Φ(x), the probability of a normal number below x, within 1e-7 (Abramowitz & Stegun 1964, 26.2.17). */
export function normalShare(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x))
  const tail =
    (exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  return x >= 0 ? 1 - tail : tail
}
