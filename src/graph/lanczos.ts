/**
 * The leading eigenvalues and vectors of a symmetric operator, known by what it makes of a vector: Lanczos' method
 * with full orthogonalisation (Golub & Van Loan, Matrix Computations, §10.3).
 */

import { demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import type { Random } from '../base/random.ts'
import { finish } from '../base/work.ts'
import { eigen } from './eigen.ts'

export interface Leading {
  /** [count], falling. */
  readonly values: Float64Array
  /** [count, size], each of length 1. */
  readonly vectors: Float64Array
}

export interface LanczosOptions {
  readonly size: number
  readonly count: number
  /** Of the first vector. */
  readonly random: Random
  /** Largest |A v − λ v| over the largest |λ|, default 1e-8. */
  readonly tolerance?: number
  /** Most products, default 400. */
  readonly most?: number
}

/** Yields the share of the most products that is done. */
export function* lanczos(
  apply: (vector: Float64Array) => Float64Array,
  options: LanczosOptions,
): Generator<number, Leading, void> {
  demandGiven(
    'find the eigenvalues',
    { apply, options },
    { apply: 'function', options: { size: 'number', count: 'number', random: 'stream' } },
  )
  const { size, count, random, tolerance = 1e-8, most = 400 } = options
  const some = Number.isInteger(count) && count >= 1 && count <= size
  demand(some, 'find leading vectors', 'their number', `a whole number from 1 to ${size}`, count)
  const basis = [unit(Float64Array.from({ length: size }, () => random.uniform() - 0.5))]
  const diagonal: number[] = []
  const beside: number[] = []
  const end = Math.min(size, most)
  for (;;) {
    const vector = basis.at(-1) as Float64Array
    const image = apply(vector)
    diagonal.push(dot(image, vector))
    orthogonalise(image, basis)
    const length = Math.sqrt(dot(image, image))
    const steps = diagonal.length
    const look = steps === end || (steps >= count + 4 && steps % 10 === 0) || length < 1e-14
    if (look) {
      const ritz = solved(diagonal, beside)
      const scale = Math.max(Math.abs(ritz.values[0]), Math.abs(ritz.values[steps - 1]))
      const good = (k: number) => length * Math.abs(ritz.last[k]) <= tolerance * scale
      if (
        steps === end ||
        (Array.from({ length: Math.min(count, steps) }, (_, k) => k).every(good) && steps >= count)
      )
        return assembled(basis, ritz, count)
    }
    beside.push(length < 1e-14 ? 0 : length)
    // An invariant space is left by a new direction.
    const fresh = length < 1e-14 ? Float64Array.from({ length: size }, () => random.uniform() - 0.5) : image
    if (length < 1e-14) orthogonalise(fresh, basis)
    basis.push(unit(fresh))
    yield steps / end
  }
}

interface Ritz {
  /** Falling. */
  readonly values: readonly number[]
  /** The vector of each value. */
  readonly vectors: readonly Float64Array[]
  /** The last entry of each vector. */
  readonly last: readonly number[]
}

function solved(diagonal: readonly number[], beside: readonly number[]): Ritz {
  const size = diagonal.length
  const matrix = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    matrix[i * size + i] = diagonal[i]
    if (i > 0) matrix[i * size + i - 1] = beside[i - 1]
  }
  const found = finish(eigen(matrix, size))
  const order = Array.from(found.values, (_, k) => size - 1 - k)
  const vectors = order.map(k => found.vectors.subarray(k * size, (k + 1) * size))
  return { values: order.map(k => found.values[k]), vectors, last: vectors.map(vector => vector[size - 1]) }
}

function assembled(basis: readonly Float64Array[], { values, vectors }: Ritz, count: number): Leading {
  const size = basis[0].length
  const out = new Float64Array(count * size)
  for (let k = 0; k < count; k++)
    for (let j = 0; j < values.length; j++) {
      const share = vectors[k][j]
      const vector = basis[j]
      for (let i = 0; i < size; i++) out[k * size + i] += share * vector[i]
    }
  return { values: Float64Array.from(values.slice(0, count)), vectors: out }
}

/** Takes the shares of all basis vectors out, twice, which is enough (Kahan and Parlett). */
function orthogonalise(vector: Float64Array, basis: readonly Float64Array[]): void {
  for (let round = 0; round < 2; round++)
    for (const other of basis) {
      const share = dot(vector, other)
      for (let i = 0; i < vector.length; i++) vector[i] -= share * other[i]
    }
}

function unit(vector: Float64Array): Float64Array {
  const length = Math.sqrt(dot(vector, vector))
  return vector.map(value => value / length)
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}
