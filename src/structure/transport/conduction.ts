/**
 * The steady diffusion equation on the sites of conducting phases as a sparse linear system: the finite volumes of
 * Cooper et al. 2016 (TauFactor), SoftwareX 5, 203–210.
 *
 * Each site is a box of sides h, its unknown the concentration at its centre. Face neighbours along axis a of
 * conductivities k and k' exchange with conductance 2kk'/(k + k') · A_a/h_a, A_a/h_a ∝ 1/h_a²; walls and sides let
 * nothing through. Faces that are held at a concentration lie half a site away from the centres beside them, so with
 * conductance 2k. The unit is the conductance along the axis of the flow at k = 1. The sum of
 * conductance × difference over the links of a site is 0.
 */
import { strideOf } from '../clusters.ts'
import type { Work } from '../work.ts'
import { type Places, parted } from './blocks.ts'
import type { Graph } from './graph.ts'

export interface Conduction extends Graph, Places {
  /** 1 where the node lies at the first face across the axis, 2 at the last one, 3 at both, else 0. */
  readonly face: Uint8Array
  /** Its place between the faces, 0 to 1. */
  readonly depth: Float64Array
  /** Its conductivity. */
  readonly conductivity: Float64Array
}

export interface ConductionOptions {
  readonly axis: number
  /** Lengths of the sides of a site, [axes]. */
  readonly spacing: readonly number[]
  /** Conductivity of every label 0 to 255; 0 for walls. */
  readonly conductivity: Float64Array
  /** Whether the sides along the flow let through what comes in again on the other side. */
  readonly periodic: boolean
  /** Which faces are held at a concentration, by the bits of `face`. */
  readonly held: 1 | 3
}

interface Grid {
  readonly data: Uint8Array
  readonly shape: readonly number[]
}

/** The system of the given sites (whole clusters); node i is sites[i]. */
export function* conduction(
  { data, shape }: Grid,
  sites: Int32Array,
  options: ConductionOptions,
): Work<Conduction> {
  const { axis, spacing, conductivity: known, periodic, held } = options
  const axes = shape.length
  const strength = spacing.map(side => (spacing[axis] / side) ** 2)
  const strides = shape.map((_, a) => strideOf(shape, a))
  const size = sites.length
  const number = new Int32Array(data.length).fill(-1)
  for (let i = 0; i < size; i++) number[sites[i]] = i
  yield 0
  const start = new Int32Array(size + 1)
  const middle = new Int32Array(size)
  const to = new Int32Array(yield* linksOf(shape, { sites, number, along: periodic ? axis : -1 }))
  const weight = new Float32Array(to.length)
  const [diagonal, depth, conductivity] = [0, 1, 2].map(() => new Float64Array(size))
  const face = new Uint8Array(size)
  let end = 0
  for (let i = 0; i < size; i++) {
    const site = sites[i]
    const own = known[data[site]]
    start[i] = end
    for (let a = 0; a < axes; a++) {
      const length = shape[a]
      const at = Math.floor(site / strides[a]) % length
      const wraps = periodic && a !== axis && length > 1
      for (let hop = -1; hop <= 1; hop += 2) {
        let next = site + hop * strides[a]
        if (hop < 0 ? at === 0 : at === length - 1) {
          if (!wraps) continue
          next = site - hop * (length - 1) * strides[a]
        }
        if (number[next] < 0) continue
        const other = known[data[next]]
        to[end] = number[next]
        weight[end] = own === other ? own * strength[a] : (2 * own * other * strength[a]) / (own + other)
        diagonal[i] += weight[end++]
      }
      if (a !== axis) continue
      face[i] = (at === 0 ? 1 : 0) + (at === length - 1 ? 2 : 0)
      depth[i] = (at + 0.5) / length
    }
    middle[i] = parted(to, weight, { from: start[i], end, node: i })
    conductivity[i] = own
    diagonal[i] += own * (2 * (face[i] & held & 1) + (face[i] & held & 2))
    if (i % 250_000 === 0) yield 0
  }
  start[size] = end
  return { size, diagonal, start, middle, to, weight, face, depth, conductivity, box: sites, shape, strength }
}

/** How many links there are, both ends counted; `along` is the axis that does not wrap, −1 where none does. */
function* linksOf(
  shape: readonly number[],
  { sites, number, along }: { sites: Int32Array; number: Int32Array; along: number },
): Work<number> {
  let count = 0
  for (let a = 0; a < shape.length; a++) {
    const stride = strideOf(shape, a)
    const length = shape[a]
    const back = (length - 1) * stride
    for (let i = 0; i < sites.length; i++) {
      const site = sites[i]
      const at = Math.floor(site / stride) % length
      if (at < length - 1) {
        if (number[site + stride] >= 0) count += 2
      } else if (along >= 0 && a !== along && length > 1 && number[site - back] >= 0) count += 2
    }
    yield 0
  }
  return count
}
