// A walk of units that know nothing of each other: its exact kernels, as they act on laws and on counts.
import type { Random } from '../base/random.ts'

/** Enough to move units over sites at any tau = rate * time >= 0. Holds scratch: one caller at a time. */
export interface Walk {
  readonly sites: number
  /** Where the hops of the walk lead, [J, sites]: the site reached, or -1 where that hop does not happen. */
  readonly reached: Int32Array
  /** The rate of each hop, [J, sites]; left out: 1. */
  readonly pace?: Float64Array
  /** Writes K_tau `field` [sites]; K is symmetric and its rows sum to 1. `out` may be `field`. */
  spread(field: Float64Array, tau: number, out: Float64Array): void
  /**
   * Moves every unit of counts [sites] over tau, in place, each alone and exactly: one at y goes to z with the probability
   *
   *     k_tau(y|z) weight(z) / Σ_z' k_tau(y|z') weight(z'),
   *
   * which is the walk itself without a weight. Where no place has any, units stay.
   */
  move(counts: Int32Array, tau: number, by: { readonly random: Random; readonly weight?: Float64Array }): void
}
