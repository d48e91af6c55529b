// The forward walk by flows: axis after axis, the units of a site move in groups, and the target has less noise.
import type { Random } from '../base/random.ts'
import type { WalkAxis } from './axes.ts'
import type { Flows } from './ladder.ts'

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

/** Flows that are added up at a time; a rung, or the throws for a site, add less than 2 longest lines more. */
const BATCH = 4096

/** The walk by flows of one channel of `size` sites; the axes hold the tables of the present tau. */
export function walkFlows(axes: readonly WalkAxis[], size: number): WalkFlows {
  const jumps = 2 * axes.length
  const longest = Math.max(...axes.map(({ length }) => length))
  /** [sites, 2d]: the sums of the ratios of the units at each site, for the axes moved so far. */
  const sums = new Float64Array(size * jumps)
  const line: Line = {
    here: new Int32Array(longest),
    arrived: new Int32Array(longest),
    means: axes.map(() => new Float64Array(2 * longest)),
    sums: axes.map(() => new Float64Array(2 * longest)),
  }
  let axis = 0
  const room = BATCH + 2 * longest + 1
  const flows: Flows = {
    origin: new Int32Array(room),
    place: new Int32Array(room),
    count: new Int32Array(room),
    length: 0,
    full: BATCH,
    drain: () => addFlows(axes[axis], axis, line, flows),
    row: (origin, counts) => addRow(axes[axis], { axis, origin, line }, counts),
  }
  return (clean, { random, noisy, target }) => {
    noisy.set(clean)
    flows.length = 0
    for (axis = 0; axis < axes.length; axis++) {
      const { length, stride, tables } = axes[axis]
      for (let block = 0; block < size; block += length * stride)
        for (let start = block; start < block + stride; start++) {
          const part = { axis, jumps, start, length, stride }
          if (gather(line, part, noisy, sums) === 0) continue
          tables.send(line.here, flows, random)
          flows.drain()
          settle(line, part, noisy, sums)
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
  /** Per axis, [length, 2]: mean ratios down and up of those who stood at each site. */
  readonly means: readonly Float64Array[]
  /** Per axis, [length, 2]: sums of the ratios down and up of those who arrived. */
  readonly sums: readonly Float64Array[]
}

/** Which sites make up the line. */
interface Part {
  readonly axis: number
  readonly jumps: number
  readonly start: number
  readonly length: number
  readonly stride: number
}

/** Takes the units of a line from the image, with what they carry of the axes before; returns how many they are. */
function gather(
  line: Line,
  { axis, jumps, start, length, stride }: Part,
  noisy: Int32Array,
  sums: Float64Array,
): number {
  let units = 0
  for (let x = 0, site = start; x < length; x++, site += stride) {
    line.here[x] = noisy[site]
    units += noisy[site]
  }
  if (units === 0) return 0
  line.arrived.fill(0, 0, length)
  line.sums[axis].fill(0, 0, 2 * length)
  for (let b = 0; b < axis; b++) {
    const means = line.means[b]
    line.sums[b].fill(0, 0, 2 * length)
    for (let x = 0, site = start; x < length; x++, site += stride) {
      const each = 1 / line.here[x]
      means[2 * x] = sums[site * jumps + 2 * b] * each
      means[2 * x + 1] = sums[site * jumps + 2 * b + 1] * each
    }
  }
  return units
}

/** Writes the line back. */
function settle(
  line: Line,
  { axis, jumps, start, length, stride }: Part,
  noisy: Int32Array,
  sums: Float64Array,
): void {
  for (let x = 0, site = start; x < length; x++, site += stride) noisy[site] = line.arrived[x]
  for (let b = 0; b <= axis; b++) {
    const from = line.sums[b]
    for (let x = 0, at = start * jumps + 2 * b; x < length; x++, at += stride * jumps) {
      sums[at] = from[2 * x]
      sums[at + 1] = from[2 * x + 1]
    }
  }
}

/** Adds the flows to where they arrive, and forgets them. */
function addFlows({ length, tables }: WalkAxis, axis: number, line: Line, flows: Flows): void {
  addOwn(flows, tables.ratios, { row: 2 * length, arrived: line.arrived, sums: line.sums[axis] })
  for (let b = 0; b < axis; b++) addCarried(flows, line.means[b], line.sums[b])
  flows.length = 0
}

/** The same for one origin and every place. */
function addRow(
  { length, tables }: WalkAxis,
  { axis, origin, line }: { axis: number; origin: number; line: Line },
  counts: Int32Array,
): void {
  const { ratios } = tables
  const { arrived } = line
  const own = line.sums[axis]
  for (let x = 0, to = 0, from = 2 * origin * length; x < length; x++, to += 2, from += 2) {
    const units = counts[x]
    arrived[x] += units
    own[to] += units * ratios[from]
    own[to + 1] += units * ratios[from + 1]
  }
  for (let b = 0; b < axis; b++) {
    const sums = line.sums[b]
    const down = line.means[b][2 * origin]
    const up = line.means[b][2 * origin + 1]
    for (let x = 0, to = 0; x < length; x++, to += 2) {
      sums[to] += counts[x] * down
      sums[to + 1] += counts[x] * up
    }
  }
}

/** The ratios along the axis of the move depend on where each unit went. */
function addOwn(
  { origin, place, count, length }: Flows,
  ratios: Float64Array,
  { row, arrived, sums }: { row: number; arrived: Int32Array; sums: Float64Array },
): void {
  for (let i = 0; i < length; i++) {
    const x = place[i]
    const to = 2 * x
    const from = origin[i] * row + to
    const units = count[i]
    arrived[x] += units
    sums[to] += units * ratios[from]
    sums[to + 1] += units * ratios[from + 1]
  }
}

/** Those along an axis before go with the units as their mean. */
function addCarried({ origin, place, count, length }: Flows, means: Float64Array, out: Float64Array): void {
  for (let i = 0; i < length; i++) {
    const to = 2 * place[i]
    const from = 2 * origin[i]
    const units = count[i]
    out[to] += units * means[from]
    out[to + 1] += units * means[from + 1]
  }
}
