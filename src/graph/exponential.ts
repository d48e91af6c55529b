/**
 * e^{tB − ts} of a symmetric matrix B without negative entries, s a number: a sum without cancellation, squared. Every
 * entry is right to some 1e-13 of itself, however far apart its nodes are, so logarithms can be taken.
 */
import { demandGiven } from '../base/given.ts'
import { exp } from '../base/numeric.ts'
import { mirror, squared } from './dense.ts'
import { type Graph, graphKinds, reachOf } from './graph.ts'

/** B = diag(diagonal) + scale_i scale_j weight_ij, and s. */
export interface Exponent {
  readonly graph: Graph
  /** [nodes], not negative; default 0. */
  readonly diagonal?: Float64Array
  /** [nodes], default 1. */
  readonly scale?: Float64Array
  readonly shift?: number
}

/** The matrix [nodes, nodes]. Yields the share done. */
export function* exponential(exponent: Exponent, t: number): Generator<number, Float64Array, void> {
  demandGiven('take the exponential', { exponent, t }, { exponent: { graph: graphKinds }, t: 'number' })
  const { graph, shift = 0 } = exponent
  const n = graph.nodes
  const jump = jumpOf(exponent)
  const { squarings, terms, cost } = planned({ jump, t, far: 2 * reachOf(graph) })
  const piece = t / 2 ** squarings
  let out = new Float64Array(n * n)
  const series: Series = { jump, piece, terms, weight: exp(-piece * shift) }
  for (let first = 0; first < n; first += WIDTH) {
    yield* summed(series, { first, width: Math.min(WIDTH, n - first), out })
    yield (cost * first) / n
  }
  let next = squarings > 0 ? new Float64Array(n * n) : out
  for (let k = 0; k < squarings; k++) {
    yield* squared(out, n, next)
    ;[out, next] = [next, out]
    yield cost + ((1 - cost) * (k + 1)) / squarings
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

interface Plan {
  readonly squarings: number
  readonly terms: number
  /** The share of the sum in all the work. */
  readonly cost: number
}

/** Longest sum: e^{−500} is far from the smallest double. */
const LONGEST = 500

/**
 * The cheapest mix of terms and squarings. After s squarings nodes as far apart as any, `far` edges, need far / 2^s
 * terms to meet; past that, and past the largest term at r = t · largest / 2^s, 12 + 9 √r more leave nothing out.
 */
function planned({ jump, t, far }: { jump: Jump; t: number; far: number }): Plan {
  const { nodes: n, to } = jump.graph
  let best: Plan | undefined
  let least = Number.POSITIVE_INFINITY
  for (let squarings = 0; squarings < 60; squarings++) {
    const r = (t * jump.largest) / 2 ** squarings
    if (r > LONGEST) continue
    const terms = Math.ceil(r + 9 * Math.sqrt(r) + 12 + far / 2 ** squarings)
    // Measured: a product of a sparse sum takes four times as long as one of a square.
    const [sum, squares] = [4 * terms * n * (to.length + n), (squarings * n ** 3) / 2]
    if (sum + squares < least) {
      least = sum + squares
      best = { squarings, terms, cost: sum / least }
    }
    if (r < 1) break
  }
  return best as Plan
}

/** Columns that are summed together: neighbours in memory. */
const WIDTH = 32

interface Series {
  readonly jump: Jump
  readonly piece: number
  readonly terms: number
  /** Of the first term. */
  readonly weight: number
}

interface Columns {
  readonly first: number
  readonly width: number
  readonly out: Float64Array
}

/** Columns of weight Σ_k (piece B)^k / k!, written to `out`. */
function* summed(
  { jump, piece, terms, weight }: Series,
  { first, width, out }: Columns,
): Generator<number, void, void> {
  const n = jump.graph.nodes
  const sum = new Float64Array(n * width)
  let term = new Float64Array(n * width)
  let next = new Float64Array(n * width)
  for (let c = 0; c < width; c++) term[(first + c) * width + c] = sum[(first + c) * width + c] = weight
  let work = 0
  for (let k = 1; k <= terms; k++) {
    multiply(jump, term, { factor: piece / k, into: next, width })
    ;[term, next] = [next, term]
    for (let i = 0; i < sum.length; i++) sum[i] += term[i]
    work += jump.values.length * width
    if (work > 3e7) {
      work = 0
      yield 0
    }
  }
  for (let i = 0; i < n; i++) for (let c = 0; c < width; c++) out[i * n + first + c] = sum[i * width + c]
}

/** into = factor · B · from, [nodes, width]. */
function multiply(
  { graph: { nodes, start, to }, values, diagonal }: Jump,
  from: Float64Array,
  { factor, into, width }: { factor: number; into: Float64Array; width: number },
): void {
  for (let i = 0; i < nodes; i++) {
    const row = i * width
    const own = factor * diagonal[i]
    for (let c = 0; c < width; c++) into[row + c] = own * from[row + c]
    let k = start[i]
    for (; k + 1 < start[i + 1]; k += 2) {
      const p = factor * values[k]
      const q = factor * values[k + 1]
      const a = to[k] * width
      const b = to[k + 1] * width
      for (let c = 0; c < width; c++) into[row + c] += p * from[a + c] + q * from[b + c]
    }
    if (k === start[i + 1]) continue
    const last = factor * values[k]
    const other = to[k] * width
    for (let c = 0; c < width; c++) into[row + c] += last * from[other + c]
  }
}
