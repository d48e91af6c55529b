// The harmonic interpolation of a hole: what is there if nothing but the counts around it is known.
import { demand } from '../base/errors.ts'
import { type Lattice, neighbours } from './lattice.ts'
import type { Region } from './region.ts'

/** Sweeps end when no value changes by more than this part of the largest count. */
const CHANGE = 1e-6

/**
 * The function that is the mean of its neighbours at every site of a hole, and equal to `known` [sites] around it
 * (Laplace's equation, by successive over-relaxation): [sites], `elsewhere` in parts without any known neighbour.
 */
export function harmonic(
  { lattice, open, parts }: Region,
  known: ArrayLike<number>,
  elsewhere: number,
): Float64Array {
  const what = 'interpolate the hole'
  demand(known.length === lattice.size, what, 'the known counts', `${lattice.size}`, known.length)
  const reached = neighbours(lattice)
  const values = Float64Array.from({ length: lattice.size }, (_, x) => (open[x] ? 0 : known[x]))
  const largest = values.reduce((most, value) => Math.max(most, value), 0)
  for (const part of parts) {
    const border = part.some(x => around(reached, lattice, x).some(y => !open[y]))
    if (border) relax(values, part, { reached, lattice, change: CHANGE * largest })
    else for (const x of part) values[x] = elsewhere
  }
  return values
}

function around(reached: Int32Array, { size }: Lattice, x: number): number[] {
  const list: number[] = []
  for (let at = x; at < reached.length; at += size) if (reached[at] >= 0) list.push(reached[at])
  return list
}

function relax(
  values: Float64Array,
  part: Int32Array,
  { reached, lattice, change }: { reached: Int32Array; lattice: Lattice; change: number },
): void {
  const near = Array.from(part, x => around(reached, lattice, x))
  const omega = 2 / (1 + Math.sin(Math.PI / (2 + Math.sqrt(part.length))))
  for (let sweep = 0, most = Infinity; most > change && sweep < 100_000; sweep++) {
    most = 0
    part.forEach((x, i) => {
      let sum = 0
      for (const y of near[i]) sum += values[y]
      const step = omega * (sum / near[i].length - values[x])
      values[x] += step
      most = Math.max(most, Math.abs(step))
    })
  }
}

/** A whole split in proportion to weights >= 0, exactly: integer parts, and one more for the largest remainders. */
export function portions(whole: number, weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const fair = weights.map(weight => (total > 0 ? (whole * weight) / total : whole / weights.length))
  const parts = fair.map(Math.floor)
  const left = whole - parts.reduce((sum, part) => sum + part, 0)
  const order = fair.map((_, i) => i).sort((a, b) => fair[b] - parts[b] - (fair[a] - parts[a]) || a - b)
  for (let i = 0; i < left; i++) parts[order[i % order.length]]++
  return parts
}
