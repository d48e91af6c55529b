/**
 * The exact kernel of the walk on a graph: k_τ = e^{−τL}, a unit hops along each edge at the rate of its weight.
 * Symmetric, rows of sum 1, no entry below 0. One value with three makers: from all modes (up to some
 * thousand nodes), by polynomials (any size, vectors only), and in closed form for the complete graph.
 */

import { demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { exp, expm1 } from '../base/numeric.ts'
import { finish } from '../base/work.ts'
import { applyHeat, laplacian } from './chebyshev.ts'
import type { Eigen } from './eigen.ts'
import { exponential } from './exponential.ts'
import { type Graph, graphKinds } from './graph.ts'
import { demandTable, even, tableOfModes } from './modes.ts'

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

/**
 * The kernel of the walk on a graph. With `modes` (see `modesOf()`) tables, rows and products come from them; without,
 * tables from a sum without cancellation, squared, and the others from polynomials: for graphs of 10⁵ nodes.
 */
export function graphKernel(graph: Graph, modes?: Eigen): GraphKernel {
  demandGiven('build the kernel', { graph, modes }, { graph: graphKinds, modes: 'object?' })
  const { nodes } = graph
  const sparse = laplacian(graph)
  const apply = (tau: number, vector: ArrayLike<number>): Float64Array => {
    demandTau(tau)
    demandVector(vector, nodes)
    if (modes) return fromModes(modes, tau, Float64Array.from(vector))
    const [out] = finish(applyHeat(sparse, Float64Array.from(vector), { times: [tau], width: 1 }))
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
      return even(finish(heat(graph, tau)), nodes)
    },
  }
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

function demandVector(vector: ArrayLike<number>, nodes: number): void {
  demand(vector.length === nodes, 'apply a kernel', 'the vector', `of ${nodes} numbers`, vector.length)
}
