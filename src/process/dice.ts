// Loaded dice that are thrown millions of times: alias tables read with one 32-bit word per throw, and exact.
import type { Random } from '../base/random.ts'

/**
 * Alias tables (Walker 1977, built as Vose 1991) of many dice, in the caller's order. A die has 2^bits columns from
 * `at` on: the high bits of a word choose a column, the low bits are held against its threshold. Where they equal its
 * integer part, and only there, a further draw settles the remainder: a face of probability 1e-12 is as right as one
 * of 0.5, which the alias tables of `base`, right to 1e-16 in absolute terms with two words per throw, do not promise.
 */
export interface Dice {
  /** Below it, the column is its own face; above, its alias. */
  readonly threshold: Int32Array
  /** What the threshold is in excess of its integer part. */
  readonly remainder: Float64Array
  readonly alias: Int32Array
}

/** Room for `columns` columns in all. */
export function diceOf(columns: number): Dice {
  return {
    threshold: new Int32Array(columns),
    remainder: new Float64Array(columns),
    alias: new Int32Array(columns),
  }
}

/** The bits of a die with at least that many faces, 1 … 30. */
export function bitsFor(faces: number): number {
  return Math.max(1, 32 - Math.clz32(faces - 1))
}

/** One throw of the die at `at`: a face from 0. */
export function roll(dice: Dice, at: number, bits: number, rng: Random): number {
  const word = rng.u32()
  const column = word >>> (32 - bits)
  const low = word & (0xffffffff >>> bits)
  const bar = dice.threshold[at + column]
  const alias = dice.alias[at + column]
  if (low === bar) return rng.uniform() < dice.remainder[at + column] ? column : alias
  // All ones where low < bar: a choice without a branch, since no processor could foresee it.
  const own = (low - bar) >> 31
  return alias ^ ((alias ^ column) & own)
}

/** Loads the die at `at` with weights [2^bits] (>= 0, of positive sum), which are used up. */
export function load(dice: Dice, at: number, bits: number, weights: Float64Array): void {
  const columns = 1 << bits
  const { threshold, remainder, alias } = dice
  const unit = (0xffffffff >>> bits) + 1
  let sum = 0
  for (let i = 0; i < columns; i++) sum += weights[i]
  const scale = columns / sum
  // Chains through `alias`: columns short of 1 wait in one, the others in the other.
  let short = -1
  let long = -1
  for (let i = columns - 1; i >= 0; i--) {
    const weight = weights[i] * scale
    weights[i] = weight
    if (weight < 1) {
      alias[at + i] = short
      short = i
    } else {
      alias[at + i] = long
      long = i
    }
  }
  while (short >= 0 && long >= 0) {
    const i = short
    short = alias[at + i]
    const height = weights[i] * unit
    const whole = Math.floor(height)
    threshold[at + i] = whole
    remainder[at + i] = height - whole
    alias[at + i] = long
    weights[long] -= 1 - weights[i]
    if (weights[long] < 1) {
      const next = alias[at + long]
      alias[at + long] = short
      short = long
      long = next
    }
  }
  // What is left differs from 1 by rounding alone: with itself for an alias, any threshold will do.
  for (let i = short >= 0 ? short : long; i >= 0; ) {
    const next = alias[at + i]
    threshold[at + i] = 0
    alias[at + i] = i
    i = next
  }
}
