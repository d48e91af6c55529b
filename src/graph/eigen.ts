/**
 * All eigenvalues and vectors of a dense symmetric matrix: up to 64 by rotations, above by reflections to tridiagonal
 * form, divide and conquer, and back. (ml-matrix needs 14 s for 1,000 nodes and 447 s for 3,000, and 13 kB of a page.)
 */

import { demandGiven } from '../base/given.ts'
import { transposed } from './dense.ts'
import { divided } from './divide.ts'
import { jacobi } from './jacobi.ts'
import { takenBack, tridiagonal } from './tridiagonal.ts'

export interface Eigen {
  /** [n], rising. */
  readonly values: Float64Array
  /** [n, n]: row k is the vector of value k, of length 1. */
  readonly vectors: Float64Array
}

/**
 * Eigenvalues and vectors of a symmetric matrix [n, n], of which what lies on and below the diagonal is read.
 * Yields the share done, about every 50 ms; takes 4 n² doubles.
 */
export function* eigen(matrix: Float64Array, n: number): Generator<number, Eigen, void> {
  demandGiven('find the eigenvalues', { matrix, n }, { matrix: 'floats', n: 'number' })
  if (n <= 64) return small(matrix, n)
  const reduced = yield* scaled(tridiagonal(matrix.slice(), n), 0, 0.25)
  const { values, vectors } = yield* scaled(divided(reduced), 0.25, 0.6)
  const order = Array.from(values, (_, k) => k).sort((a, b) => values[a] - values[b])
  const modes = transposed(vectors, order)
  yield* scaled(takenBack(reduced, modes), 0.6, 1)
  return { values: Float64Array.from(order, k => values[k]), vectors: modes }
}

function small(matrix: Float64Array, n: number): Eigen {
  const full = Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n]
    return matrix[Math.max(i, j) * n + Math.min(i, j)]
  })
  const { values, vectors } = jacobi(full, n)
  const order = Array.from(values, (_, k) => k).sort((a, b) => values[a] - values[b])
  const sorted = new Float64Array(n * n)
  order.forEach((k, at) => {
    sorted.set(vectors.subarray(k * n, (k + 1) * n), at * n)
  })
  return { values: Float64Array.from(order, k => values[k]), vectors: sorted }
}

/** Work whose shares count as part of a longer one. */
function* scaled<T>(work: Generator<number, T, void>, from: number, to: number): Generator<number, T, void> {
  for (;;) {
    const { done, value } = work.next()
    if (done) return value as T
    yield from + (to - from) * (value as number)
  }
}
