/**
 * Concentrations on a conducting phase, solved until its dissipation is known.
 */
import type { Work } from '../work.ts'
import type { Conduction } from './conduction.ts'
import { conjugateGradients } from './conjugate.ts'

export interface Problem {
  /** The first guess, and afterwards the solution [size]. */
  readonly x: Float64Array
  readonly b: Float64Array
  /** The energy x·A x − 2 b·x + constant that the steps lower (falling) or the answer's own b·x that they raise. */
  readonly energy: number
  readonly rising: boolean
  /** Ends when the last three steps together have changed the energy by less than this share of it. */
  readonly tolerance: number
}

/**
 * Solves A x = b, x in place, and yields the share done; returns the steps. The energy is off by the square of the
 * error of x, so its last changes tell how far it still is from its end.
 */
export function* solved(system: Conduction, problem: Problem): Work<number> {
  const { x, b, rising, tolerance } = problem
  let energy = problem.energy
  const gains = [1, 1, 1].map(() => Number.POSITIVE_INFINITY)
  let residue = 1
  const work = conjugateGradients(system, {
    x,
    b,
    places: system,
    converged(gain) {
      energy += rising ? gain : -gain
      gains.shift()
      gains.push(gain)
      residue = Math.min(1, (gains[0] + gains[1] + gains[2]) / energy)
      return residue < tolerance
    },
  })
  for (;;) {
    const { done, value } = work.next()
    if (done) return value
    // The residue falls about evenly in its logarithm.
    yield Math.min(1, Math.max(0, Math.log(residue) / Math.log(tolerance)))
  }
}
