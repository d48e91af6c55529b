/** Eigenvalues and vectors of small symmetric matrices, by rotations (Golub & Van Loan, Matrix Computations, alg. 8.5.2). */

/** Rotations come to an end long before: each round through all pairs squares what is left beside the diagonal. */
const ROUNDS = 60

export interface Rotated {
  /** [n], in no order. */
  readonly values: Float64Array
  /** [n, n]: row k is the vector of value k, of length 1. */
  readonly vectors: Float64Array
}

/** Of a symmetric matrix [n, n], which is destroyed; for n up to some dozens. */
export function jacobi(a: Float64Array, n: number): Rotated {
  const vectors = new Float64Array(n * n)
  for (let i = 0; i < n; i++) vectors[i * n + i] = 1
  for (let round = 0, turned = true; turned && round < ROUNDS; round++) {
    turned = false
    for (let p = 0; p < n; p++)
      for (let q = p + 1; q < n; q++) {
        const beside = a[p * n + q]
        // Below the last digit of both ends nothing changes any more.
        if (Math.abs(beside) <= 1e-17 * Math.hypot(a[p * n + p], a[q * n + q]) || beside === 0) continue
        turned = true
        const slope = (a[q * n + q] - a[p * n + p]) / (2 * beside)
        const tan = 1 / (slope + (slope < 0 ? -1 : 1) * Math.hypot(slope, 1))
        const cos = 1 / Math.hypot(tan, 1)
        turn(a, n, { p, q, cos, sin: tan * cos })
        rotate(vectors, n, { p, q, cos, sin: tan * cos })
      }
  }
  return { values: Float64Array.from({ length: n }, (_, i) => a[i * n + i]), vectors }
}

interface Rotation {
  readonly p: number
  readonly q: number
  readonly cos: number
  readonly sin: number
}

/** Jᵀ A J: columns, then rows. */
function turn(a: Float64Array, n: number, by: Rotation): void {
  const { p, q, cos, sin } = by
  for (let i = 0; i < n * n; i += n) {
    const [x, y] = [a[i + p], a[i + q]]
    a[i + p] = cos * x - sin * y
    a[i + q] = sin * x + cos * y
  }
  rotate(a, n, by)
  a[p * n + q] = 0
  a[q * n + p] = 0
}

/** Two rows. */
function rotate(a: Float64Array, n: number, { p, q, cos, sin }: Rotation): void {
  for (let i = p * n, j = q * n, end = i + n; i < end; i++, j++) {
    const [x, y] = [a[i], a[j]]
    a[i] = cos * x - sin * y
    a[j] = sin * x + cos * y
  }
}
