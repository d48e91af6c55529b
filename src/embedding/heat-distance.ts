/**
 * Distances from heat (Huguet et al., arXiv 2305.19043): where a unit begins and where it may be after a short time.
 *
 * d²_ij = −4t log H_ij + ρ · 4t log ½(H_ii + H_jj), H = e^{−tN} with the normalised Laplacian N. On a manifold the first
 * term tends to the squared geodesic as t → 0 (Varadhan 1967); the second takes out how fast heat leaves a place.
 */

import { demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { graphKinds } from '../graph/graph.ts'
import { applyHeat, exponential, type Graph, laplacian } from '../graph/index.ts'

/** Sums of polynomials are right to about this; smaller entries of a kernel are taken for it. */
export const floorOfHeat = 1e-16

export interface HeatOptions {
  readonly t: number
  /** No floor: sums without cancellation, squared, about n³ operations per doubling of t. Default false. */
  readonly exact?: boolean
}

/** e^{−tN} [nodes, nodes] of the normalised Laplacian, symmetric and above 0. Yields the share done. */
export function* normalisedHeat(graph: Graph, options: HeatOptions): Generator<number, Float64Array, void> {
  demandGiven('spread the heat', { graph, options }, { graph: graphKinds, options: { t: 'number' } })
  const { t, exact = false } = options
  demand(t > 0 && t < Infinity, 'spread heat', 't', 'a finite number above 0', t)
  const n = graph.nodes
  if (exact) return yield* exponential({ graph, scale: graph.degree.map(d => 1 / Math.sqrt(d)), shift: 1 }, t)
  const matrix = laplacian(graph, 'normalised')
  const out = new Float64Array(n * n)
  for (let first = 0; first < n; first += WIDTH) {
    const width = Math.min(WIDTH, n - first)
    const [block] = yield* quiet(applyHeat(matrix, units(n, { first, width }), { times: [t], width }))
    for (let i = 0; i < n; i++)
      for (let c = 0; c < width; c++) out[i * n + first + c] = Math.max(floorOfHeat, block[i * width + c])
    yield first / n
  }
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) out[i * n + j] = out[j * n + i] = (out[i * n + j] + out[j * n + i]) / 2
  return out
}

/** Vectors that are taken through the polynomials together: neighbours in memory. */
const WIDTH = 32

/** Unit vectors of nodes `first`, `first + stride`, …, [nodes, width]. */
function units(
  nodes: number,
  { first, width, stride = 1 }: { first: number; width: number; stride?: number },
): Float64Array {
  const out = new Float64Array(nodes * width)
  for (let c = 0; c < width; c++) out[(first + c * stride) * width + c] = 1
  return out
}

/** The same work; its shares are not those of the whole. */
function* quiet<T>(work: Generator<number, T, void>): Generator<number, T, void> {
  for (;;) {
    const { done, value } = work.next()
    if (done) return value as T
    yield 0
  }
}

/** d [nodes, nodes] of a kernel at t; `volume` is ρ, 0 … 1, default 0 as in the authors' program. */
export function heatDistances(
  kernel: Float64Array,
  options: { readonly t: number; readonly volume?: number },
): Float64Array {
  demandGiven(
    'measure the distances',
    { kernel, options },
    { kernel: 'floats', options: { t: 'number', volume: 'number?' } },
  )
  const { t, volume = 0 } = options
  demand(volume >= 0 && volume <= 1, 'compute heat distances', 'the volume term', 'from 0 to 1', volume)
  const n = Math.round(Math.sqrt(kernel.length))
  const out = new Float64Array(n * n)
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) {
      const spread = volume === 0 ? 0 : volume * Math.log((kernel[i * (n + 1)] + kernel[j * (n + 1)]) / 2)
      const square = 4 * t * (spread - Math.log(kernel[i * n + j]))
      out[i * n + j] = out[j * n + i] = Math.sqrt(Math.max(0, square))
    }
  return out
}

/** How spread out heat is after each time: −Σ_ij H_ij log H_ij over at most 256 starting nodes, evenly taken. */
export function* heatEntropies(graph: Graph, times: readonly number[]): Generator<number, number[], void> {
  demandGiven('measure the entropies', { graph, times }, { graph: graphKinds, times: 'list' })
  const n = graph.nodes
  const matrix = laplacian(graph, 'normalised')
  const stride = Math.max(1, Math.floor(n / 256))
  const count = Math.min(256, n)
  const entropies = times.map(() => 0)
  for (let first = 0; first < count; first += WIDTH) {
    const width = Math.min(WIDTH, count - first)
    const starts = units(n, { first: first * stride, width, stride })
    const blocks = yield* quiet(applyHeat(matrix, starts, { times, width }))
    blocks.forEach((block, at) => {
      for (const h of block) if (h > floorOfHeat) entropies[at] -= h * Math.log(h)
    })
    yield first / count
  }
  return entropies
}

/**
 * The knee of a rising curve: where it is highest above the straight line from its first point to its last
 * (Satopää et al. 2011, "Kneedle", without its smoothing).
 */
export function knee(x: readonly number[], y: readonly number[]): number {
  demandGiven('find the knee', { x, y }, { x: 'list', y: 'list' })
  const last = x.length - 1
  let [best, most] = [x[0], Number.NEGATIVE_INFINITY]
  for (let i = 0; i <= last; i++) {
    const along = (x[i] - x[0]) / (x[last] - x[0])
    const above = y[i] - y[0] - along * (y[last] - y[0])
    if (above > most) [best, most] = [x[i], above]
  }
  return best
}
