/**
 * Relative diffusivity and tortuosity factor of conducting phases: steady diffusion from one face of the grid to the
 * opposite one (Cooper et al. 2016, SoftwareX 5, 203–210; Tjaden et al. 2018, Int. Mater. Rev. 63, 47–67).
 */

import { demandGrid, type Labels } from '../labels.ts'
import { spanning } from '../percolation.ts'
import type { Work } from '../work.ts'
import { type Conduction, conduction } from './conduction.ts'
import { conductors, type TransportOptions } from './conductors.ts'
import { solved } from './solve.ts'

export interface Transport {
  /** D_rel: the flux through the phases over the flux through the whole sample if all of it conducted with 1. */
  readonly relativeDiffusivity: number
  /**
   * The tortuosity factor τ = Σ φ k / D_rel over the labels of conductivity k (of one phase φ / D_rel), at least 1;
   * Infinity where nothing gets through.
   */
  readonly tortuosity: number
  /** How many steps the solver took. */
  readonly steps: number
  /** The concentration at every site, 1 at the first face and 0 at the last one, NaN where nothing flows; where asked for. */
  readonly concentration?: Float32Array
}

/**
 * Solves ∇·(k ∇c) = 0, c = 1 and 0 at the two faces across `axis`, no flux through walls and sides (or through the sides
 * along the flow and in again on the other side). φ is the share of all sites of the phase, closed ones among them.
 *
 * The dissipation Σ conductance × difference² is the flux where c is right, and exceeds it by the square of
 * the error where it is not: errors of D_rel are about as large as the tolerance.
 */
export function* transport(labels: Labels, axis: number, options: TransportOptions = {}): Work<Transport> {
  demandGrid(labels, 'measure the transport')
  const { mask, conductivity, mean, inside, spacing, periodic, tolerance } = conductors(labels, axis, options)
  const wraps = labels.shape.map((_, other) => periodic && other !== axis)
  const sites = yield* spanning(mask, axis, { periodic: wraps })
  const concentration = options.concentration
    ? new Float32Array(labels.data.length).fill(Number.NaN)
    : undefined
  const nothing = { relativeDiffusivity: 0, tortuosity: Number.POSITIVE_INFINITY, steps: 0 }
  if (sites.length === 0) return { ...nothing, ...(concentration && { concentration }) }
  yield 0
  const system = yield* conduction(labels, sites, { axis, spacing, conductivity, periodic, held: 3 })
  const b = system.conductivity.map((own, i) => 2 * own * (system.face[i] & 1))
  const x = system.depth.map(depth => 1 - depth)
  const steps = yield* solved(system, { x, b, energy: dissipation(system, x), rising: false, tolerance })
  const length = labels.shape[axis]
  const relativeDiffusivity = (dissipation(system, x) * length) / (inside / length)
  if (concentration) for (let i = 0; i < sites.length; i++) concentration[sites[i]] = x[i]
  return {
    relativeDiffusivity,
    tortuosity: mean / relativeDiffusivity,
    steps,
    ...(concentration && { concentration }),
  }
}

function dissipation(system: Conduction, x: Float64Array): number {
  const { size, start, middle, to, weight, face, conductivity } = system
  let sum = 0
  for (let i = 0; i < size; i++) {
    for (let at = middle[i]; at < start[i + 1]; at++) sum += weight[at] * (x[i] - x[to[at]]) ** 2
    if (face[i] & 1) sum += 2 * conductivity[i] * (1 - x[i]) ** 2
    if (face[i] & 2) sum += 2 * conductivity[i] * x[i] ** 2
  }
  return sum
}
