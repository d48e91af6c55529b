/**
 * Relative diffusivity and tortuosity factor of a phase: steady diffusion from one face of the grid to the
 * opposite one (Cooper et al. 2016, SoftwareX 5, 203–210; Tjaden et al. 2018, Int. Mater. Rev. 63, 47–67).
 */
import { type Conduction, conduction } from './conduction.ts'
import { conjugateGradients } from './conjugate.ts'
import { demandGrid, type Mask, sitesOf } from './labels.ts'
import { spanning } from './percolation.ts'
import type { Work } from './work.ts'

export interface Transport {
  /** D_rel: the flux through the phase over the flux through the whole grid if all of it conducted, 0 to 1. */
  readonly relativeDiffusivity: number
  /** The tortuosity factor τ = φ / D_rel, at least 1; Infinity where nothing gets through. */
  readonly tortuosity: number
  /** How many steps the solver took. */
  readonly steps: number
}

/**
 * Solves ∇²c = 0 in the phase, c = 1 and 0 at the two faces across `axis`, no flux through walls and sides.
 * φ is the share of all sites of the phase, closed ones among them.
 *
 * The dissipation Σ conductance × difference² is the flux where c is right, and exceeds it by the square of
 * the error where it is not: the iteration ends when the last three steps together have taken less than
 * 1e-12 of it off. Errors of D_rel are about as large.
 */
export function* transport(mask: Mask, axis: number): Work<Transport> {
  demandGrid(mask, 'measure the transport')
  const sites = spanning(mask, axis)
  if (sites.length === 0) return { relativeDiffusivity: 0, tortuosity: Number.POSITIVE_INFINITY, steps: 0 }
  yield 0
  const system = conduction(mask, axis, sites)
  yield 0
  const b = Float64Array.from(system.face, face => 2 * (face & 1))
  const x = system.depth.map(depth => 1 - depth)
  let flux = dissipation(system, x)
  const gains = [flux, flux, flux]
  let residue = 1
  const work = conjugateGradients(system, {
    x,
    b,
    converged(gain) {
      flux -= gain
      gains.shift()
      gains.push(gain)
      residue = (gains[0] + gains[1] + gains[2]) / flux
      return residue < tolerance
    },
  })
  let steps = 0
  for (;;) {
    const { done, value } = work.next()
    if (done) {
      steps = value
      break
    }
    // The residue falls about evenly in its logarithm.
    yield Math.min(1, Math.max(0, Math.log(residue) / Math.log(tolerance)))
  }
  const through = dissipation(system, x)
  const section = mask.data.length / mask.shape[axis]
  const relativeDiffusivity = (through * mask.shape[axis]) / section
  const share = sitesOf(mask) / mask.data.length
  return { relativeDiffusivity, tortuosity: share / relativeDiffusivity, steps }
}

const tolerance = 1e-12

function dissipation({ size, start, to, face }: Conduction, x: Float64Array): number {
  let sum = 0
  for (let i = 0; i < size; i++) {
    for (let at = start[i]; at < start[i + 1]; at++) if (to[at] > i) sum += (x[i] - x[to[at]]) ** 2
    if (face[i] & 1) sum += 2 * (1 - x[i]) ** 2
    if (face[i] & 2) sum += 2 * x[i] ** 2
  }
  return sum
}
