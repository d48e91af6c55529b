// One loaded die of its own: throws by half words where its faces are few, by words where they are many.
import type { Random } from '../base/random.ts'
import { bitsFor, type Dice, diceOf, load, read } from './dice.ts'

export interface Die {
  readonly dice: Dice
  readonly bits: number
  /** Bits of a random word that one throw takes. */
  readonly word: 16 | 32
}

/** Dice of up to that many bits are thrown with half a word: one throw in 64, at most, needs a further draw. */
const HALF_WORD = 10

/** A die of that many faces; where the weights are not given yet, `reload` it before the first throw. */
export function dieOf(faces: number, weights?: Float64Array): Die {
  const bits = bitsFor(faces)
  const die: Die = { dice: diceOf(1 << bits), bits, word: bits <= HALF_WORD ? 16 : 32 }
  if (weights) reload(die, weights, new Float64Array(1 << bits))
  return die
}

/** Gives the die new weights [faces]; `scratch` has at least 2^bits entries. */
export function reload(die: Die, weights: Float64Array, scratch: Float64Array): void {
  scratch.set(weights)
  scratch.fill(0, weights.length, 1 << die.bits)
  load(die.dice, { at: 0, bits: die.bits, word: die.word }, scratch)
}

/** One throw. */
export function throwOne({ dice, bits, word }: Die, rng: Random): number {
  return word === 16 ? read(dice, 0, bits, rng.u32() >>> 16, rng) : readWord(dice, 0, bits, rng)
}

/** Throws n times: histogram[of[from + face]] goes up by one each time. */
export function throwInto(
  die: Die,
  n: number,
  to: { from: number; of: Int32Array; histogram: Int32Array },
  rng: Random,
): void {
  const { from, of, histogram } = to
  let u = 0
  if (die.word === 16) while (u < n - 1) u = addPairs(die, u, n - 1, to, rng)
  for (; u < n; u++) histogram[of[from + throwOne(die, rng)]]++
}

/**
 * Adds pairs of faces from throw `start` on, two to a word, as long as they start below n; returns how far it came.
 * `read()` written out for both halves: a tie needs a call, and a call in the loop would slow every throw, so a tie
 * ends it.
 */
function addPairs(
  { dice, bits }: Die,
  start: number,
  n: number,
  { from, of, histogram }: { from: number; of: Int32Array; histogram: Int32Array },
  rng: Random,
): number {
  const { columns } = dice
  const all = (1 << bits) - 1
  let word = 0
  let u = start
  for (; u < n; u += 2) {
    word = rng.u32()
    const column = (word & 0xffff) >>> (16 - bits)
    const column2 = word >>> (32 - bits)
    const entry = columns[column]
    const entry2 = columns[column2]
    const low = (word << bits) & 0xffff
    const low2 = ((word >>> 16) << bits) & 0xffff
    if ((low ^ entry) >>> bits === 0 || (low2 ^ entry2) >>> bits === 0) break
    const other = entry & all
    const other2 = entry2 & all
    // All ones where low < entry: a choice without a branch, since no processor could foresee it.
    histogram[of[from + (other ^ ((other ^ column) & ((low - entry) >> 31)))]]++
    histogram[of[from + (other2 ^ ((other2 ^ column2) & ((low2 - entry2) >> 31)))]]++
  }
  if (u >= n) return u
  histogram[of[from + read(dice, 0, bits, word & 0xffff, rng)]]++
  histogram[of[from + read(dice, 0, bits, word >>> 16, rng)]]++
  return u + 2
}

/** `read()` for words of 32 bits. */
function readWord({ columns, remainder }: Dice, at: number, bits: number, rng: Random): number {
  const word = rng.u32()
  const column = word >>> (32 - bits)
  const entry = columns[at + column]
  const low = word << bits
  const other = entry & ((1 << bits) - 1)
  if ((low ^ entry) >>> bits === 0) return rng.uniform() < remainder[at + column] ? column : other
  return low >>> 0 < entry >>> 0 ? column : other
}
