/**
 * e^{tB − ts} of a symmetric matrix B without negative entries, s a number: a sum without cancellation, squared. Every
 * entry is right to some 1e-13 of itself, however far apart its nodes are, so logarithms can be taken.
 */
import { exp } from '../base/numeric.ts'
import { mirror, squared } from './dense.ts'
import { type Graph, reachOf } from './graph.ts'

/** B = diag(diagonal) + scale_i scale_j weight_ij, and s. */
export interface Exponent {
  readonly graph: Graph
  /** [nodes], not negative; default 0. */
  readonly diagonal?: Float64Array
  /** [nodes], default 1. */
  readonly scale?: Float64Array
  readonly shift?: number
}

/** The largest t Σ_j B_ij of the part that is summed; what is beyond is reached by squaring. */
const REACH = 1

/**
 * The matrix [nodes, nodes]. Yields the share done.
 *
 * The sum goes so far that nodes as far apart as any, divided by the squarings, get 20 terms more than it takes to
 * lead from one to the other.
 */
export function* exponential(exponent: Exponent, t: number): Generator<number, Float64Array, void> {
  const { graph, shift = 0 } = exponent
  const n = graph.nodes
  const jump = jumpOf(exponent)
  let squarings = 0
  let piece = t
  for (; piece * jump.largest > REACH; piece /= 2) squarings++
  const terms = 20 + Math.ceil((2 * reachOf(graph)) / 2 ** squarings)
  let out = new Float64Array(n * n)
  let term = new Float64Array(n * n)
  let next = new Float64Array(n * n)
  const weight = exp(-piece * shift)
  for (let i = 0; i < n; i++) term[i * n + i] = out[i * n + i] = weight
  for (let k = 1; k <= terms; k++) {
    yield* multiplied(jump, { factor: piece / k, from: term, into: next })
    ;[term, next] = [next, term]
    for (let i = 0; i < out.length; i++) out[i] += term[i]
    yield (0.5 * k) / terms
  }
  for (let k = 0; k < squarings; k++) {
    squared(out, n, next)
    ;[out, next] = [next, out]
    yield 0.5 + (0.5 * (k + 1)) / squarings
  }
  mirror(out, n)
  return out
}

interface Jump {
  readonly graph: Graph
  readonly values: Float64Array
  readonly diagonal: Float64Array
  /** The largest sum of a row. */
  readonly largest: number
}

function jumpOf({ graph, diagonal, scale }: Exponent): Jump {
  const { nodes, start, to, weight } = graph
  const values = weight.slice()
  const own = diagonal ?? new Float64Array(nodes)
  let largest = 0
  for (let i = 0; i < nodes; i++) {
    let sum = own[i]
    for (let k = start[i]; k < start[i + 1]; k++) {
      if (scale) values[k] *= scale[i] * scale[to[k]]
      sum += values[k]
    }
    largest = Math.max(largest, sum)
  }
  return { graph, values, diagonal: own, largest }
}

/** into = factor · B · from. */
function* multiplied(
  { graph: { nodes: n, start, to }, values, diagonal }: Jump,
  { factor, from, into }: { factor: number; from: Float64Array; into: Float64Array },
): Generator<number, void, void> {
  let work = 0
  for (let i = 0; i < n; i++) {
    const row = i * n
    const own = factor * diagonal[i]
    for (let j = 0; j < n; j++) into[row + j] = own * from[row + j]
    for (let k = start[i]; k < start[i + 1]; k++) {
      const value = factor * values[k]
      const other = to[k] * n
      for (let j = 0; j < n; j++) into[row + j] += value * from[other + j]
    }
    work += (start[i + 1] - start[i] + 1) * n
    if (work > 3e7) {
      work = 0
      yield 0
    }
  }
}
