/**
 * Percolation: which sites of a phase lie on a way of face neighbours (4 in 2-D, 6 in 3-D) from one face of
 * the grid to the opposite one (Stauffer & Aharony, *Introduction to Percolation Theory*, 1994).
 */
import { type Mask, sitesOf } from './labels.ts'

/**
 * The sites of all clusters that touch both faces across an axis, in the order in which a flood from the
 * first face reaches them; empty where the phase does not percolate.
 */
export function spanning(mask: Mask, axis: number): Int32Array {
  const reached = new Uint8Array(mask.data.length)
  const order = flood(mask, { reached, from: face(mask, axis, 0), allowed: 0 })
  const last = mask.shape[axis] - 1
  // Back from the other face: what both floods reach hangs together with both faces.
  const back = flood(mask, { reached, from: face(mask, axis, last), allowed: 1 })
  return back.length === order.length ? order : order.filter(site => reached[site] === 2)
}

/** Whether the phase leads from one face across the axis to the other. */
export function percolates(mask: Mask, axis: number): boolean {
  return spanning(mask, axis).length > 0
}

/** The sites of the phase in one plane across the axis. */
function face({ data, shape }: Mask, axis: number, at: number): number[] {
  const stride = strideOf(shape, axis)
  const block = stride * shape[axis]
  const sites: number[] = []
  for (let outer = at * stride; outer < data.length; outer += block)
    for (let site = outer; site < outer + stride; site++) if (data[site]) sites.push(site)
  return sites
}

export function strideOf(shape: readonly number[], axis: number): number {
  return shape.slice(axis + 1).reduce((product, length) => product * length, 1)
}

interface Flood {
  /** Per site how many floods have reached it; raised by one where this one does. */
  readonly reached: Uint8Array
  readonly from: readonly number[]
  /** The flood enters sites that so many floods have reached. */
  readonly allowed: number
}

function flood(mask: Mask, { reached, from, allowed }: Flood): Int32Array {
  const { data, shape } = mask
  const strides = shape.map((_, axis) => strideOf(shape, axis))
  const queue = new Int32Array(sitesOf(mask))
  let end = 0
  for (const site of from) {
    if (reached[site] !== allowed) continue
    reached[site]++
    queue[end++] = site
  }
  for (let head = 0; head < end; head++) {
    const site = queue[head]
    for (let axis = 0; axis < shape.length; axis++) {
      const stride = strides[axis]
      const at = Math.floor(site / stride) % shape[axis]
      for (let hop = -1; hop <= 1; hop += 2) {
        if (hop < 0 ? at === 0 : at === shape[axis] - 1) continue
        const next = site + hop * stride
        if (!data[next] || reached[next] !== allowed) continue
        reached[next]++
        queue[end++] = next
      }
    }
  }
  return queue.slice(0, end)
}
