// How what is measured scatters about what is expected of it.
import { poisson } from '../base/draws.ts'
import { demand } from '../base/errors.ts'
import { log, logGamma } from '../base/numeric.ts'
import type { Random } from '../base/random.ts'

/** Plain, serialisable. */
export type LikelihoodDescription =
  | { readonly kind: 'poisson' }
  /** Normal errors of a standard deviation. */
  | { readonly kind: 'gaussian'; readonly sigma: number }

/** What an image n weighs in the equations of `pull`, given what is seen y and what is expected e = gain A n of it. */
export interface Likelihood {
  readonly description: LikelihoodDescription
  /** log P(y | e), summed over all numbers; -Infinity where it cannot be. */
  log(seen: ArrayLike<number>, expected: ArrayLike<number>): number
  /** Draws what is seen. */
  draw(expected: ArrayLike<number>, random: Random): Float64Array
  /**
   * Writes the two sides of the balance: what draws units on, and what holds them back. The derivative of log P by e is their
   * difference, and multiplying an image by the ratio of what Aᵀ makes of them leads to where they are equal: the step of
   * Richardson and Lucy for Poisson counts, that of Lee and Seung (NIPS 2000) for normal errors.
   */
  sides(
    seen: ArrayLike<number>,
    expected: ArrayLike<number>,
    out: { readonly on: Float64Array; readonly back: Float64Array },
  ): void
  /** The holding side of a site goes with this power of its count, the other with one less: 0 or 1 (see `pull`). */
  readonly power: 0 | 1
}

/** The likelihood that a description tells of. @throws RangeError for a deviation that is none */
export function likelihood(description: LikelihoodDescription): Likelihood {
  return description.kind === 'poisson' ? poissonian : gaussian(description.sigma)
}

/** Nothing is divided by less. */
const LEAST = 1e-12

/** Counts of photons: P(y | e) = e^y e^-e / y!. */
const poissonian: Likelihood = {
  description: { kind: 'poisson' },
  power: 0,
  log(seen, expected) {
    let sum = 0
    for (let i = 0; i < seen.length; i++) {
      const [y, e] = [seen[i], expected[i]]
      sum += (y > 0 ? y * log(Math.max(1e-300, e)) : 0) - e - logGamma(y + 1)
    }
    return sum
  },
  draw: (expected, random) => Float64Array.from(expected, e => poisson(random, e)),
  sides(seen, expected, { on, back }) {
    for (let i = 0; i < seen.length; i++) {
      on[i] = seen[i] > 0 ? seen[i] / Math.max(LEAST, expected[i]) : 0
      back[i] = 1
    }
  },
}

/** Normal errors: what is seen may be any number. */
function gaussian(sigma: number): Likelihood {
  demand(
    sigma > 0 && sigma < Infinity,
    'measure',
    'the standard deviation of the errors',
    'finite and > 0',
    sigma,
  )
  const precision = 1 / (sigma * sigma)
  return {
    description: { kind: 'gaussian', sigma },
    power: 1,
    log(seen, expected) {
      let sum = 0
      for (let i = 0; i < seen.length; i++) sum -= (precision * (seen[i] - expected[i]) ** 2) / 2
      return sum - seen.length * (log(sigma) + log(2 * Math.PI) / 2)
    },
    draw: (expected, random) => Float64Array.from(expected, e => e + sigma * normal(random)),
    sides(seen, expected, { on, back }) {
      for (let i = 0; i < seen.length; i++) {
        on[i] = precision * Math.max(0, seen[i])
        back[i] = precision * (expected[i] + Math.max(0, -seen[i]))
      }
    },
  }
}

/** A standard normal number (Box and Muller 1958). */
function normal(random: Random): number {
  const radius = Math.sqrt(-2 * log(1 - random.uniform()))
  return radius * Math.cos(2 * Math.PI * random.uniform())
}
