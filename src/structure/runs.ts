/**
 * Runs of a phase along straight lines: its lineal path and its chords.
 */

import { demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { demandGrid, gridKinds, type Lines, linesOf, type Mask } from './labels.ts'
import { finish, pieces, type Work } from './work.ts'

/** How many runs there are of each length 0, 1, …, [length of the axis + 1]. */
export interface Runs {
  /** Every run, those cut off by the sides of the grid with the length that is seen. */
  readonly all: Float64Array
  /** Those with an end inside the grid on either side. */
  readonly whole: Float64Array
  /** Lines that lie in the phase all along: without periodic sides runs in `all`, with them rings in neither. */
  readonly rings: number
}

export interface RunOptions {
  /** With periodic sides a run goes on beyond them. Default false. */
  readonly periodic?: boolean
  /** 1 at the sites of the sample, default all: what lies beyond cuts runs off as the sides of the grid do. Not with periodic sides. */
  readonly inside?: Mask
}

/** Sites of the lines that are walked between two pauses. */
const atOnce = 2 ** 20

export function* runsWork(mask: Mask, axis: number, options: RunOptions = {}): Work<Runs> {
  demandGiven(
    'measure the runs',
    { mask, axis, options },
    { mask: gridKinds, axis: 'number', options: 'object' },
  )
  const { periodic = false, inside } = options
  const what = 'measure the runs'
  demandGrid(mask, what)
  demand(!inside || !periodic, what, 'the sides', 'not periodic where not all is sample', 'periodic ones')
  const lines = linesOf(mask.shape, axis)
  const all = new Float64Array(lines.length + 1)
  const whole = new Float64Array(lines.length + 1)
  const tally: Tally = { all, whole, rings: 0 }
  const take = inside
    ? (from: number, to: number) => runsInside(mask.data, { ...lines, from, to, inside: inside.data }, tally)
    : (from: number, to: number) => runsOf(mask.data, { ...lines, from, to, periodic }, tally)
  yield* pieces(lines.count, take, Math.max(1, Math.floor(atOnce / lines.length)))
  all[0] = 0
  whole[0] = 0
  return tally
}

/** `runsWork`, all at once. */
export const runsAlong = (mask: Mask, axis: number, options?: RunOptions): Runs =>
  finish(runsWork(mask, axis, options))

interface Tally {
  readonly all: Float64Array
  readonly whole: Float64Array
  rings: number
}

/** Some of the lines along an axis. */
interface Some extends Lines {
  readonly from: number
  readonly to: number
}

function runsOf(
  data: Uint8Array,
  { length, stride, start, from, to, periodic }: Some & { readonly periodic: boolean },
  tally: Tally,
): void {
  const { all, whole } = tally
  for (let line = from; line < to; line++) {
    const first = start(line)
    let head = 0
    while (head < length && data[first + head * stride]) head++
    if (head === length) {
      tally.rings++
      if (!periodic) all[length]++
      continue
    }
    // From the first gap on; the run before it is the head.
    let run = 0
    for (let at = head; at < length; at++) {
      if (data[first + at * stride]) run++
      else if (run > 0) {
        all[run]++
        whole[run]++
        run = 0
      }
    }
    if (periodic) {
      all[head + run]++
      whole[head + run]++
    } else {
      all[head]++
      all[run]++
    }
  }
}

function runsInside(
  data: Uint8Array,
  { length, stride, start, from, to, inside }: Some & { readonly inside: Uint8Array },
  { all, whole }: Tally,
): void {
  for (let line = from; line < to; line++) {
    const first = start(line)
    let run = 0
    let cut = false
    for (let at = 0; at <= length; at++) {
      const site = first + at * stride
      if (at < length && data[site]) {
        if (run++ === 0) cut = at === 0 || !inside[site - stride]
      } else if (run > 0) {
        all[run]++
        if (!cut && at < length && inside[site]) whole[run]++
        run = 0
      }
    }
  }
}

/**
 * The lineal-path function L(r): the probability that a segment of length r thrown along the axis lies
 * entirely in the phase (Lu & Torquato 1992, Phys. Rev. A 45, 922–929). On a grid: that all of r + 1 sites
 * in a row do; L(0) = φ. Returns [range + 1]; NaN where no segment fits between the sides.
 */
export function* linealPathWork(
  mask: Mask,
  axis: number,
  options: RunOptions & { range: number },
): Work<Float64Array> {
  demandGiven(
    'measure the lineal path',
    { mask, axis, options },
    { mask: gridKinds, axis: 'number', options: { range: 'number' } },
  )
  const { periodic = false, range, inside } = options
  const { all, rings } = yield* runsWork(mask, axis, { periodic, inside })
  const length = all.length - 1
  const lines = mask.data.length / length
  const sample = inside && (yield* runsWork(inside, axis)).all
  return Float64Array.from({ length: range + 1 }, (_, r) => {
    const found = (periodic ? rings * length : 0) + segments(all, r)
    const places = sample ? segments(sample, r) : lines * (periodic ? length : length - r)
    return places > 0 ? found / places : Number.NaN
  })
}

/** `linealPathWork`, all at once. */
export const linealPath = (...of: Parameters<typeof linealPathWork>): Float64Array =>
  finish(linealPathWork(...of))

/** How many segments of length r lie in runs. */
function segments(runs: Float64Array, r: number): number {
  let sum = 0
  for (let run = r + 1; run < runs.length; run++) sum += runs[run] * (run - r)
  return sum
}

/** Chords: how many there are of each length 1, 2, …, and their mean length (NaN without chords). */
export interface Chords {
  /** [longest + 1]; counts[0] is 0. */
  readonly counts: Float64Array
  readonly mean: number
}

/**
 * The chords that the phase cuts out of the straight lines of sites along an axis, from wall to wall (Torquato &
 * Lu 1993, Phys. Rev. E 47, 2950–2953). Those cut off by the sides of the grid are left out.
 */
export function* chordsWork(mask: Mask, axis: number, options: RunOptions = {}): Work<Chords> {
  demandGiven(
    'measure the chords',
    { mask, axis, options },
    { mask: gridKinds, axis: 'number', options: 'object' },
  )
  const { whole } = yield* runsWork(mask, axis, options)
  const counts = whole.slice(0, whole.findLastIndex(count => count > 0) + 1)
  return { counts, mean: meanOf(counts) }
}

/** `chordsWork`, all at once. */
export const chords = (...of: Parameters<typeof chordsWork>): Chords => finish(chordsWork(...of))

/** The mean of lengths 0, 1, … that occur so often. */
export function meanOf(counts: ArrayLike<number>): number {
  let [sum, total] = [0, 0]
  for (let length = 0; length < counts.length; length++) {
    sum += length * counts[length]
    total += counts[length]
  }
  return sum / total
}
