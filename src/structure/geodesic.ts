/**
 * Geodesic tortuosity by heat: how much longer the ways through a phase are than straight ones.
 *
 * Heat spreads for a time t from one side, with no flux through walls; d = √(−4t log(u / u_side)) at the other side
 * (Varadhan 1967; arXiv 2305.19043) is compared with the same of an empty box. So a straight channel has exactly 1, and
 * what the lattice does to the formula is in both.
 */

import { demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import type { Graph } from '../graph/index.ts'
import type { Mask } from './labels.ts'
import { gridKinds } from './labels.ts'
import type { Work } from './work.ts'

export interface GeodesicOptions {
  /** Sites along which side to side is measured: an axis of the shape, 0 first; default the last. */
  readonly axis?: number
  /** Time in squared sites; default the length of the axis, so that heat is e^(−length / 4) at the end. */
  readonly t?: number
}

/** The mean over the reached sites of the far side; Infinity where none is reached. Yields the share done. */
export function* geodesicTortuosity(mask: Mask, options: GeodesicOptions = {}): Work<number> {
  demandGiven('measure the ways', { mask, options }, { mask: gridKinds, options: 'object' })
  const { axis = mask.shape.length - 1, t } = options
  const length = mask.shape[axis]
  const what = 'measure the geodesic tortuosity'
  demand(length >= 2, what, 'the length of the axis', 'at least 2 sites', length)
  const time = t ?? length
  demand(time > 0 && time < Infinity, what, 't', 'a finite number above 0', time)
  const { graph, sites } = phaseGraph(mask)
  const stride = mask.shape.slice(axis + 1).reduce((size, side) => size * side, 1)
  const place = (i: number) => Math.floor(sites[i] / stride) % length
  const box = yield* fromSide(straight(length), { time, place: i => i })
  const free = Math.log(box[0]) - Math.log(box[length - 1])
  const heat = yield* fromSide(graph, { time, place })
  let [sum, count, near, starts] = [0, 0, 0, 0]
  for (let i = 0; i < graph.nodes; i++)
    if (place(i) === 0) {
      near += heat[i]
      starts++
    }
  for (let i = 0; i < graph.nodes; i++) {
    if (place(i) !== length - 1 || heat[i] === 0) continue
    sum += Math.sqrt(Math.max(0, Math.log(near / starts) - Math.log(heat[i])) / free)
    count++
  }
  return count === 0 ? Number.POSITIVE_INFINITY : sum / count
}

/** A row of sites, each linked to the next. */
function straight(length: number): Graph {
  return phaseGraph({ data: new Uint8Array(length).fill(1), shape: [length] }).graph
}

/** The sites of a phase as nodes, linked to their neighbours along the axes. */
function phaseGraph({ data, shape }: Mask): { readonly graph: Graph; readonly sites: Int32Array } {
  const node = new Int32Array(data.length).fill(-1)
  let nodes = 0
  for (let x = 0; x < data.length; x++) if (data[x]) node[x] = nodes++
  const sites = new Int32Array(nodes)
  const start = new Int32Array(nodes + 1)
  const to = new Int32Array(2 * shape.length * nodes)
  let size = 0
  for (let x = 0; x < data.length; x++) {
    if (node[x] < 0) continue
    sites[node[x]] = x
    for (let axis = 0, stride = data.length; axis < shape.length; axis++) {
      stride /= shape[axis]
      const at = Math.floor(x / stride) % shape[axis]
      if (at > 0 && node[x - stride] >= 0) to[size++] = node[x - stride]
      if (at + 1 < shape[axis] && node[x + stride] >= 0) to[size++] = node[x + stride]
    }
    start[node[x] + 1] = size
  }
  const degree = Float64Array.from({ length: nodes }, (_, i) => start[i + 1] - start[i])
  return {
    graph: { nodes, start, to: to.slice(0, size), weight: new Float64Array(size).fill(1), degree },
    sites,
  }
}

/** Heat after a time, begun as 1 on the side at place 0: a sum without cancellation, for what is far is small. */
function* fromSide(
  { nodes, start, to, degree }: Graph,
  { time, place }: { readonly time: number; readonly place: (i: number) => number },
): Work<Float64Array> {
  const largest = degree.reduce((most, value) => Math.max(most, value), 0)
  const pieces = Math.ceil((time * largest) / 100)
  const reach = (time * largest) / pieces
  let heat = Float64Array.from({ length: nodes }, (_, i) => (place(i) === 0 ? 1 : 0))
  // Ways that wind may be many times as long as the axis; one piece leads further than heat ever comes in it.
  const terms = Math.ceil(reach + 9 * Math.sqrt(reach) + 60)
  for (let piece = 0; piece < pieces; piece++) {
    let term = heat.map(value => value * Math.exp(-reach))
    const sum = term.slice()
    let next = new Float64Array(nodes)
    for (let k = 1; k <= terms; k++) {
      for (let i = 0; i < nodes; i++) {
        let value = (largest - degree[i]) * term[i]
        for (let at = start[i]; at < start[i + 1]; at++) value += term[to[at]]
        next[i] = (value * reach) / (k * largest)
      }
      ;[term, next] = [next, term]
      for (let i = 0; i < nodes; i++) sum[i] += term[i]
      yield (piece + k / terms) / pieces
    }
    heat = sum
  }
  return heat
}
