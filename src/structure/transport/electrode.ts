/**
 * The electrode tortuosity factor of a pore: what a porous electrode whose walls take up charge evenly resists, at low
 * frequency, over what straight pores of the same share do (Nguyen et al. 2020, npj Comput. Mater. 6, 123). Dead ends
 * count, and the far face lets nothing through.
 *
 * A line of pores of resistance R that charges evenly along its length resists R/3 (the low-frequency end of a
 * transmission line). So a unit of current comes in through the first face and leaves through the walls in proportion
 * to their area; its dissipation is Z, and τ_e = 3 Z φ A / L.
 */
import { clusters, sitesWhere, strideOf } from '../clusters.ts'
import { demandGrid, type Labels, outside } from '../labels.ts'
import type { Work } from '../work.ts'
import { conduction } from './conduction.ts'
import { conductors, type TransportOptions } from './conductors.ts'
import { dot } from './graph.ts'
import { solved } from './solve.ts'

export interface ElectrodeTransport {
  /** τ_e; Infinity where the first face has no pores, NaN where the pores that it reaches have no walls. */
  readonly tortuosity: number
  readonly steps: number
}

/**
 * Of a straight pore of n sites τ_e is 1 + 1/(2n²): that much the halves of sites at the face count.
 * φ is the share of all sites of the phase, closed ones among them.
 */
export function* electrodeTransport(
  labels: Labels,
  axis: number,
  options: Omit<TransportOptions, 'concentration'> = {},
): Work<ElectrodeTransport> {
  demandGrid(labels, 'measure the electrode tortuosity')
  const { mask, conductivity, mean, inside, spacing, periodic, tolerance } = conductors(labels, axis, options)
  const found = yield* clusters(mask, {
    periodic: labels.shape.map((_, other) => periodic && other !== axis),
  })
  const sites = sitesWhere(found, cluster => ((found.sides[cluster] >> (2 * axis)) & 1) === 1)
  if (sites.length === 0) return { tortuosity: Number.POSITIVE_INFINITY, steps: 0 }
  const b = wallAreas(labels, sites, { conductivity, spacing, periodic, axis })
  const total = b.reduce((sum, area) => sum + area, 0)
  if (total === 0) return { tortuosity: Number.NaN, steps: 0 }
  for (let i = 0; i < b.length; i++) b[i] /= total
  yield 0
  const system = yield* conduction(labels, sites, { axis, spacing, conductivity, periodic, held: 1 })
  const x = new Float64Array(sites.length)
  const steps = yield* solved(system, { x, b, energy: 0, rising: true, tolerance })
  const length = labels.shape[axis]
  return { tortuosity: (3 * dot(b, x) * mean * (inside / length)) / length, steps }
}

interface Walls {
  readonly conductivity: Float64Array
  readonly spacing: readonly number[]
  readonly periodic: boolean
  readonly axis: number
}

/** The area of every site's faces to sites that do not conduct, up to a common factor; the sides of the sample are none. */
function wallAreas({ data, shape }: Labels, sites: Int32Array, walls: Walls): Float64Array {
  const { conductivity, spacing, periodic, axis } = walls
  const areas = new Float64Array(sites.length)
  for (let a = 0; a < shape.length; a++) {
    const stride = strideOf(shape, a)
    const length = shape[a]
    const wraps = periodic && a !== axis && length > 1
    for (let i = 0; i < sites.length; i++) {
      const at = Math.floor(sites[i] / stride) % length
      for (let hop = -1; hop <= 1; hop += 2) {
        let next = sites[i] + hop * stride
        if (hop < 0 ? at === 0 : at === length - 1) {
          if (!wraps) continue
          next = sites[i] - hop * (length - 1) * stride
        }
        if (data[next] !== outside && conductivity[data[next]] === 0) areas[i] += 1 / spacing[a]
      }
    }
  }
  return areas
}
