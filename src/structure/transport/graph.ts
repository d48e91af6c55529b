/**
 * Symmetric matrices with positive diagonal and no positive entries beside it, stored as weighted graphs:
 * a_ij = −weight of the link i–j. Products, sweeps and the dense solution of small ones.
 */

export interface Graph {
  readonly size: number
  readonly diagonal: Float64Array
  /** The links of node i lie from start[i] to start[i + 1] in `to` and `weight`; every link lies at both ends. */
  readonly start: Int32Array
  /** Links to smaller numbers come first; from middle[i] on they lead to larger ones. */
  readonly middle: Int32Array
  readonly to: Int32Array
  readonly weight: Float32Array
}

/** Nodes from and up to a number, default all: long work is done in pieces. */
export interface Rows {
  readonly from: number
  readonly end: number
}

/** All nodes in pieces that take a fraction of a second each. */
export function rowsOf(size: number): Rows[] {
  const piece = 2_000_000
  return Array.from({ length: Math.ceil(size / piece) }, (_, i) => ({
    from: i * piece,
    end: Math.min(size, (i + 1) * piece),
  }))
}

const all = ({ size }: Graph): Rows => ({ from: 0, end: size })

interface Vectors {
  readonly x: Float64Array
  /** The right side of A x = b, or what comes out of a product. */
  readonly b: Float64Array
}

/** b = A x; returns x·A x. */
export function multiply(graph: Graph, { x, b }: Vectors, rows = all(graph)): number {
  const { diagonal, start, to, weight } = graph
  let energy = 0
  for (let i = rows.from; i < rows.end; i++) {
    let sum = diagonal[i] * x[i]
    const end = start[i + 1]
    for (let at = start[i]; at < end; at++) sum -= weight[at] * x[to[at]]
    b[i] = sum
    energy += x[i] * sum
  }
  return energy
}

/** out = b − A x. */
export function residual(graph: Graph, x: Float64Array, b: Float64Array, out: Float64Array): void {
  const { size, diagonal, start, to, weight } = graph
  for (let i = 0; i < size; i++) {
    let sum = b[i] - diagonal[i] * x[i]
    const end = start[i + 1]
    for (let at = start[i]; at < end; at++) sum += weight[at] * x[to[at]]
    out[i] = sum
  }
}

/** One sweep of Gauss and Seidel over all nodes in rising order, from x = 0: (D − L) x = b. */
export function firstSweep(graph: Graph, { x, b }: Vectors, rows = all(graph)): void {
  const { diagonal, start, middle, to, weight } = graph
  for (let i = rows.from; i < rows.end; i++) {
    let sum = b[i]
    const end = middle[i]
    for (let at = start[i]; at < end; at++) sum += weight[at] * x[to[at]]
    x[i] = sum / diagonal[i]
  }
}

/** What `firstSweep` has left, b − A x = U x, added up over the nodes of every parent (−1: none). */
export function restrict(
  graph: Graph,
  x: Float64Array,
  { parent, load, rows = all(graph) }: { parent: Int32Array; load: Float64Array; rows?: Rows },
): void {
  const { start, middle, to, weight } = graph
  if (rows.from === 0) load.fill(0)
  for (let i = rows.from; i < rows.end; i++) {
    let sum = 0
    const end = start[i + 1]
    for (let at = middle[i]; at < end; at++) sum += weight[at] * x[to[at]]
    if (parent[i] >= 0) load[parent[i]] += sum
  }
}

/** One sweep over all nodes in falling order; x in place. */
export function lastSweep(graph: Graph, { x, b }: Vectors, rows = all(graph)): void {
  const { diagonal, start, to, weight } = graph
  for (let i = rows.end - 1; i >= rows.from; i--) {
    let sum = b[i]
    const end = start[i + 1]
    for (let at = start[i]; at < end; at++) sum += weight[at] * x[to[at]]
    x[i] = sum / diagonal[i]
  }
}

/** The lower triangle [size, size] of the Cholesky factor of A, for small graphs. */
export function cholesky({ size, diagonal, start, to, weight }: Graph): Float64Array {
  const l = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    l[i * size + i] = diagonal[i]
    for (let at = start[i]; at < start[i + 1]; at++) if (to[at] < i) l[i * size + to[at]] -= weight[at]
    for (let j = 0; j <= i; j++) {
      let sum = l[i * size + j]
      for (let k = 0; k < j; k++) sum -= l[i * size + k] * l[j * size + k]
      l[i * size + j] = i === j ? Math.sqrt(sum) : sum / l[j * size + j]
    }
  }
  return l
}

/** x = A⁻¹ b by the factor of `cholesky()`. */
export function backSubstitute(l: Float64Array, b: Float64Array, x: Float64Array): void {
  const size = b.length
  for (let i = 0; i < size; i++) {
    let sum = b[i]
    for (let k = 0; k < i; k++) sum -= l[i * size + k] * x[k]
    x[i] = sum / l[i * size + i]
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = x[i]
    for (let k = i + 1; k < size; k++) sum -= l[k * size + i] * x[k]
    x[i] = sum / l[i * size + i]
  }
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}
