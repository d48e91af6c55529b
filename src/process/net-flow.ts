// The net flow of a walk with a known origin: no unit hops but those that the law itself moves.
import { binomial } from '../base/draws.ts'
import type { Random } from '../base/random.ts'
import type { Walk } from '../walk/walk.ts'

/** No unit leaves its site in one small move with a larger probability. */
const FRACTION = 0.2

/** A small move takes at most this part of tau, for h itself changes with it. */
const PART = 0.1

/** Below this tau a unit is a hop from home or there: it is drawn at once. */
const NEAR = 0.02

/** Takes units [n] with the potentials a from tau = t to s, at the rates max(0, h(y') / h(y) - 1), h = K_tau a. */
export type NetFlow = (
  units: Int32Array,
  potential: Float64Array,
  step: { readonly from: number; readonly to: number; readonly random: Random },
) => void

/**
 * A unit's law at tau is h_tau up to a factor, and the walk back keeps it by the rates h(y') / h(y); so does what is left
 * of them when the forward walk is taken away, by detailed balance. In small moves of at most one hop each.
 */
export function netFlow(walk: Walk): NetFlow {
  const { sites, reached, pace } = walk
  const jumps = reached.length / sites
  const field = new Float64Array(sites)
  const arrived = new Int32Array(sites)

  /** The rates of a unit at y along every jump. */
  const surplus = (y: number, j: number) => {
    const to = reached[j * sites + y]
    const surplus = to < 0 || !(field[y] > 0) ? 0 : Math.max(0, field[to] / field[y] - 1)
    return pace ? pace[j * sites + y] * surplus : surplus
  }

  function fastest(units: Int32Array): number {
    let most = 0
    for (let y = 0; y < sites; y++) {
      if (units[y] === 0) continue
      let sum = 0
      for (let j = 0; j < jumps; j++) sum += surplus(y, j)
      if (sum > most) most = sum
    }
    return most
  }

  function hop(units: Int32Array, span: number, random: Random): void {
    arrived.fill(0)
    for (let y = 0; y < sites; y++) {
      let left = units[y]
      let rest = 1
      for (let j = 0; left > 0 && j < jumps; j++) {
        const p = span * surplus(y, j)
        if (p === 0) continue
        const going = binomial(random, left, Math.min(1, p / rest))
        arrived[reached[j * sites + y]] += going
        left -= going
        rest -= p
      }
      arrived[y] += left
    }
    units.set(arrived)
  }

  return (units, potential, { from, to, random }) => {
    for (let tau = from; tau > to; ) {
      if (to < NEAR && tau <= NEAR) {
        if (to > 0) walk.spread(potential, to, field)
        else field.set(potential)
        walk.move(units, tau - to, { random, weight: field })
        return
      }
      walk.spread(potential, tau, field)
      const span = Math.min(tau - to, PART * tau, FRACTION / Math.max(1e-12, fastest(units)))
      // The rates of the middle of the move: those of its beginning err by the square of its length.
      walk.spread(potential, tau - span / 2, field)
      hop(units, span, random)
      tau = tau - to - span < 1e-12 * tau ? to : tau - span
    }
  }
}
