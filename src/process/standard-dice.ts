// Dice of standard lengths along one axis: a walk of any length is one or a few of them, and a few hops.
import { bitsFor, type Dice, diceOf, load } from './dice.ts'
import { wordFor } from './die.ts'
import type { AxisLaws } from './laws.ts'

/**
 * Dice of Poisson(plus) - Poisson(minus) on the circle of an axis. Their lengths: where plus + minus lies between one
 * power of 2 and the next, both are whole multiples of that power / steps.
 */
export interface StandardDice {
  /** All of them; another object after some calls of `take`. */
  dice: Dice
  readonly bits: number
  /** 32 for short axes, less for long ones, whose dice take longer to load. */
  readonly steps: number
  /**
   * Where among `dice` the one of the longest lengths in hops[i] back and hops[i + 1] ahead lies, which are lowered
   * to what it leaves of them: less than a step each. Their sum must be at least 2^-32. The last 64 dice that were taken
   * stay where they are.
   */
  take(hops: Float64Array, i: number): number
}

/** The lowest octave begins at 2^-32. */
const LOWEST = 1023 - 32

/** Columns that are kept, and the least dice: 3 MB for an axis of digits, and more dice than one sampling run wants. */
const COLUMNS = 2 ** 18
const FEWEST = 256

/** So many places before the oldest die is overwritten, it is made anew where it is wanted. */
const MARGIN = 64

/** The dice of an axis, each made when it is first wanted; the oldest make room for new ones. */
export function standardDice({ period, mixed, circle }: AxisLaws): StandardDice {
  const bits = bitsFor(period)
  const most = Math.max(FEWEST, COLUMNS >> bits)
  const steps = 2 ** Math.max(2, Math.min(5, 8 - (bits >> 1)))
  const side = 2 * steps
  // A window on the exponent of a double: every use writes before it reads.
  const number = Float64Array.of(1)
  const words = new Int32Array(number.buffer)
  const high = words[1] === 0 ? 0 : 1
  /** By octave, steps ahead and steps back: 1 + the place of the die. */
  const places: Int32Array[] = []
  /** By place: where `places` tells of it, side * (side * octave + ahead) + back. */
  let owners = new Int32Array(8)
  let made = 0
  let next = 0
  const law = new Float64Array(1 << bits)
  const shared: StandardDice = { dice: diceOf(8 << bits), bits, steps, take }
  // Place 0 is that of the even die, and stays so.
  make(mixed, 0)

  function grow(): void {
    const before = { ...shared.dice, owners }
    shared.dice = diceOf(2 * before.columns.length)
    shared.dice.columns.set(before.columns)
    shared.dice.remainder.set(before.remainder)
    owners = new Int32Array(2 * before.owners.length)
    owners.set(before.owners)
  }

  /** Loads a die in the next place, and returns that. */
  function make(plus: number, minus: number): number {
    const place = next
    if (place === owners.length) grow()
    if (made < most) made++
    else places[Math.floor(owners[place] / (side * side))][owners[place] % (side * side)] = 0
    next = place + 1 === most ? 1 : place + 1
    law.fill(0)
    circle(plus, minus, law.subarray(0, period))
    load(shared.dice, { at: place << bits, bits, word: wordFor(bits) }, law)
    return place
  }

  function take(hops: Float64Array, i: number): number {
    const minus = hops[i]
    const plus = hops[i + 1]
    number[0] = plus + minus
    if (!(number[0] < mixed)) {
      hops[i] = hops[i + 1] = 0
      return 0
    }
    const octave = (words[high] >> 20) - LOWEST
    number[0] = 0
    words[high] = (octave + LOWEST) << 20
    const step = number[0] / steps
    const ahead = Math.floor(plus / step)
    const back = Math.floor(minus / step)
    hops[i] = minus - back * step
    hops[i + 1] = plus - ahead * step
    places[octave] ??= new Int32Array(side * side)
    const own = side * ahead + back
    let place = places[octave][own] - 1
    if (place < 0 || (place > 0 && (place - next + most - 1) % (most - 1) < MARGIN)) {
      place = make(ahead * step, back * step)
      owners[place] = side * side * octave + own
      places[octave][own] = place + 1
    }
    return place << bits
  }

  return shared
}
