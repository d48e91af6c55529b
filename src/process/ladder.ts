// Sends n units of one origin along an axis by a few binomial draws instead of n throws.
import { binomial } from '../base/draws.ts'
import type { Random } from '../base/random.ts'
import { bitsFor, diceOf, load, roll } from './dice.ts'

/**
 * The displacements of n units, |d| rung by rung from 0 outwards: of the m units that went at least as far as rung j,
 * Binomial(m, P(|d| = j) / P(|d| >= j)) stay on it, and half of those, a fair binomial, went up.
 *
 * Binomial(m, p) is the sum of Binomial(2^b, p) over the bits b of m, and each of those is one throw of a die, loaded
 * when it is first needed. So the cost is a few throws per rung, whatever m is.
 */
export interface Ladder {
  /** Of a law of displacement [period], even in d. */
  load(law: Float64Array): void
  /** From how many units on the ladder is cheaper than one throw per unit. */
  worthwhile(): number
  /**
   * Draws n >= 1 displacements: `place` [period + 1] receives those that occur, in [0, period), `count` how many units
   * each has; returns how many entries were written.
   */
  draw(n: number, place: Int32Array, count: Int32Array, random: Random): number
}

/** Bits of m that have dice; what is above is drawn at once. */
const BITS = 8
const DICED = 1 << BITS
/** Columns of the dice of a rung: 2, 4, …, 256. */
const COLUMNS = 2 * DICED - 2
/** Rungs that have dice; units beyond them are few. */
const RUNGS = 32
/** The cost of a rung in throws, measured. */
const RUNG_COST = 5

/** A ladder for laws of `period` displacements. */
export function ladderOf(period: number): Ladder {
  const last = period >> 1
  const diced = Math.min(RUNGS, last)
  const dice = diceOf(diced * COLUMNS)
  const chance = new Float64Array(last + 1)
  const tail = new Float64Array(last + 2)
  /** Per rung and bit: the bits of the die, 0 until it is loaded, and the number that its first face stands for. */
  const bits = new Uint8Array(diced * BITS)
  const first = new Int32Array(diced * BITS)
  const weights = new Float64Array(DICED)

  /** Of m units at rung j or beyond, those on it. */
  function stay(j: number, m: number, random: Random): number {
    if (chance[j] >= 1) return m
    if (j >= diced) return binomial(random, m, chance[j])
    let rest = m & (DICED - 1)
    let staying = rest === m ? 0 : binomial(random, m - rest, chance[j])
    while (rest > 0) {
      const bit = 31 - Math.clz32(rest)
      rest ^= 1 << bit
      const die = j * BITS + bit
      const at = j * COLUMNS + (2 << bit) - 2
      if (bits[die] === 0) {
        const { low, faces } = binomialWeights(1 << bit, chance[j], weights)
        first[die] = low
        bits[die] = bitsFor(faces)
        load(dice, at, bits[die], weights)
      }
      staying += first[die] + roll(dice, at, bits[die], random)
    }
    return staying
  }

  return {
    load(law) {
      tail[last + 1] = 0
      for (let j = last; j >= 0; j--) {
        const here = j === 0 || 2 * j === period ? law[j] : 2 * law[j]
        tail[j] = tail[j + 1] + here
        chance[j] = tail[j + 1] > 0 ? here / tail[j] : 1
      }
      bits.fill(0)
    },

    worthwhile() {
      // n units climb about as far as n P(|d| >= j) > 1/2.
      let rungs = 1
      while (rungs <= last && RUNG_COST * rungs * tail[rungs] > 0.5) rungs++
      return RUNG_COST * rungs
    },

    draw(n, place, count, random) {
      let entries = 0
      for (let j = 0, m = n; m > 0; j++) {
        const here = stay(j, m, random)
        m -= here
        if (here === 0) continue
        const up = j === 0 || 2 * j === period ? here : fair(here, random)
        if (up > 0) {
          place[entries] = j
          count[entries++] = up
        }
        if (up < here) {
          place[entries] = period - j
          count[entries++] = here - up
        }
      }
      return entries
    },
  }
}

/** Binomial(n, 1/2): the bits set among n random ones. */
function fair(n: number, random: Random): number {
  if (n >= DICED) return binomial(random, n, 0.5)
  let heads = 0
  let left = n
  for (; left >= 32; left -= 32) heads += ones(random.u32())
  return left === 0 ? heads : heads + ones(random.u32() >>> (32 - left))
}

function ones(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555)
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333)
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
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
