// Throws the units of one site onto the lattice: along one axis two with a word, along two axes one with a word.
import type { Random } from '../base/random.ts'
import { type Dice, read } from './dice.ts'
import { HALF_WORD, throwAt } from './die.ts'

/** How units move along an axis: by the die at `at`, from position `from`, to what `of[from + face]` adds to the site. */
export interface Throw {
  dice: Dice
  at: number
  bits: number
  from: number
  of: Int32Array
}

/** Throws n units along one axis: counts[base + …] goes up by one for each. */
export function landOnLine(n: number, a: Throw, base: number, counts: Int32Array, rng: Random): void {
  let u = 0
  if (a.bits <= HALF_WORD) while (u < n - 1) u = pairs(u, n - 1, a, base, counts, rng)
  for (; u < n; u++) counts[base + a.of[a.from + throwAt(a.dice, a.at, a.bits, rng)]]++
}

/** Throws n units along two axes: counts[… + …] goes up by one for each. */
export function landOnPlane(n: number, a: Throw, b: Throw, counts: Int32Array, rng: Random): void {
  let u = 0
  if (a.bits <= HALF_WORD && b.bits <= HALF_WORD) while (u < n) u = halves(u, n, a, b, counts, rng)
  for (; u < n; u++) {
    const row = a.of[a.from + throwAt(a.dice, a.at, a.bits, rng)]
    counts[row + b.of[b.from + throwAt(b.dice, b.at, b.bits, rng)]]++
  }
}

/** The same where unit u starts hops[2 u] and hops[2 u + 1] further along the axes. */
export function landApart(
  n: number,
  hops: Int32Array,
  a: Throw,
  b: Throw,
  counts: Int32Array,
  rng: Random,
): void {
  let u = 0
  if (a.bits <= HALF_WORD && b.bits <= HALF_WORD) while (u < n) u = apart(u, n, hops, a, b, counts, rng)
  for (; u < n; u++) {
    const row = a.of[a.from + hops[2 * u] + throwAt(a.dice, a.at, a.bits, rng)]
    counts[row + b.of[b.from + hops[2 * u + 1] + throwAt(b.dice, b.at, b.bits, rng)]]++
  }
}

/** Throws n units along one axis, and adds the faces to their positions, once around the circle at most. */
export function advance(n: number, a: Throw, position: Int32Array, period: number, rng: Random): void {
  for (let u = 0; u < n; u++) {
    const to = position[u] + throwAt(a.dice, a.at, a.bits, rng)
    position[u] = to - (period & ~((to - period) >> 31))
  }
}

/*
 * In the loops below `read()` is written out: a tie needs a call, and a call in the loop would slow every throw, so a
 * tie ends it. Each goes from unit `start` on as long as units start below n, and returns how far it came.
 */

/** What `read()` returns where there is no tie: low < entry chooses without a branch, which no processor could foresee. */
function face(entry: number, column: number, low: number, bits: number): number {
  const other = entry & ((1 << bits) - 1)
  return other ^ ((other ^ column) & ((low - entry) >> 31))
}

/** Pairs of units, two to a word. */
function pairs(
  start: number,
  n: number,
  { dice, at, bits, from, of }: Throw,
  base: number,
  counts: Int32Array,
  rng: Random,
): number {
  const { columns } = dice
  let word = 0
  let u = start
  for (; u < n; u += 2) {
    word = rng.u32()
    const column = (word & 0xffff) >>> (16 - bits)
    const column2 = word >>> (32 - bits)
    const entry = columns[at + column]
    const entry2 = columns[at + column2]
    const low = (word << bits) & 0xffff
    const low2 = ((word >>> 16) << bits) & 0xffff
    if ((low ^ entry) >>> bits === 0 || (low2 ^ entry2) >>> bits === 0) break
    counts[base + of[from + face(entry, column, low, bits)]]++
    counts[base + of[from + face(entry2, column2, low2, bits)]]++
  }
  if (u >= n) return u
  counts[base + of[from + read(dice, at, bits, word & 0xffff, rng)]]++
  counts[base + of[from + read(dice, at, bits, word >>> 16, rng)]]++
  return u + 2
}

/** Units that throw two dice, with the halves of a word. */
function halves(start: number, n: number, a: Throw, b: Throw, counts: Int32Array, rng: Random): number {
  const { dice, at, bits, from, of } = a
  const { dice: dice2, at: at2, bits: bits2, from: from2, of: of2 } = b
  const { columns } = dice
  const { columns: columns2 } = dice2
  let word = 0
  let u = start
  for (; u < n; u++) {
    word = rng.u32()
    const column = (word & 0xffff) >>> (16 - bits)
    const column2 = word >>> (32 - bits2)
    const entry = columns[at + column]
    const entry2 = columns2[at2 + column2]
    const low = (word << bits) & 0xffff
    const low2 = ((word >>> 16) << bits2) & 0xffff
    if ((low ^ entry) >>> bits === 0 || (low2 ^ entry2) >>> bits2 === 0) break
    const row = of[from + face(entry, column, low, bits)]
    counts[row + of2[from2 + face(entry2, column2, low2, bits2)]]++
  }
  if (u >= n) return u
  const row = of[from + read(dice, at, bits, word & 0xffff, rng)]
  counts[row + of2[from2 + read(dice2, at2, bits2, word >>> 16, rng)]]++
  return u + 1
}

/** The same for units that start apart. */
function apart(
  start: number,
  n: number,
  hops: Int32Array,
  a: Throw,
  b: Throw,
  counts: Int32Array,
  rng: Random,
): number {
  const { dice, at, bits, from, of } = a
  const { dice: dice2, at: at2, bits: bits2, from: from2, of: of2 } = b
  const { columns } = dice
  const { columns: columns2 } = dice2
  let word = 0
  let u = start
  for (; u < n; u++) {
    word = rng.u32()
    const column = (word & 0xffff) >>> (16 - bits)
    const column2 = word >>> (32 - bits2)
    const entry = columns[at + column]
    const entry2 = columns2[at2 + column2]
    const low = (word << bits) & 0xffff
    const low2 = ((word >>> 16) << bits2) & 0xffff
    if ((low ^ entry) >>> bits === 0 || (low2 ^ entry2) >>> bits2 === 0) break
    const row = of[from + hops[2 * u] + face(entry, column, low, bits)]
    counts[row + of2[from2 + hops[2 * u + 1] + face(entry2, column2, low2, bits2)]]++
  }
  if (u >= n) return u
  const row = of[from + hops[2 * u] + read(dice, at, bits, word & 0xffff, rng)]
  counts[row + of2[from2 + hops[2 * u + 1] + read(dice2, at2, bits2, word >>> 16, rng)]]++
  return u + 1
}
