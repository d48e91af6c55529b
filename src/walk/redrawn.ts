// A walk whose units are also redrawn from a law: each forgets where it is at an even rate, and walks on from elsewhere.
import { binomial } from '../base/draws.ts'
import { multinomial } from '../base/multinomial.ts'
import { exp, expm1 } from '../base/numeric.ts'
import type { Walk } from './walk.ts'

export interface RedrawnOptions {
  /** π [sites], >= 0 and of sum 1: where units are put that are redrawn. */
  readonly law: Float64Array
  /** A, how often a unit is redrawn per unit of tau. */
  readonly often: number
  /** How units go between, and W, their hops a direction per unit of tau; left out: they stay. */
  readonly between?: { readonly walk: Walk; readonly pace: number }
  /**
   * Writes ρ_tau [sites], where the units are that have been redrawn once at least, of sum 1 - e^(-A tau); needed where units
   * walk between, and without that (1 - e^(-A tau)) π.
   */
  readonly arrived?: (tau: number, out: Float64Array) => void
}

/**
 * The kernel is that of the walk for units that have not been redrawn, and of rank one for those that have:
 *
 *     k_tau(y|x) = e^(-A tau) w_(W tau)(y|x) + ρ_tau(y).
 *
 * Its hops lead to every other site, J = sites - 1 of them, in the order of the sites; they are listed when they are asked for.
 */
export function redrawnWalk({ law, often, between, arrived }: RedrawnOptions): Walk {
  const sites = law.length
  const jumps = Math.max(1, sites - 1)
  const rho = new Float64Array(sites)
  const walked = new Float64Array(sites)
  const [kept, put] = [new Int32Array(sites), new Int32Array(sites)]
  let [known, hops, paces]: [number, Int32Array?, Float64Array?] = [Number.NaN]

  /** ρ at tau into `rho`. */
  function at(tau: number): void {
    if (tau === known) return
    known = tau
    if (arrived) arrived(tau, rho)
    else for (let x = 0; x < sites; x++) rho[x] = -expm1(-often * tau) * law[x]
  }

  /** w `field` into `walked`, times what has not been redrawn. */
  function ahead(field: Float64Array, tau: number): void {
    if (between) between.walk.spread(field, between.pace * tau, walked)
    else walked.set(field)
    const left = exp(-often * tau)
    for (let x = 0; x < sites; x++) walked[x] *= left
  }

  function reach(): { hops: Int32Array; paces: Float64Array } {
    if (hops && paces) return { hops, paces }
    hops = new Int32Array(jumps * sites).fill(-1)
    paces = new Float64Array(hops.length)
    for (let x = 0; x < sites; x++) {
      for (let j = 0; j < sites - 1; j++) {
        hops[j * sites + x] = j < x ? j : j + 1
        paces[j * sites + x] = often * law[x]
      }
      for (let i = x; between && i < between.walk.reached.length; i += sites) {
        const y = between.walk.reached[i]
        if (y >= 0 && y !== x) paces[(y < x ? y : y - 1) * sites + x] += between.pace
      }
    }
    return { hops, paces }
  }

  return {
    sites,
    get reached() {
      return reach().hops
    },
    get pace() {
      return reach().paces
    },

    spread(field, tau, out) {
      let mass = 0
      for (let x = 0; x < sites; x++) mass += field[x]
      at(tau)
      ahead(field, tau)
      for (let x = 0; x < sites; x++) out[x] = walked[x] + mass * rho[x]
    },

    expect(field, tau, out) {
      let mean = 0
      at(tau)
      for (let x = 0; x < sites; x++) mean += rho[x] * field[x]
      ahead(field, tau)
      for (let x = 0; x < sites; x++) out[x] = walked[x] + mean
    },

    move(counts, tau, { random, weight }) {
      at(tau)
      let [redrawn, total] = [0, 0]
      if (weight) {
        ahead(weight, tau)
        for (let x = 0; x < sites; x++) total += weight[x]
      }
      for (let x = 0; x < sites; x++) {
        const stays = weight ? walked[x] : exp(-often * tau)
        const chance = weight ? (rho[x] * total) / (stays + rho[x] * total) : 1 - stays
        const gone = counts[x] > 0 && chance > 0 ? binomial(random, counts[x], chance) : 0
        kept[x] = counts[x] - gone
        redrawn += gone
      }
      between?.walk.move(kept, between.pace * tau, { random, weight })
      put.fill(0)
      if (redrawn > 0) multinomial(random, redrawn, weight ?? rho, put)
      for (let x = 0; x < sites; x++) counts[x] = kept[x] + put[x]
    },
  }
}
