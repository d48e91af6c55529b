// Guidance: origins that lean towards what the network is told, or beyond it.

import { demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { exp, log } from '../base/numeric.ts'
import type { OriginFunction } from './solver.ts'

/** Origins below this are as good as none: their logarithm is that of this. */
const LEAST = 1e-10

/** No number of the origin grows beyond this. */
const MOST = 1e9

/**
 * The origins `told^w * untold^(1 - w)`, number by number, which the process scales to its masses; by Bayes' rule those of a
 * law of one unit in proportion to p(x | told)^w p(x)^(1 - w). 0 is untold, 1 is told, and more goes beyond it; at 0 and at
 * 1 only one of the two is asked. Throws RangeError for a weight that is below 0 or not finite.
 */
export function guided(weight: number, told: OriginFunction, untold: OriginFunction): OriginFunction {
  demandGiven(
    'guide the samples',
    { weight, told, untold },
    { weight: 'number', told: 'function', untold: 'function' },
  )
  demand(weight >= 0 && weight < Infinity, 'guide origins', 'the weight', 'finite and >= 0', weight)
  if (weight === 1) return told
  if (weight === 0) return untold
  let kept = new Float32Array(0)
  return async (counts, times, first) => {
    const conditional = await told(counts, times, first)
    if (kept.length !== conditional.length) kept = new Float32Array(conditional.length)
    // Both may come from one program, and the second call may overwrite what the first returned.
    kept.set(conditional)
    mix(weight, kept, await untold(counts, times, first))
    return kept
  }
}

function mix(weight: number, told: Float32Array, untold: Float32Array): void {
  for (let k = 0; k < told.length; k++) {
    const [a, b] = [told[k], untold[k]]
    if (a === b) continue
    const way = weight * log(Math.max(LEAST, a)) + (1 - weight) * log(Math.max(LEAST, b))
    told[k] = Math.min(MOST, exp(way))
  }
}
