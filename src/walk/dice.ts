// Loaded dice that are thrown millions of times: alias tables read with half a word or a word per throw, and exact.
import type { Random } from '../base/random.ts'

/**
 * Alias tables (Walker 1977, built as Vose 1991) of many dice, wherever the caller puts them. A die has 2^bits columns
 * from `at` on. Of a random word of 16 or 32 bits, as the die was loaded for, the high bits choose a column and the
 * low ones are held against its threshold: below, the column is its own face; above, it shows its other face. Where
 * they equal the threshold's integer part, and only there, a further draw settles the remainder. So every chance is
 * right to its own last bits, one of 1e-12 as well as one of 0.5, however few bits a throw takes.
 */
export interface Dice {
  /** [columns]: the integer part of the threshold, times 2^bits, plus the other face. */
  readonly columns: Int32Array
  /** [columns]: what the threshold is in excess of its integer part. */
  readonly remainder: Float64Array
}

/** Room for that many columns. */
export function diceOf(columns: number): Dice {
  return { columns: new Int32Array(columns), remainder: new Float64Array(columns) }
}

/** The bits of a die with at least that many faces, 1 … 30. */
export function bitsFor(faces: number): number {
  return Math.max(1, 32 - Math.clz32(faces - 1))
}

/** The face that the 16-bit word `half` shows of a die loaded for such words. */
export function read(
  { columns, remainder }: Dice,
  at: number,
  bits: number,
  half: number,
  rng: Random,
): number {
  const column = half >>> (16 - bits)
  const entry = columns[at + column]
  const low = (half << bits) & 0xffff
  const other = entry & ((1 << bits) - 1)
  if ((low ^ entry) >>> bits === 0) return rng.uniform() < remainder[at + column] ? column : other
  return low < entry ? column : other
}

/** Loads the die at `at` for words of that many bits, with weights [2^bits] (>= 0, of positive sum), used up. */
export function load(
  { columns, remainder }: Dice,
  { at, bits, word }: { at: number; bits: number; word: 16 | 32 },
  weights: Float64Array,
): void {
  const count = 1 << bits
  const unit = word === 16 ? 0x10000 >> bits : (0xffffffff >>> bits) + 1
  let sum = 0
  for (let i = 0; i < count; i++) sum += weights[i]
  const scale = count / sum
  // Chains through the columns: those short of 1 wait in one, the others in the other.
  let short = -1
  let long = -1
  for (let i = count - 1; i >= 0; i--) {
    const weight = weights[i] * scale
    weights[i] = weight
    if (weight < 1) {
      columns[at + i] = short
      short = i
    } else {
      columns[at + i] = long
      long = i
    }
  }
  while (short >= 0 && long >= 0) {
    const i = short
    short = columns[at + i]
    const height = weights[i] * unit
    const whole = Math.floor(height)
    columns[at + i] = (whole << bits) | long
    remainder[at + i] = height - whole
    const rest = weights[long] - (1 - weights[i])
    weights[long] = rest
    if (rest < 1) {
      const next = columns[at + long]
      columns[at + long] = short
      short = long
      long = next
    }
  }
  // What is left differs from 1 by rounding alone: where both faces are the same, any threshold will do.
  for (let i = short >= 0 ? short : long; i >= 0; ) {
    const next = columns[at + i]
    columns[at + i] = i
    i = next
  }
}
