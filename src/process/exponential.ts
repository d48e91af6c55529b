// Exponentials of rate matrices of few states: exact in every entry, however small, and the same in every engine.
import { exp } from '../base/numeric.ts'

/** The product of two matrices [states, states]. */
function product(a: Float64Array, b: Float64Array, states: number): Float64Array<ArrayBuffer> {
  const out = new Float64Array(states * states)
  for (let i = 0; i < states; i++)
    for (let k = 0; k < states; k++) {
      const factor = a[i * states + k]
      if (factor !== 0) for (let j = 0; j < states; j++) out[i * states + j] += factor * b[k * states + j]
    }
  return out
}

/** The largest rate at which a state is left. */
export function largestRate(matrix: Float64Array, states: number): number {
  let largest = 0
  for (let i = 0; i < states; i++) largest = Math.max(largest, -matrix[i * states + i])
  return largest
}

/**
 * exp(Q tau), [states, states]: in row a the law after the time tau >= 0 of what begins at a.
 *
 * With q the largest rate, exp(Q tau) = Σ_k e^(-q tau) (q tau)^k / k! (1 + Q/q)^k for q tau <= 1/2, and squared from
 * there: no term is negative, so that small entries are as exact as large ones.
 */
export function exponential(matrix: Float64Array, states: number, tau: number): Float64Array {
  const q = largestRate(matrix, states)
  const one = new Float64Array(states * states)
  for (let i = 0; i < states; i++) one[i * states + i] = 1
  if (q * tau === 0) return one
  let squarings = 0
  let reach = q * tau
  for (; reach > 0.5; reach /= 2) squarings++
  const jump = one.map((unit, i) => Math.max(0, unit + matrix[i] / q))
  let out: Float64Array = new Float64Array(states * states)
  let power: Float64Array = one
  let weight = exp(-reach)
  for (let k = 1; weight > 1e-40; k++) {
    for (let i = 0; i < out.length; i++) out[i] += weight * power[i]
    power = product(power, jump, states)
    weight *= reach / k
  }
  for (; squarings > 0; squarings--) out = product(out, out, states)
  return even(out, states)
}

/** Rows of sum 1. */
function even(law: Float64Array, states: number): Float64Array {
  for (let row = 0; row < law.length; row += states) {
    let sum = 0
    for (let i = row; i < row + states; i++) sum += law[i]
    for (let i = row; i < row + states; i++) law[i] /= sum
  }
  return law
}

/** The inverse of a matrix [states, states], by Gauss and Jordan with pivots; undefined where there is none. */
export function inverse(matrix: Float64Array, states: number): Float64Array | undefined {
  const left = matrix.slice()
  const right = new Float64Array(states * states)
  for (let i = 0; i < states; i++) right[i * states + i] = 1
  for (let column = 0; column < states; column++) {
    let pivot = column
    for (let i = column; i < states; i++)
      if (Math.abs(left[i * states + column]) > Math.abs(left[pivot * states + column])) pivot = i
    const size = left[pivot * states + column]
    if (!(Math.abs(size) > 1e-300)) return undefined
    for (const side of [left, right])
      for (let j = 0; j < states; j++) {
        const kept = side[pivot * states + j]
        side[pivot * states + j] = side[column * states + j]
        side[column * states + j] = kept / size
      }
    for (let i = 0; i < states; i++) {
      const factor = left[i * states + column]
      if (i === column || factor === 0) continue
      for (const side of [left, right])
        for (let j = 0; j < states; j++) side[i * states + j] -= factor * side[column * states + j]
    }
  }
  return right
}

/** What any state becomes in the end, [states]; undefined where that depends on the state. */
export function stationary(matrix: Float64Array, states: number): Float64Array | undefined {
  const q = largestRate(matrix, states)
  if (q === 0) return states === 1 ? Float64Array.of(1) : undefined
  let law: Float64Array = exponential(matrix, states, 1 / q)
  for (let i = 0; i < 60; i++) law = even(product(law, law, states), states)
  for (let i = 0; i < law.length; i++) if (Math.abs(law[i] - law[i % states]) > 1e-9) return undefined
  return law.slice(0, states)
}
