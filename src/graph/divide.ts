/**
 * Eigenvalues and vectors of symmetric tridiagonal matrices by divide and conquer (Cuppen 1981; Gu & Eisenstat 1994),
 * with what needs no work (deflation) as in LAPACK's dlaed2. Multiple eigenvalues, of which graphs have many, make it
 * faster. Pieces of up to 32 are solved by rotations.
 */
import { rowsByRows } from './dense.ts'
import { jacobi } from './jacobi.ts'
import { solveSecular } from './secular.ts'
import type { Tridiagonal } from './tridiagonal.ts'

const LEAF = 32
const EPSILON = 2.220446049250313e-16

interface State {
  readonly n: number
  readonly diagonal: Float64Array
  readonly beside: Float64Array
  /** [n]: after a piece is solved, its eigenvalues, in no order. */
  readonly values: Float64Array
  /** [n, n]: a vector is a column. */
  readonly vectors: Float64Array
  readonly scratch: Float64Array
}

/** Eigenvalues [n], in no order, and vectors [n, n] as columns. Yields the share done. */
export function* divided(
  matrix: Pick<Tridiagonal, 'diagonal' | 'beside'>,
): Generator<number, { values: Float64Array; vectors: Float64Array }, void> {
  const n = matrix.diagonal.length
  const state: State = {
    n,
    diagonal: matrix.diagonal.slice(),
    beside: matrix.beside,
    values: new Float64Array(n),
    vectors: new Float64Array(n * n),
    scratch: new Float64Array(n * n),
  }
  yield* solve(state, { from: 0, to: n })
  return { values: state.values, vectors: state.vectors }
}

interface Range {
  readonly from: number
  readonly to: number
}

function* solve(state: State, { from, to }: Range): Generator<number, void, void> {
  if (to - from <= LEAF) return leaf(state, { from, to })
  const middle = (from + to) >> 1
  const { diagonal, beside, n } = state
  const rho = Math.abs(beside[middle])
  diagonal[middle - 1] -= rho
  diagonal[middle] -= rho
  yield* solve(state, { from, to: middle })
  yield* solve(state, { from: middle, to })
  yield* merge(state, { from, middle, to, rho, sign: beside[middle] < 0 ? -1 : 1 })
  yield ((to - from) / n) ** 3 * 0.75
}

function leaf({ n, diagonal, beside, values, vectors }: State, { from, to }: Range): void {
  const size = to - from
  const piece = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    piece[i * size + i] = diagonal[from + i]
    if (i > 0) piece[i * size + i - 1] = piece[(i - 1) * size + i] = beside[from + i]
  }
  const found = jacobi(piece, size)
  values.set(found.values, from)
  for (let j = 0; j < size; j++)
    for (let i = 0; i < size; i++) vectors[(from + i) * n + from + j] = found.vectors[j * size + i]
}

interface Piece {
  readonly from: number
  readonly middle: number
  readonly to: number
  readonly rho: number
  readonly sign: number
}

/** Joins the two solved halves of a piece: D + ρ z zᵀ in their vectors. */
function* merge(state: State, piece: Piece): Generator<number, void, void> {
  const { n, values, vectors } = state
  const { from, middle, to, rho, sign } = piece
  const size = to - from
  const z = new Float64Array(size)
  for (let j = from; j < to; j++)
    z[j - from] = j < middle ? vectors[(middle - 1) * n + j] : sign * vectors[middle * n + j]
  const { kept, rest, kind } = deflate(state, piece, z)
  const k = kept.length
  const roots = new Float64Array(k)
  const shapes = new Float64Array(k * k)
  if (k > 0) {
    const d = Float64Array.from(kept, j => values[from + j])
    solveSecular({ d, z: Float64Array.from(kept, j => z[j]), rho }, roots, shapes)
  }
  yield 0
  yield* turned(state, piece, { kept, rest, kind, shapes })
  const finished = Float64Array.from(rest, j => values[from + j])
  values.set(roots, from)
  values.set(finished, from + k)
}

/** Which half the entries of a column lie in: only the first, both, only the second. */
type Kind = 0 | 1 | 2

interface Sorted {
  /** Columns of the piece that change, by rising value. */
  readonly kept: number[]
  /** Columns that are vectors already. */
  readonly rest: number[]
  readonly kind: Uint8Array
}

/** Sets aside columns without a share in z, and turns pairs of equal values until one of them has none. */
function deflate({ n, values, vectors }: State, piece: Piece, z: Float64Array): Sorted {
  const { from, middle, to, rho } = piece
  const size = to - from
  const order = Array.from({ length: size }, (_, j) => j).sort((a, b) => values[from + a] - values[from + b])
  const kind = Uint8Array.from({ length: size }, (_, j): Kind => (j < middle - from ? 0 : 2))
  let largest = 0
  for (let j = 0; j < size; j++) largest = Math.max(largest, Math.abs(values[from + j]), Math.abs(z[j]))
  const tolerance = 8 * EPSILON * largest
  const kept: number[] = []
  const rest: number[] = []
  for (const j of order) {
    if (rho * Math.abs(z[j]) <= tolerance) {
      rest.push(j)
      continue
    }
    const before = kept.at(-1)
    if (before === undefined) {
      kept.push(j)
      continue
    }
    const length = Math.hypot(z[before], z[j])
    const [c, s] = [z[j] / length, -z[before] / length]
    const apart = values[from + j] - values[from + before]
    if (Math.abs(apart * c * s) > tolerance) {
      kept.push(j)
      continue
    }
    z[j] = length
    z[before] = 0
    if (kind[before] !== kind[j]) kind[before] = kind[j] = 1
    for (let i = from, row = from * n + from; i < to; i++, row += n) {
      const [p, q] = [vectors[row + before], vectors[row + j]]
      vectors[row + before] = c * p + s * q
      vectors[row + j] = c * q - s * p
    }
    const [a, b] = [values[from + before], values[from + j]]
    values[from + before] = a * c * c + b * s * s
    values[from + j] = a * s * s + b * c * c
    kept.pop()
    rest.push(before)
    kept.push(j)
  }
  return { kept, rest, kind }
}

/** The new vectors of a piece: kept columns times shapes, half by half; the others as they are. */
function* turned(
  { n, vectors, scratch }: State,
  { from, middle, to }: Piece,
  { kept, rest, kind, shapes }: Sorted & { readonly shapes: Float64Array },
): Generator<number, void, void> {
  const k = kept.length
  const grouped = kept.map((_, i) => i).sort((a, b) => kind[kept[a]] - kind[kept[b]] || a - b)
  const upper = grouped.filter(i => kind[kept[i]] < 2).length
  const lower = grouped.findIndex(i => kind[kept[i]] > 0)
  const begin = lower < 0 ? k : lower
  // Rows of the vectors and of the shapes in the same order of columns.
  const factors = new Float64Array(k * k)
  for (let j = 0; j < k; j++) for (let i = 0; i < k; i++) factors[j * k + i] = shapes[j * k + grouped[i]]
  const gathered = new Float64Array((to - from) * k)
  for (let x = from; x < to; x++) {
    const row = x * n + from
    for (let i = 0; i < k; i++) gathered[(x - from) * k + i] = vectors[row + kept[grouped[i]]]
    for (let i = 0; i < rest.length; i++) scratch[row + k + i] = vectors[row + rest[i]]
  }
  const chunk = 128
  for (const half of [
    { first: from, end: middle, offset: 0, inner: upper },
    { first: middle, end: to, offset: begin, inner: k - begin },
  ])
    for (let x = half.first; x < half.end; x += chunk) {
      const rows = Math.min(chunk, half.end - x)
      rowsByRows(
        { data: gathered, offset: (x - from) * k + half.offset, stride: k },
        { data: factors, offset: half.offset, stride: k },
        {
          rows,
          columns: k,
          inner: half.inner,
          out: { data: scratch, offset: x * n + from, stride: n },
        },
      )
      yield 0
    }
  for (let x = from; x < to; x++) vectors.set(scratch.subarray(x * n + from, x * n + to), x * n + from)
}
