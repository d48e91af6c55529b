/**
 * Runs of a phase along straight lines: its lineal path and its chords.
 */
import { demand } from '../base/errors.ts'
import { demandGrid, linesOf, type Mask } from './labels.ts'

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

export function runsAlong(mask: Mask, axis: number, { periodic = false, inside }: RunOptions = {}): Runs {
  demandGrid(mask, 'measure the runs')
  if (inside) {
    demand(
      !periodic,
      'measure the runs',
      'the sides',
      'not periodic where not all is sample',
      'periodic ones',
    )
    return runsInside(mask, axis, inside)
  }
  const { data } = mask
  const { length, stride, count, start } = linesOf(mask.shape, axis)
  const all = new Float64Array(length + 1)
  const whole = new Float64Array(length + 1)
  let rings = 0
  for (let line = 0; line < count; line++) {
    const first = start(line)
    let head = 0
    while (head < length && data[first + head * stride]) head++
    if (head === length) {
      rings++
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
  all[0] = 0
  whole[0] = 0
  return { all, whole, rings }
}

function runsInside({ data, shape }: Mask, axis: number, { data: inside }: Mask): Runs {
  const { length, stride, count, start } = linesOf(shape, axis)
  const all = new Float64Array(length + 1)
  const whole = new Float64Array(length + 1)
  for (let line = 0; line < count; line++) {
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
  return { all, whole, rings: 0 }
}

/**
 * The lineal-path function L(r): the probability that a segment of length r thrown along the axis lies
 * entirely in the phase (Lu & Torquato 1992, Phys. Rev. A 45, 922–929). On a grid: that all of r + 1 sites
 * in a row do; L(0) = φ. Returns [range + 1]; NaN where no segment fits between the sides.
 */
export function linealPath(
  mask: Mask,
  axis: number,
  { periodic = false, range, inside }: RunOptions & { range: number },
): Float64Array {
  const { all, rings } = runsAlong(mask, axis, { periodic, inside })
  const length = all.length - 1
  const lines = mask.data.length / length
  const sample = inside && runsAlong(inside, axis).all
  return Float64Array.from({ length: range + 1 }, (_, r) => {
    const found = (periodic ? rings * length : 0) + segments(all, r)
    const places = sample ? segments(sample, r) : lines * (periodic ? length : length - r)
    return places > 0 ? found / places : Number.NaN
  })
}

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
export function chords(mask: Mask, axis: number, options: RunOptions = {}): Chords {
  const { whole } = runsAlong(mask, axis, options)
  const counts = whole.slice(0, whole.findLastIndex(count => count > 0) + 1)
  return { counts, mean: meanOf(counts) }
}

/** The mean of lengths 0, 1, … that occur so often. */
export function meanOf(counts: ArrayLike<number>): number {
  let [sum, total] = [0, 0]
  for (let length = 0; length < counts.length; length++) {
    sum += length * counts[length]
    total += counts[length]
  }
  return sum / total
}
