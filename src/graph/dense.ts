/** Dense matrices of doubles, row by row: products of rows with rows, blocked for the caches. */
import { demandGiven } from '../base/given.ts'

/** A view of rows in a buffer: row i begins at `offset + i * stride`. */
export interface Rows {
  readonly data: Float64Array
  readonly offset: number
  readonly stride: number
}

/** What rows are made of, for the doors of what takes them. */
const rowsKinds = { data: 'list', offset: 'number', stride: 'number' } as const

export interface ProductSize {
  readonly rows: number
  readonly columns: number
  /** Length of the rows that are multiplied. */
  readonly inner: number
}

/** Lengths of the blocks: a tile of the second factor, 64 × 256 doubles, stays in the second cache. */
const INNER = 256
const COLUMNS = 64

/** out[i, j] = Σ_k a[i, k] b[j, k]. */
export function rowsByRows(a: Rows, b: Rows, options: ProductSize & { readonly out: Rows }): void {
  demandGiven(
    'multiply the matrices',
    { a, b, options },
    {
      a: rowsKinds,
      b: rowsKinds,
      options: { rows: 'number', columns: 'number', inner: 'number', out: rowsKinds },
    },
  )
  const { rows, columns, inner, out } = options
  for (let i = 0; i < rows; i++) {
    const row = out.offset + i * out.stride
    out.data.fill(0, row, row + columns)
  }
  for (let k = 0; k < inner; k += INNER) {
    const length = Math.min(INNER, inner - k)
    for (let j = 0; j < columns; j += COLUMNS) {
      const wide = Math.min(COLUMNS, columns - j)
      tile(shifted(a, { row: 0, column: k }), shifted(b, { row: j, column: k }), {
        out: shifted(out, { row: 0, column: j }),
        rows,
        columns: wide,
        inner: length,
      })
    }
  }
}

const shifted = (
  { data, offset, stride }: Rows,
  { row, column }: { readonly row: number; readonly column: number },
): Rows => ({
  data,
  offset: offset + row * stride + column,
  stride,
})

interface Tile {
  readonly out: Rows
  readonly rows: number
  readonly columns: number
  readonly inner: number
}

/** Adds the product of a tile, 2 × 4 entries at a time: their sums stay in registers. */
function tile(a: Rows, b: Rows, { out, rows, columns, inner }: Tile): void {
  const [x, y, z] = [a.data, b.data, out.data]
  for (let i = 0; i < rows; i += 2) {
    const a0 = a.offset + i * a.stride
    const a1 = i + 1 < rows ? a0 + a.stride : a0
    const o0 = out.offset + i * out.stride
    const pair = i + 1 < rows
    let j = 0
    for (; j + 4 <= columns; j += 4) {
      const b0 = b.offset + j * b.stride
      const b1 = b0 + b.stride
      const b2 = b1 + b.stride
      const b3 = b2 + b.stride
      let [s00, s01, s02, s03, s10, s11, s12, s13] = [0, 0, 0, 0, 0, 0, 0, 0]
      for (let k = 0; k < inner; k++) {
        const p = x[a0 + k]
        const q = x[a1 + k]
        const v0 = y[b0 + k]
        const v1 = y[b1 + k]
        const v2 = y[b2 + k]
        const v3 = y[b3 + k]
        s00 += p * v0
        s01 += p * v1
        s02 += p * v2
        s03 += p * v3
        s10 += q * v0
        s11 += q * v1
        s12 += q * v2
        s13 += q * v3
      }
      const at = o0 + j
      z[at] += s00
      z[at + 1] += s01
      z[at + 2] += s02
      z[at + 3] += s03
      if (!pair) continue
      const below = at + out.stride
      z[below] += s10
      z[below + 1] += s11
      z[below + 2] += s12
      z[below + 3] += s13
    }
    for (; j < columns; j++) {
      const b0 = b.offset + j * b.stride
      let [s0, s1] = [0, 0]
      for (let k = 0; k < inner; k++) {
        s0 += x[a0 + k] * y[b0 + k]
        s1 += x[a1 + k] * y[b0 + k]
      }
      z[o0 + j] += s0
      if (pair) z[o0 + out.stride + j] += s1
    }
  }
}

/** The square of a symmetric matrix [n, n], into `out`, which is symmetric to the last bit. Yields the share done. */
export function* squared(matrix: Float64Array, n: number, out: Float64Array): Generator<number, void, void> {
  const chunk = 128
  for (let first = 0; first < n; first += chunk) {
    const rows = Math.min(chunk, n - first)
    const some: Rows = { data: matrix, offset: first * n, stride: n }
    // Columns up to the last of these rows: the rest is mirrored.
    rowsByRows(
      some,
      { ...some, offset: 0 },
      { rows, columns: first + rows, inner: n, out: { ...some, data: out } },
    )
    yield (first / n) ** 2
  }
  mirror(out, n)
}

/** Copies what lies below the diagonal of a matrix [n, n] above it. */
export function mirror(matrix: Float64Array, n: number): void {
  demandGiven('mirror the matrix', { matrix, n }, { matrix: 'floats', n: 'number' })
  const block = 32
  for (let i = 0; i < n; i += block)
    for (let j = 0; j <= i; j += block)
      for (let r = i; r < Math.min(n, i + block); r++)
        for (let c = j; c < Math.min(r, j + block); c++) matrix[c * n + r] = matrix[r * n + c]
}

/** The transpose of a matrix [n, n], columns taken in the order given. */
export function transposed(matrix: Float64Array, order: ArrayLike<number>): Float64Array<ArrayBuffer> {
  const n = order.length
  const out = new Float64Array(n * n)
  const block = 32
  for (let i = 0; i < n; i += block)
    for (let j = 0; j < n; j += block)
      for (let c = j; c < Math.min(n, j + block); c++) {
        const column = order[c]
        for (let r = i; r < Math.min(n, i + block); r++) out[c * n + r] = matrix[r * n + column]
      }
  return out
}
