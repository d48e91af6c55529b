// A walk of units that know nothing of each other: its exact kernels, as they act on laws and on counts.
import type { Random } from '../base/random.ts'

/** Enough to move units over sites at any tau = rate * time >= 0. Holds scratch: one caller at a time. */
export interface Walk {
  readonly sites: number
  /** Where the hops of the walk lead, [J, sites]: the site reached, or -1 where that hop does not happen. */
  readonly reached: Int32Array
  /** The rate at which each hop is taken the other way, [J, sites], which of symmetric walks is that of the hop; left out: 1. */
  readonly pace?: Float64Array
  /** Writes Σ_x k_tau(y|x) field(x), what a law becomes. `out` may be `field`. */
  spread(field: Float64Array, tau: number, out: Float64Array): void
  /** Writes Σ_y k_tau(y|x) field(y), what is expected of a field; left out: K is symmetric, so that it is `spread`. */
  expect?(field: Float64Array, tau: number, out: Float64Array): void
  /**
   * Moves every unit of counts [sites] over tau, in place, each alone and exactly: without a weight forward, from x to y with
   * k_tau(y|x); with one back, from y to z with the probability
   *
   *     k_tau(y|z) weight(z) / Σ_z' k_tau(y|z') weight(z').
   *
   * Where no place has any, units stay.
   */
  move(counts: Int32Array, tau: number, by: { readonly random: Random; readonly weight?: Float64Array }): void
}
