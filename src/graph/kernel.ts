/**
 * The exact kernel of the walk on a graph: k_τ = e^{−τL}, a unit hops along each edge at the rate of its weight.
 * Symmetric, rows of sum 1, no entry below 0. One value with three makers: from all modes (up to some
 * thousand nodes), by polynomials (any size, vectors only), and in closed form for the complete graph.
 */

import { cannot, demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { exp, expm1 } from '../base/numeric.ts'
import { applyHeat, laplacian } from './chebyshev.ts'
import { rowsByRows, transposed } from './dense.ts'
import { type Eigen, eigen } from './eigen.ts'
import { exponential } from './exponential.ts'
import { type Graph, graphKinds, parts } from './graph.ts'

/** The kernel of a walk on nodes, at any τ ≥ 0 (rate of an edge of weight 1, times time). */
export interface GraphKernel {
  readonly nodes: number
  /** k_τ, [nodes, nodes]. Throws RangeError where the graph is too large for tables. */
  table(tau: number): Float64Array
  /** k_τ(·|from), [nodes]: the law of a unit that began at `from`. */
  row(tau: number, from: number): Float64Array
  /** Σ_x k_τ(·|x) v(x), [nodes]. */
  apply(tau: number, vector: ArrayLike<number>): Float64Array
}

/** Most nodes of a table: 512 MiB. */
export const mostOfTable = 8192

/**
 * The kernel of the walk on a graph. With `modes` (see `modesOf()`) tables, rows and products come from them; without,
 * tables from a sum without cancellation, squared, and the others from polynomials: for graphs of 10⁵ nodes.
 */
export function graphKernel(graph: Graph, modes?: Eigen): GraphKernel {
  demandGiven('build the kernel', { graph, modes }, { graph: graphKinds, modes: 'object' })
  const { nodes } = graph
  const sparse = laplacian(graph)
  const apply = (tau: number, vector: ArrayLike<number>): Float64Array => {
    demandTau(tau)
    demandVector(vector, nodes)
    if (modes) return fromModes(modes, tau, Float64Array.from(vector))
    const [out] = finished(applyHeat(sparse, Float64Array.from(vector), { times: [tau], width: 1 }))
    return out
  }
  return {
    nodes,
    apply,
    row(tau, from) {
      const known = Number.isInteger(from) && from >= 0 && from < nodes
      demand(known, 'take a row of a kernel', 'its node', `in 0 … ${nodes - 1}`, from)
      const unit = new Float64Array(nodes)
      unit[from] = 1
      return asLaw(apply(tau, unit))
    },
    table(tau) {
      demandTau(tau)
      demandTable(nodes)
      if (modes) return tableOfModes(modes, tau)
      return even(finished(heat(graph, tau)), nodes)
    },
  }
}

/** All modes of the walk on a graph, decays rising from 0. Yields the share done. */
export function* modesOf(graph: Graph): Generator<number, Eigen, void> {
  demandGiven('find the modes', { graph }, { graph: graphKinds })
  demandTable(graph.nodes)
  const { nodes: n, start, to, weight, degree } = graph
  const dense = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    dense[i * n + i] = degree[i]
    for (let k = start[i]; k < start[i + 1]; k++) dense[i * n + to[k]] = -weight[k]
  }
  const { values, vectors } = yield* eigen(dense, n)
  // A part that stands still has the decay 0, not one of the size of a rounding error.
  const still = parts(graph).count
  return { values: values.map((value, k) => (k < still ? 0 : Math.max(0, value))), vectors }
}

/** e^{−τL} [nodes, nodes], every entry right to some 1e-13 of itself. Yields the share done. */
export function* heat(graph: Graph, tau: number): Generator<number, Float64Array, void> {
  demandGiven('spread the heat', { graph, tau }, { graph: graphKinds, tau: 'number' })
  let largest = 0
  for (const value of graph.degree) largest = Math.max(largest, value)
  const diagonal = graph.degree.map(value => largest - value)
  return yield* exponential({ graph, diagonal, shift: largest }, tau)
}

/**
 * The kernel of the complete graph, all weights `weight`: k(stay) = 1/n + (1 − 1/n) e^{−n w τ},
 * k(move) = (1 − e^{−n w τ}) / n. No table is needed to apply it.
 */
export function completeKernel(nodes: number, weight = 1): GraphKernel {
  const what = 'make the kernel of a complete graph'
  demand(Number.isSafeInteger(nodes) && nodes >= 1, what, 'the number of nodes', 'a whole number ≥ 1', nodes)
  demand(weight > 0 && weight < Infinity, what, 'the weight', 'finite and above 0', weight)
  const moved = (tau: number) => -expm1(-nodes * weight * tau) / nodes
  const stayed = (tau: number) => exp(-nodes * weight * tau)
  return {
    nodes,
    apply(tau, vector) {
      demandTau(tau)
      demandVector(vector, nodes)
      let sum = 0
      for (let i = 0; i < nodes; i++) sum += vector[i]
      const [spread, own] = [sum * moved(tau), stayed(tau)]
      return Float64Array.from(vector, value => spread + own * value)
    },
    row(tau, from) {
      demandTau(tau)
      const law = new Float64Array(nodes).fill(moved(tau))
      law[from] += stayed(tau)
      return law
    },
    table(tau) {
      demandTau(tau)
      demandTable(nodes)
      const table = new Float64Array(nodes * nodes).fill(moved(tau))
      for (let i = 0; i < nodes; i++) table[i * nodes + i] += stayed(tau)
      return table
    },
  }
}

/** Σ_k v_k (v_k · x) e^{−τλ_k} */
function fromModes({ values, vectors }: Eigen, tau: number, x: Float64Array): Float64Array {
  const n = x.length
  const out = new Float64Array(n)
  for (let k = 0; k < n; k++) {
    const decay = exp(-tau * values[k])
    // Values rise: what follows is smaller still.
    if (decay < 1e-19) break
    let share = 0
    for (let i = 0; i < n; i++) share += vectors[k * n + i] * x[i]
    share *= decay
    for (let i = 0; i < n; i++) out[i] += share * vectors[k * n + i]
  }
  return out
}

function tableOfModes({ values, vectors }: Eigen, tau: number): Float64Array {
  const n = values.length
  let used = 0
  while (used < n && exp(-tau * values[used]) >= 1e-19) used++
  const byNode = transposed(
    vectors,
    Int32Array.from({ length: n }, (_, k) => k),
  )
  for (let i = 0; i < n; i++) for (let k = 0; k < used; k++) byNode[i * n + k] *= exp((-tau * values[k]) / 2)
  const out = new Float64Array(n * n)
  const rows = { data: byNode, offset: 0, stride: n }
  rowsByRows(rows, rows, { rows: n, columns: n, inner: used, out: { data: out, offset: 0, stride: n } })
  for (let i = 0; i < out.length; i++) if (out[i] < 0) out[i] = 0
  return even(out, n)
}

/** Rows of sum 1: what rounding took is laid on the diagonal, so that the table stays symmetric. */
function even(table: Float64Array, n: number): Float64Array {
  for (let i = 0; i < n; i++) {
    let sum = 0
    for (let j = 0; j < n; j++) sum += table[i * n + j]
    table[i * n + i] = Math.max(0, table[i * n + i] + (1 - sum))
  }
  return table
}

/** Without what rounding made negative, of sum 1. */
function asLaw(row: Float64Array): Float64Array {
  let sum = 0
  for (let i = 0; i < row.length; i++) sum += row[i] = Math.max(0, row[i])
  for (let i = 0; i < row.length; i++) row[i] /= sum
  return row
}

function demandTau(tau: number): void {
  demand(tau >= 0 && tau < Infinity, 'compute a kernel', 'tau', 'a finite number >= 0', tau)
}

function demandTable(nodes: number): void {
  if (nodes <= mostOfTable) return
  throw new RangeError(
    cannot('make a table of a kernel', 'the number of nodes', `at most ${mostOfTable}`, nodes),
  )
}

function demandVector(vector: ArrayLike<number>, nodes: number): void {
  demand(vector.length === nodes, 'apply a kernel', 'the vector', `of ${nodes} numbers`, vector.length)
}

function finished<T>(work: Generator<number, T, void>): T {
  for (;;) {
    const { done, value } = work.next()
    if (done) return value as T
  }
}
