/**
 * e^{−tL} on vectors by Chebyshev polynomials, for graphs too large for a table: each term costs one pass over the edges.
 *
 * On 0 ≤ λ ≤ b, e^{−tλ} = Σ_k c_k T_k(1 − 2λ/b) with c_k = 2 e^{−z} I_k(z), z = tb/2, and c_0 halved
 * (Abramowitz & Stegun 9.6.34). What is left out falls off faster than any power once k > √z.
 */

import { demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import type { Graph } from './graph.ts'
import { graphKinds } from './graph.ts'

/** A symmetric matrix with eigenvalues from 0 to `bound`: diagonal minus links. */
export interface SparseLaplacian {
  readonly nodes: number
  readonly start: Int32Array
  readonly to: Int32Array
  /** [2 edges], what is subtracted. */
  readonly link: Float64Array
  /** [nodes] */
  readonly diagonal: Float64Array
  readonly bound: number
}

/** Plain: L = D − A, whose e^{−tL} has rows of sum 1; normalised: 1 − D^{−½} A D^{−½}. */
export type LaplacianName = 'plain' | 'normalised'

/** The Laplacian of a graph. A node without edges has a row of zeros in both. */
export function laplacian(graph: Graph, name: LaplacianName = 'plain'): SparseLaplacian {
  demandGiven('build the Laplacian', { graph, name }, { graph: graphKinds, name: 'text' })
  const { nodes, start, to, weight, degree } = graph
  if (name === 'plain') {
    let bound = 0
    // λ ≤ the largest d_i + d_j over the edges (Anderson & Morley 1985).
    for (let i = 0; i < nodes; i++)
      for (let k = start[i]; k < start[i + 1]; k++) bound = Math.max(bound, degree[i] + degree[to[k]])
    return { nodes, start, to, link: weight, diagonal: degree, bound }
  }
  const link = weight.slice()
  for (let i = 0; i < nodes; i++)
    for (let k = start[i]; k < start[i + 1]; k++) link[k] /= Math.sqrt(degree[i] * degree[to[k]])
  const diagonal = degree.map(value => (value > 0 ? 1 : 0))
  return { nodes, start, to, link, diagonal, bound: 2 }
}

/** Coefficients until what is left out is below 1e-17: [order + 1]. */
export function coefficients(z: number): Float64Array {
  // e^{−z} I_k(z) falls at least as e^{−k²/2(z + k)}.
  const most = Math.ceil(12 * Math.sqrt(z) + 90)
  const scaled = new Float64Array(most + 2)
  // Miller's recurrence downwards, I_{k−1} = I_{k+1} + (2k/z) I_k, scaled by e^z = I_0 + 2 Σ I_k.
  scaled[most] = 1e-300
  let sum = 0
  for (let k = most; k > 0; k--) {
    scaled[k - 1] = z === 0 ? (k === 1 ? 1 : 0) : scaled[k + 1] + ((2 * k) / z) * scaled[k]
    sum += 2 * scaled[k]
    if (scaled[k - 1] > 1e250) {
      for (let i = k - 1; i <= most; i++) scaled[i] *= 1e-250
      sum *= 1e-250
    }
  }
  sum += scaled[0]
  let last = most
  while (last > 0 && scaled[last] / sum < 1e-18) last--
  return Float64Array.from({ length: last + 1 }, (_, k) => ((k === 0 ? 1 : 2) * scaled[k]) / sum)
}

export interface ApplyOptions {
  readonly times: readonly number[]
  /** Vectors side by side: [nodes, width]. */
  readonly width: number
}

/**
 * e^{−tL} x for every time: [times][nodes, width], right to about 1e-15 of the largest entry of x. Yields the share done.
 */
export function* applyHeat(
  matrix: SparseLaplacian,
  x: Float64Array,
  options: ApplyOptions,
): Generator<number, Float64Array[], void> {
  demandGiven(
    'spread the heat',
    { matrix, x, options },
    {
      matrix: { nodes: 'number', start: 'list', to: 'list', link: 'list', diagonal: 'list', bound: 'number' },
      x: 'floats',
      options: { times: 'list', width: 'number' },
    },
  )
  const { times, width } = options
  for (const t of times) demand(t >= 0 && t < Infinity, 'apply a heat kernel', 'the time', 'at least 0', t)
  const tables = times.map(t => coefficients((t * matrix.bound) / 2))
  const order = Math.max(...tables.map(table => table.length)) - 1
  const out = tables.map(([first]) => x.map(value => first * value))
  let before = x
  let now = new Float64Array(x.length)
  if (order > 0) step(matrix, { factor: 1, before: x, older: undefined, into: now, width })
  let spare = new Float64Array(x.length)
  for (let k = 1; k <= order; k++) {
    for (let at = 0; at < times.length; at++) {
      const c = k < tables[at].length ? tables[at][k] : 0
      const sum = out[at]
      if (c !== 0) for (let i = 0; i < sum.length; i++) sum[i] += c * now[i]
    }
    if (k === order) break
    step(matrix, { factor: 2, before: now, older: before, into: spare, width })
    const freed: Float64Array<ArrayBuffer> =
      k === 1 ? new Float64Array(x.length) : (before as Float64Array<ArrayBuffer>)
    before = now
    now = spare
    spare = freed
    yield k / order
  }
  return out
}

interface Step {
  readonly factor: number
  readonly before: Float64Array
  readonly older: Float64Array | undefined
  readonly into: Float64Array
  readonly width: number
}

/** into = factor · (1 − 2L/b) before − older. */
function step(matrix: SparseLaplacian, { factor, before, older, into, width }: Step): void {
  const { nodes, start, to, link, diagonal, bound } = matrix
  const ratio = bound > 0 ? 2 / bound : 0
  for (let i = 0; i < nodes; i++) {
    const row = i * width
    const own = factor * (1 - ratio * diagonal[i])
    for (let c = 0; c < width; c++) into[row + c] = own * before[row + c]
    for (let k = start[i]; k < start[i + 1]; k++) {
      const value = factor * ratio * link[k]
      const other = to[k] * width
      for (let c = 0; c < width; c++) into[row + c] += value * before[other + c]
    }
    if (older) for (let c = 0; c < width; c++) into[row + c] -= older[row + c]
  }
}
