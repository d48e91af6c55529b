/**
 * Proximities of the nodes of a graph, plain and logarithmic (Ivashkin & Chebotarev, arXiv 1605.01046), and their distances.
 *
 * With A the weights, D the degrees and L = D − A:
 *   walk (Katz)     (1 − tA)⁻¹, 0 < t < 1/ρ(A)      communicability  e^{tA}
 *   forest          (1 + tL)⁻¹                      heat             e^{−tL}
 *   pagerank        (D − tA)⁻¹, 0 < t < 1           absorption       (L + t diag(a))⁻¹
 * All are summed without cancellation, so every logarithm is good to some 1e-13, however far apart its nodes.
 */

import { cannot, demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { log } from '../base/numeric.ts'
import { exponential } from './exponential.ts'
import { demandConnected, type Graph, graphKinds } from './graph.ts'
import { green } from './green.ts'
import { heat } from './kernel.ts'
import { mostOfTable } from './modes.ts'

export const plainProximities = [
  'walk',
  'communicability',
  'forest',
  'heat',
  'pagerank',
  'absorption',
] as const
export type PlainProximity = (typeof plainProximities)[number]
export type ProximityName = PlainProximity | `log-${PlainProximity}`
export const proximityNames: readonly ProximityName[] = plainProximities.flatMap(
  name => [name, `log-${name}`] as const,
)

export interface ProximityOptions {
  readonly kernel: ProximityName
  /** t of the formulas above. */
  readonly t: number
  /** [nodes], how fast each node absorbs; of absorption alone, default 1. */
  readonly rates?: ArrayLike<number>
}

/**
 * The kernel [nodes, nodes], symmetric. Yields the share done.
 *
 * (1 − t D⁻¹A)⁻¹, the personalised PageRank that is not symmetric, is `pagerank` with column j times d_j; the
 * logarithms of both have the same distances. Throws RangeError where t is out of range, and, for walks and all
 * logarithms, where the graph is not connected.
 */
export function* proximity(graph: Graph, options: ProximityOptions): Generator<number, Float64Array, void> {
  demandGiven(
    'measure the proximities',
    { graph, options },
    { graph: graphKinds, options: { kernel: 'text', t: 'number' } },
  )
  const { kernel, t } = options
  const what = `compute the kernel ${kernel}`
  demand(t > 0 && t < Infinity, what, 't', 'a finite number above 0', t)
  demand(graph.nodes <= mostOfTable, what, 'the number of nodes', `at most ${mostOfTable}`, graph.nodes)
  const logarithmic = kernel.startsWith('log-')
  if (logarithmic || kernel === 'walk') demandConnected(graph, what)
  const table = yield* plain(graph, options)
  if (logarithmic) for (let i = 0; i < table.length; i++) table[i] = log(table[i])
  for (let i = 0; i < table.length; i += 997)
    demand(Math.abs(table[i]) < Infinity, what, 't', 'one for which all entries are doubles', t)
  return table
}

function plain(graph: Graph, { kernel, t, rates }: ProximityOptions): Generator<number, Float64Array, void> {
  const name = kernel.replace('log-', '') as PlainProximity
  const { nodes, degree } = graph
  switch (name) {
    case 'heat':
      return heat(graph, t)
    case 'communicability':
      return exponential({ graph }, t)
    case 'forest':
      return green({ nodes, weights: weightsOf(graph, t), ground: new Float64Array(nodes).fill(1) })
    case 'absorption':
      return green({ nodes, weights: weightsOf(graph, 1), ground: absorption(nodes, t, rates) })
    case 'pagerank': {
      demand(t < 1, 'compute the kernel pagerank', 't', 'below 1', t)
      const alone = degree.indexOf(0)
      if (alone >= 0)
        throw new RangeError(cannot('compute the kernel pagerank', `node ${alone}`, 'at an edge', 'none'))
      return green({ nodes, weights: weightsOf(graph, t), ground: degree.map(value => (1 - t) * value) })
    }
    case 'walk':
      return walk(graph, t)
  }
}

function absorption(nodes: number, t: number, rates?: ArrayLike<number>): Float64Array {
  const what = 'compute the kernel absorption'
  const some = rates === undefined || rates.length === nodes
  demand(some, what, 'the rates', `${nodes}, one per node`, rates?.length)
  const ground = Float64Array.from({ length: nodes }, (_, i) => t * (rates ? rates[i] : 1))
  const wrong = ground.findIndex(value => !(value > 0 && value < Infinity))
  if (wrong >= 0)
    throw new RangeError(cannot(what, `the rate of node ${wrong}`, 'finite and above 0', rates?.[wrong]))
  return ground
}

function weightsOf({ nodes, start, to, weight }: Graph, factor: number): Float64Array {
  const dense = new Float64Array(nodes * nodes)
  for (let i = 0; i < nodes; i++)
    for (let k = start[i]; k < start[i + 1]; k++) dense[i * nodes + to[k]] = factor * weight[k]
  return dense
}

/** With any x > 0: X (1 − tA) X is a Laplacian with the ground x_i (x_i − t (Ax)_i), positive for Perron's x. */
function* walk(graph: Graph, t: number): Generator<number, Float64Array, void> {
  const { nodes } = graph
  const { vector: x, image, largest } = perron(graph)
  demand(t * largest < 1, 'compute the kernel walk', 't', `below 1/ρ = ${1 / largest}`, t)
  const weights = weightsOf(graph, t)
  for (let i = 0; i < nodes; i++) for (let j = 0; j < nodes; j++) weights[i * nodes + j] *= x[i] * x[j]
  const ground = Float64Array.from({ length: nodes }, (_, i) => x[i] * (x[i] - t * image[i]))
  const table = yield* green({ nodes, weights, ground })
  for (let i = 0; i < nodes; i++) for (let j = 0; j < nodes; j++) table[i * nodes + j] *= x[i] * x[j]
  return table
}

export interface Perron {
  /** x > 0 with A x ≈ ρ x, [nodes]. */
  readonly vector: Float64Array
  readonly image: Float64Array
  /** max (Ax)_i / x_i, not below ρ (Collatz and Wielandt). */
  readonly largest: number
}

/** The leading eigenvector of the weights of a connected graph, by powers of A + c, until ρ is known to 1e-12. */
export function perron(options: Graph): Perron {
  demandGiven('find the largest eigenvalue', { options }, { options: graphKinds })
  const { nodes, start, to, weight, degree } = options
  let x = new Float64Array(nodes).fill(1)
  let image = new Float64Array(nodes)
  const shift = degree.reduce((sum, value) => sum + value, 0) / nodes
  for (let round = 0; ; round++) {
    let [low, high, most] = [Infinity, 0, 0]
    for (let i = 0; i < nodes; i++) {
      let sum = 0
      for (let k = start[i]; k < start[i + 1]; k++) sum += weight[k] * x[to[k]]
      image[i] = sum
      low = Math.min(low, sum / x[i])
      high = Math.max(high, sum / x[i])
      most = Math.max(most, sum + shift * x[i])
    }
    if (high - low <= 1e-12 * high || round === 20_000) return { vector: x, image, largest: high }
    const next = image.map((value, i) => (value + shift * x[i]) / most)
    ;[x, image] = [next, x]
  }
}

/** d_ij = ½ (k_ii + k_jj) − k_ij, [nodes, nodes]; its square root where `root` is asked for. */
export function distances(kernel: Float64Array, options: { readonly root?: boolean } = {}): Float64Array {
  demandGiven('measure the distances', { kernel, options }, { kernel: 'floats', options: 'object' })
  const { root = false } = options
  const n = Math.round(Math.sqrt(kernel.length))
  const out = new Float64Array(n * n)
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) {
      const value = (kernel[i * n + i] + kernel[j * n + j]) / 2 - kernel[i * n + j]
      out[i * n + j] = out[j * n + i] = root ? Math.sqrt(Math.max(0, value)) : value
    }
  return out
}
