/** All modes of the walk on a graph, and the tables of its kernel that they make. */
import { cannot } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { exp } from '../base/numeric.ts'
import { rowsByRows, transposed } from './dense.ts'
import { type Eigen, eigen } from './eigen.ts'
import { type Graph, graphKinds, parts } from './graph.ts'

/** Most nodes of a table: 512 MiB. */
export const mostOfTable = 8192

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

/** e^{−τL} [n, n] from all modes: nothing below 0, rows of sum 1. */
export function tableOfModes({ values, vectors }: Eigen, tau: number): Float64Array {
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
export function even(table: Float64Array, n: number): Float64Array {
  for (let i = 0; i < n; i++) {
    let sum = 0
    for (let j = 0; j < n; j++) sum += table[i * n + j]
    table[i * n + i] = Math.max(0, table[i * n + i] + (1 - sum))
  }
  return table
}

/** Throws RangeError where a graph is too large for tables. */
export function demandTable(nodes: number): void {
  if (nodes <= mostOfTable) return
  throw new RangeError(
    cannot('make a table of a kernel', 'the number of nodes', `at most ${mostOfTable}`, nodes),
  )
}
