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

/** One throw of the die at `at`, loaded for words of 32 bits: a face from 0. */
export function roll({ columns, remainder }: Dice, at: number, bits: number, rng: Random): number {
  const word = rng.u32()
  const column = word >>> (32 - bits)
  const entry = columns[at + column]
  const low = word << bits
  const other = entry & ((1 << bits) - 1)
  if ((low ^ entry) >>> bits === 0) return rng.uniform() < remainder[at + column] ? column : other
  // All ones where low < entry: a choice without a branch, since no processor could foresee it.
  return other ^ ((other ^ column) & (((low >>> 1) - (entry >>> 1)) >> 31))
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

/**
 * Throws the die at 0, loaded for words of 16 bits, n times, two per word of the stream: histogram[of[from + face]] goes
 * up by one for each. `read()` written out; a tie needs a call, and a call in the inner loop would slow every throw.
 */
export function readMany(
  dice: Dice,
  {
    bits,
    n,
    from,
    of,
    histogram,
  }: { bits: number; n: number; from: number; of: Int32Array; histogram: Int32Array },
  rng: Random,
): void {
  const { columns } = dice
  const faces = (1 << bits) - 1
  const pairs = n & -2
  for (let u = 0; u < pairs; u += 2) {
    let word = 0
    for (; u < pairs; u += 2) {
      word = rng.u32()
      const column = (word & 0xffff) >>> (16 - bits)
      const column2 = word >>> (32 - bits)
      const entry = columns[column]
      const entry2 = columns[column2]
      const low = (word << bits) & 0xffff
      const low2 = ((word >>> 16) << bits) & 0xffff
      if ((low ^ entry) >>> bits === 0 || (low2 ^ entry2) >>> bits === 0) break
      const other = entry & faces
      const other2 = entry2 & faces
      histogram[of[from + (other ^ ((other ^ column) & ((low - entry) >> 31)))]]++
      histogram[of[from + (other2 ^ ((other2 ^ column2) & ((low2 - entry2) >> 31)))]]++
    }
    if (u < pairs) {
      histogram[of[from + read(dice, 0, bits, word & 0xffff, rng)]]++
      histogram[of[from + read(dice, 0, bits, word >>> 16, rng)]]++
    }
  }
  if (pairs < n) histogram[of[from + read(dice, 0, bits, rng.u32() >>> 16, rng)]]++
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
