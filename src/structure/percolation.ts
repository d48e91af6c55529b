/**
 * Percolation: which sites of a phase lie on a way of face neighbours (4 in 2-D, 6 in 3-D) from one face of
 * the grid to the opposite one (Stauffer & Aharony, *Introduction to Percolation Theory*, 1994).
 */
import { type ClusterOptions, clusters, sitesWhere, spans } from './clusters.ts'
import type { Mask } from './labels.ts'
import type { Work } from './work.ts'

/** The sites of all clusters that touch both faces across an axis, in row-major order; empty where the phase does not percolate. */
export function* spanning(mask: Mask, axis: number, options: ClusterOptions = {}): Work<Int32Array> {
  const found = yield* clusters(mask, options)
  return sitesWhere(found, cluster => spans(found, cluster, axis))
}

/** Whether the phase leads from one face across each axis to the other. */
export function* percolates(mask: Mask): Work<boolean[]> {
  const found = yield* clusters(mask)
  return mask.shape.map((_, axis) => found.sides.some((_, cluster) => spans(found, cluster, axis)))
}
