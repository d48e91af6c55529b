// The forward walk by flows: axis after axis, the units of a site move in groups, and the target has less noise.
import type { Random } from '../base/random.ts'
import type { WalkAxis } from './axes.ts'

/**
 * Axis a moves the m units of every site of a line at once: f of them, drawn jointly, to each other site. Which of the
 * m units those f are is open, uniformly; so what is known of the units, the sum S over the m of their ratios along an
 * axis moved before, goes with them as its mean, f S / m. Ours:
 *
 *     E[ Σ_units at x ratio | flows ] = Σ_y f(y→x) S(y) / m(y),
 *
 * exactly, for every axis moved before, and by induction for all of them. The noisy image is a function of the flows,
 * so the conditional mean of the target given the noisy image is unchanged (the tower rule) while its variance falls.
 */
export type WalkFlows = (
  clean: Int32Array,
  draw: { random: Random; noisy: Int32Array; target: Float32Array },
) => void

/** The walk by flows of one channel of `size` sites; the axes hold the tables of the present tau. */
export function walkFlows(axes: readonly WalkAxis[], size: number): WalkFlows {
  const jumps = 2 * axes.length
  /** [sites, 2d]: the sums of the ratios of the units at each site, for the axes moved so far. */
  const sums = new Float64Array(size * jumps)
  const longest = Math.max(...axes.map(({ length }) => length))
  const widest = Math.max(...axes.map(({ tables }) => tables.period))
  const line: Line = {
    here: new Int32Array(longest),
    arrived: new Int32Array(longest),
    sums: axes.map(() => new Float64Array(2 * longest)),
    histogram: new Int32Array(longest),
    place: new Int32Array(widest + 1),
    count: new Int32Array(widest + 1),
  }
  return (clean, { random, noisy, target }) => {
    noisy.set(clean)
    for (let a = 0; a < axes.length; a++) {
      const { length, stride } = axes[a]
      for (let block = 0; block < size; block += length * stride)
        for (let start = block; start < block + stride; start++) {
          if (gather(noisy, start, axes[a], line) === 0) continue
          moveLine(axes, a, { line, start, sums, random })
          settle(axes, a, { line, start, sums, noisy })
        }
    }
    for (let j = 0, at = 0; j < jumps; j++)
      for (let x = 0; x < size; x++, at++) target[at] = noisy[x] === 0 ? 0 : sums[x * jumps + j]
  }
}

/** Scratch of one line of sites along an axis. */
interface Line {
  readonly here: Int32Array
  readonly arrived: Int32Array
  /** Per axis, [length, 2]: sums of ratios down and up of those who arrived. */
  readonly sums: readonly Float64Array[]
  readonly histogram: Int32Array
  readonly place: Int32Array
  readonly count: Int32Array
}

/** Copies the units of a line; returns how many there are. */
function gather(noisy: Int32Array, start: number, { length, stride }: WalkAxis, { here }: Line): number {
  let units = 0
  for (let x = 0, site = start; x < length; x++, site += stride) {
    here[x] = noisy[site]
    units += here[x]
  }
  return units
}

interface Move {
  readonly line: Line
  readonly start: number
  readonly sums: Float64Array
}

/** Moves all units of a line along axis a, with what they carry of the axes before. */
function moveLine(
  axes: readonly WalkAxis[],
  a: number,
  { line, start, sums, random }: Move & { random: Random },
): void {
  const { length, stride, tables } = axes[a]
  const { here, arrived, place, count } = line
  arrived.fill(0, 0, length)
  for (let b = 0; b <= a; b++) line.sums[b].fill(0, 0, 2 * length)
  for (let x = 0; x < length; x++) {
    const n = here[x]
    if (n === 0) continue
    const entries = tables.send(n, x, line, random)
    addOwn(entries, tables.ratios, 2 * x * length, line, line.sums[a])
    for (let i = 0; i < entries; i++) arrived[place[i]] += count[i]
    const at = (start + x * stride) * 2 * axes.length
    for (let b = 0; b < a; b++) {
      addCarried(entries, sums[at + 2 * b] / n, sums[at + 2 * b + 1] / n, line, line.sums[b])
    }
  }
}

/** The ratios along the axis of the move depend on where each unit went. */
function addOwn(
  entries: number,
  ratios: Float64Array,
  row: number,
  { place, count }: Line,
  out: Float64Array,
): void {
  for (let i = 0; i < entries; i++) {
    const to = 2 * place[i]
    const units = count[i]
    out[to] += units * ratios[row + to]
    out[to + 1] += units * ratios[row + to + 1]
  }
}

/** Those along an axis before go with the units as their mean. */
function addCarried(
  entries: number,
  down: number,
  up: number,
  { place, count }: Line,
  out: Float64Array,
): void {
  for (let i = 0; i < entries; i++) {
    const to = 2 * place[i]
    const units = count[i]
    out[to] += units * down
    out[to + 1] += units * up
  }
}

/** Writes the line back. */
function settle(
  axes: readonly WalkAxis[],
  a: number,
  { line, start, sums, noisy }: Move & { noisy: Int32Array },
): void {
  const { length, stride } = axes[a]
  for (let x = 0; x < length; x++) noisy[start + x * stride] = line.arrived[x]
  for (let b = 0; b <= a; b++) {
    const from = line.sums[b]
    for (let x = 0; x < length; x++) {
      const at = (start + x * stride) * 2 * axes.length + 2 * b
      sums[at] = from[2 * x]
      sums[at + 1] = from[2 * x + 1]
    }
  }
}
