// The walk conditioned on where its units came from: potentials whose table has the right sums both ways.
import type { Walk } from './walk.ts'

/**
 * Tells the potentials a >= 0, up to a factor, of units n_t = `counts` at tau whose origins are expected at D = `origin` (both [sites] and of
 * one sum). The table T(x, y) = a(x) k(y|x) n_t(y) / (K a)(y) of how many of the units at y came from x has the columns n_t
 * whatever a is; its rows are D at the fixed point (Sinkhorn) of
 *
 *     a <- D / Kᵀ [n_t / (K a)],
 *
 * where T is the Schrödinger bridge between D and n_t under the walk (origin.md §2 of the design; Cuturi 2013 for the
 * iteration). Sites that no unit can have come from keep the potential D. The array returned is that of the next call.
 */
export function potentialsOf(
  walk: Walk,
  rounds: number,
): (state: {
  readonly counts: Int32Array
  readonly origin: Float64Array
  readonly tau: number
}) => Float64Array {
  const { sites } = walk
  const potential = new Float64Array(sites)
  const scratch = new Float64Array(sites)
  return ({ counts, origin, tau }) => {
    potential.set(origin)
    for (let round = 0, off = Infinity; round < rounds && off > NEAR; round++) {
      walk.spread(potential, tau, scratch)
      for (let y = 0; y < sites; y++)
        scratch[y] = counts[y] > 0 && scratch[y] > TINY ? counts[y] / scratch[y] : 0
      if (walk.expect) walk.expect(scratch, tau, scratch)
      else walk.spread(scratch, tau, scratch)
      off = 0
      for (let x = 0; x < sites; x++) {
        if (!(scratch[x] > TINY)) continue
        off = Math.max(off, Math.abs(potential[x] * scratch[x] - origin[x]))
        potential[x] = origin[x] / scratch[x]
      }
    }
    return potential
  }
}

/** Rows within so much of a unit of the origin are right. */
const NEAR = 1e-3

/** Nothing is divided by less, so that no potential is infinite. */
const TINY = 1e-280
