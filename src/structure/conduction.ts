/**
 * The steady diffusion equation on the sites of a phase as a sparse linear system: the finite volumes of
 * Cooper et al. 2016 (TauFactor), SoftwareX 5, 203–210.
 *
 * Each site is a cube of unit side, its unknown the concentration at its centre. Two face neighbours of the
 * phase exchange with conductance 1; walls and sides let nothing through. The two faces across the axis are
 * held at concentrations 1 and 0: half a site away from the centres beside them, so with conductance 2.
 * The sum of conductance × difference over the links of a site is 0.
 */
import type { Graph } from './graph.ts'
import type { Mask } from './labels.ts'
import { strideOf } from './percolation.ts'

export interface Conduction extends Graph {
  /** 1 where the node lies at the face of concentration 1, 2 at that of 0, 3 at both, else 0. */
  readonly face: Uint8Array
  /** Its place between the faces, 0 to 1. */
  readonly depth: Float64Array
}

/** The system of the given sites (of clusters that touch both faces); node i is sites[i]. */
export function conduction(mask: Mask, axis: number, sites: Int32Array): Conduction {
  const { data, shape } = mask
  const strides = shape.map((_, a) => strideOf(shape, a))
  const size = sites.length
  const number = new Int32Array(data.length).fill(-1)
  for (let i = 0; i < size; i++) number[sites[i]] = i
  const start = new Int32Array(size + 1)
  const to = new Int32Array(2 * shape.length * size)
  const diagonal = new Float64Array(size)
  const face = new Uint8Array(size)
  const depth = new Float64Array(size)
  const links = new Int32Array(2 * shape.length)
  let end = 0
  for (let i = 0; i < size; i++) {
    let count = 0
    for (let a = 0; a < shape.length; a++) {
      const at = Math.floor(sites[i] / strides[a]) % shape[a]
      if (at > 0) links[count++] = number[sites[i] - strides[a]]
      if (at < shape[a] - 1) links[count++] = number[sites[i] + strides[a]]
      if (a !== axis) continue
      face[i] = (at === 0 ? 1 : 0) + (at === shape[a] - 1 ? 2 : 0)
      depth[i] = (at + 0.5) / shape[a]
    }
    start[i] = end
    for (let k = 0; k < count; k++) if (links[k] >= 0) to[end++] = links[k]
    diagonal[i] = end - start[i] + 2 * (face[i] & 1) + (face[i] & 2)
  }
  start[size] = end
  return { size, diagonal, start, to: to.slice(0, end), weight: new Float64Array(end).fill(1), face, depth }
}
