// Thins many counts at once: Binomial(m, p) for a list of m and few different p, half a word per digit of m.
import { binomial } from '../base/draws.ts'
import type { Random } from '../base/random.ts'
import { bitsFor, type Dice, diceOf, load, read } from './dice.ts'

/**
 * Binomial(m, p) is the sum of Binomial(digit 16^k, p) over the hexadecimal digits of m, and each of those is one throw
 * of a die that serves every m. Dice are loaded when they are first needed.
 */
export interface Thinner {
  /** Gives a row its chance p in [0, 1]. */
  set(row: number, p: number): void
  /** Draws thinned[i] = Binomial(counts[i], p of the row), i = 0 … n-1. */
  draw(row: number, n: number, counts: Int32Array, thinned: Int32Array, random: Random): void
}

/** Two digits have dice; what is above is drawn at once. */
const DICED = 256
/** No law of a digit has more likely faces: 18 standard deviations of 240 fair units. */
const WIDEST = 256
/** Columns for the dice of all rows; where these are used up, all are loaded anew as needed. */
const COLUMNS = 1 << 15

/** Room for that many rows. */
export function thinner(rows: number): Thinner {
  const chance = new Float64Array(rows).fill(-1)
  const dice = diceOf(COLUMNS)
  const weights = new Float64Array(2 * WIDEST)
  /** [rows, 2, 16]: bits of the die of a digit, 0 until it is loaded; times 16, what its face 0 is; times 4096, where. */
  const dies = new Int32Array(rows * 32)
  // The die at 0 is that of the digit 0 everywhere: both its columns show the face 0.
  let used = 2
  for (let row = 0; row < rows; row++) forget(row)

  function forget(row: number): void {
    dies.fill(0, 32 * row, 32 * (row + 1))
    dies[32 * row] = dies[32 * row + 16] = 1
  }

  /** Loads the die of a digit. */
  function make(die: number, n: number, p: number): number {
    if (used + WIDEST > COLUMNS) {
      used = 2
      for (let row = 0; row < rows; row++) forget(row)
    }
    const { low, faces } = binomialWeights(n, p, weights)
    const bits = bitsFor(faces)
    load(dice, { at: used, bits, word: 16 }, weights)
    dies[die] = (used << 12) | (low << 4) | bits
    used += 1 << bits
    return dies[die]
  }

  /** Any count: dice that are not loaded yet, ties, and what has no dice. */
  function drawOne(row: number, m: number, word: number, random: Random): number {
    const p = chance[row]
    const large = m & -DICED
    let sum = large === 0 ? 0 : binomial(random, large, p)
    for (let place = 0; place < 2; place++) {
      const digit = (m >>> (4 * place)) & 15
      const die = 32 * row + 16 * place + digit
      const packed = (dies[die] & 15) === 0 ? make(die, digit << (4 * place), p) : dies[die]
      const half = place === 0 ? word & 0xffff : word >>> 16
      sum += ((packed >>> 4) & 255) + read(dice, packed >>> 12, packed & 15, half, random)
    }
    return sum
  }

  return {
    set(row, p) {
      if (chance[row] === p) return
      chance[row] = p
      forget(row)
    },

    draw(row, n, counts, thinned, random) {
      const p = chance[row]
      if (p <= 0) thinned.fill(0, 0, n)
      else if (p >= 1) for (let i = 0; i < n; i++) thinned[i] = counts[i]
      else drawAll({ dice, dies, drawOne }, { row, n, counts, thinned }, random)
    },
  }
}

/**
 * The loop of all that is usual, `read()` written out for both digits. Nothing in it is called but the source of words,
 * and everything it reads stays in registers; what is unusual leaves the inner loop.
 */
function drawAll(
  {
    dice,
    dies,
    drawOne,
  }: {
    dice: Dice
    dies: Int32Array
    drawOne: (row: number, m: number, word: number, random: Random) => number
  },
  { row, n, counts, thinned }: { row: number; n: number; counts: Int32Array; thinned: Int32Array },
  random: Random,
): void {
  const { columns } = dice
  const ones = 32 * row
  for (let i = 0; i < n; i++) {
    let word = 0
    for (; i < n; i++) {
      const m = counts[i]
      word = random.u32()
      if (m >= DICED) break
      const die = dies[ones + (m & 15)]
      const bits = die & 15
      const column = (word & 0xffff) >>> (16 - bits)
      const entry = columns[(die >>> 12) + column]
      const low = (word << bits) & 0xffff
      const die2 = dies[ones + 16 + (m >>> 4)]
      const bits2 = die2 & 15
      const column2 = word >>> (32 - bits2)
      const entry2 = columns[(die2 >>> 12) + column2]
      const low2 = ((word >>> 16) << bits2) & 0xffff
      if (bits === 0 || bits2 === 0 || (low ^ entry) >>> bits === 0 || (low2 ^ entry2) >>> bits2 === 0) break
      const other = entry & ((1 << bits) - 1)
      const other2 = entry2 & ((1 << bits2) - 1)
      thinned[i] =
        ((die >>> 4) & 255) +
        ((die2 >>> 4) & 255) +
        (other ^ ((other ^ column) & ((low - entry) >> 31))) +
        (other2 ^ ((other2 ^ column2) & ((low2 - entry2) >> 31)))
    }
    if (i < n) thinned[i] = drawOne(row, counts[i], word, random)
  }
}

/**
 * Binomial(n, p), 0 < p < 1, up to a factor: its terms from the mode outwards until they are 1e-18 of it, into out[0 …];
 * out[0] is the chance of `low`, and 0 follows the last of the `faces`.
 */
function binomialWeights(n: number, p: number, out: Float64Array): { low: number; faces: number } {
  const mode = Math.min(n, Math.floor((n + 1) * p))
  const odds = p / (1 - p)
  let low = mode
  for (let term = 1; low > 0; low--) {
    out[low] = term
    term *= low / ((n + 1 - low) * odds)
    if (term < 1e-18) break
    out[low - 1] = term
  }
  let high = mode
  for (let term = 1; high <= n; high++) {
    out[high] = term
    term *= ((n - high) / (high + 1)) * odds
    if (term < 1e-18) break
  }
  high = Math.min(high, n)
  const faces = high - low + 1
  out.copyWithin(0, low, high + 1)
  out.fill(0, faces)
  return { low, faces }
}
