// The walk conditioned on where its units came from: potentials whose table has the right sums both ways.
import type { Walk } from './walk.ts'

/** Both fields are scratch of the caller's, [sites]. */
export interface Potentials {
  /** a >= 0, up to a factor. */
  readonly potential: Float64Array
  /** h = K_tau a. */
  readonly field: Float64Array
}

/**
 * Writes the potentials a of units n_t = `counts` at tau whose origins are expected at D = `origin` (both [sites] and of
 * one sum). The table T(x, y) = a(x) k(y|x) n_t(y) / (K a)(y) of how many of the units at y came from x has the columns n_t
 * whatever a is; its rows are D at the fixed point (Sinkhorn) of
 *
 *     a <- D / K [n_t / (K a)],
 *
 * where T is the Schrödinger bridge between D and n_t under the walk (origin.md §2 of the design; Cuturi 2013 for the
 * iteration). Sites that no unit can have come from keep the potential D.
 */
export function potentialsOf(
  walk: Walk,
  rounds: number,
): (state: {
  readonly counts: Int32Array
  readonly origin: Float64Array
  readonly tau: number
}) => Potentials {
  const { sites } = walk
  const potential = new Float64Array(sites)
  const field = new Float64Array(sites)
  const back = new Float64Array(sites)
  return ({ counts, origin, tau }) => {
    potential.set(origin)
    walk.spread(potential, tau, field)
    for (let round = 0; round < rounds; round++) {
      for (let y = 0; y < sites; y++) back[y] = counts[y] > 0 && field[y] > TINY ? counts[y] / field[y] : 0
      walk.spread(back, tau, back)
      let off = 0
      for (let x = 0; x < sites; x++) {
        if (!(back[x] > TINY)) continue
        const row = potential[x] * back[x]
        off = Math.max(off, Math.abs(row - origin[x]))
        potential[x] = origin[x] / back[x]
      }
      walk.spread(potential, tau, field)
      if (off < NEAR) break
    }
    return { potential, field }
  }
}

/** Rows within so much of a unit of the origin are right. */
const NEAR = 1e-3

/** Nothing is divided by less, so that no potential is infinite. */
const TINY = 1e-280
