// Matrices of rates between the states of a site: the usual ones, and what must hold of any.
import { demand } from '../base/errors.ts'
import { demandKind } from '../base/given.ts'
import { exp } from '../base/numeric.ts'
import { exponential, largestRate } from './exponential.ts'

/** Rates between S states, and what data without structure are like. */
export interface ChainMatrix {
  /** Q, [S * S]: at [a * S + b] the rate of the change from a to b; rows of sum 0. */
  readonly matrix: readonly number[]
  /** [S], the law of a site of data without structure; default: even over all states. */
  readonly origin?: readonly number[]
}

/** Most states of a site. */
const MOST = 64

/** Every state becomes any of the `states`, whichever it is, at the rate 1. */
export function uniformRates(states: number): ChainMatrix {
  demandStates(states)
  const matrix = Array.from({ length: states * states }, (_, i) =>
    i % (states + 1) === 0 ? 1 / states - 1 : 1 / states,
  )
  return { matrix }
}

/** Every state becomes the last, the mask, at the rate 1, and stays it. Data hold no mask. */
export function absorbingRates(states: number): ChainMatrix {
  demandStates(states)
  const matrix = new Array<number>(states * states).fill(0)
  for (let a = 0; a + 1 < states; a++) {
    matrix[a * states + a] = -1
    matrix[(a + 1) * states - 1] = 1
  }
  const origin = Array.from({ length: states }, (_, a) => (a + 1 < states ? 1 / (states - 1) : 0))
  return { matrix, origin }
}

/** The matrix and the law of data without structure as they are told, checked. Throws RangeError. */
export function checkedMatrix(
  what: string,
  { matrix: rates, origin: told }: ChainMatrix,
): { matrix: Float64Array; origin: Float64Array; states: number } {
  const list = Array.isArray(rates) || ArrayBuffer.isView(rates)
  demandKind(list, what, 'the matrix', 'a list of rates', rates)
  const states = Math.round(Math.sqrt(rates.length))
  demandStates(states, what)
  demand(rates.length === states * states, what, 'the matrix', 'square', rates.length)
  const matrix = Float64Array.from(rates)
  const largest = largestRate(matrix, states)
  for (let a = 0; a < states; a++) {
    let sum = 0
    for (let b = 0; b < states; b++) {
      const rate = matrix[a * states + b]
      sum += rate
      const real = a === b ? rate <= 0 && rate > -Infinity : rate >= 0 && rate < Infinity
      demand(real, what, `the rate from ${a} to ${b}`, a === b ? 'finite and <= 0' : 'finite and >= 0', rate)
    }
    demand(Math.abs(sum) <= 1e-9 * largest, what, `the sum of row ${a}`, '0', sum)
  }
  const origin = Float64Array.from(told ?? new Array<number>(states).fill(1 / states))
  const sum = origin.reduce((total, p) => total + p, 0)
  const law = origin.length === states && origin.every(p => p >= 0) && Math.abs(sum - 1) < 1e-6
  demand(law, what, 'the origin', `${states} probabilities of sum 1`, told)
  return { matrix, origin, states }
}

function demandStates(states: number, what = 'make a matrix of rates'): void {
  const some = Number.isSafeInteger(states) && states >= 2 && states <= MOST
  demand(some, what, 'the number of states', `an integer in 2 … ${MOST}`, states)
}

/** What is left of a state at t = 1, by default. */
const LEFT = exp(-9)

/** The tau after which every state is within e^-9 of the limit law, in total variation. */
export function mixing(matrix: Float64Array, end: Float64Array): number {
  const states = end.length
  const left = (tau: number) => {
    const table = exponential(matrix, states, tau)
    let most = 0
    for (let a = 0; a < states; a++) {
      let sum = 0
      for (let b = 0; b < states; b++) sum += Math.abs(table[a * states + b] - end[b]) / 2
      most = Math.max(most, sum)
    }
    return most
  }
  let [low, high] = [0, 1 / largestRate(matrix, states)]
  while (left(high) > LEFT) [low, high] = [high, 2 * high]
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2
    if (left(middle) > LEFT) low = middle
    else high = middle
  }
  return high
}
