// Guidance: rates that lean towards what the network is told, or beyond it.
import { demand } from '../base/errors.ts'
import { exp, log } from '../base/numeric.ts'
import type { RateFunction } from './solver.ts'

/** Log ratios stay within these, so that no ratio overflows whatever the weight. */
const BOUND = 12

/**
 * The ratios `told^w * untold^(1 - w)` per direction (Nisonoff et al. 2024): by detailed balance the reverse rates of a
 * law proportional to p_t(n | told)^w p_t(n)^(1 - w), at each time t for itself. 0 is untold, 1 is told, and more goes
 * beyond it; at 0 and at 1 only one of the two is asked. A jump that either forbids is forbidden, and any other keeps a
 * ratio from e^-12 to e^12. Throws RangeError for a weight that is below 0 or not finite.
 */
export function guided(weight: number, told: RateFunction, untold: RateFunction): RateFunction {
  demand(weight >= 0 && weight < Infinity, 'guide rates', 'the weight', 'finite and >= 0', weight)
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

/** The ratios of data without structure, 1: against these, guidance takes the rates of a law to a power. */
export function even(jumps: number): RateFunction {
  let ones = new Float32Array(0)
  return async counts => {
    if (ones.length !== jumps * counts.length) ones = new Float32Array(jumps * counts.length).fill(1)
    return ones
  }
}

function mix(weight: number, told: Float32Array, untold: Float32Array): void {
  for (let k = 0; k < told.length; k++) {
    const [a, b] = [told[k], untold[k]]
    if (a === b) continue
    const way = weight * log(a) + (1 - weight) * log(b)
    told[k] = a > 0 && b > 0 ? exp(Math.max(-BOUND, Math.min(BOUND, way))) : 0
  }
}
