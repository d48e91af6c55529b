// One axis of a lattice: what the walk along it does to lines of a field, and to lines of counts.
import type { Random } from '../base/random.ts'
import type { AxisKernels, Boundary } from '../lattice/index.ts'
import { accumulate, throwUnits } from './choice.ts'
import { type Die, dieOf, reload, throwInto } from './die.ts'

/** The walk along one axis at the tau last set; lines are `length` numbers at `stride` from `start`. */
export interface AxisWalk {
  set(tau: number): void
  /** Writes K f for one line of a field. */
  spread(field: Float64Array, line: Line, out: Float64Array): void
  /** Moves the units of one line of counts, by the kernel. */
  move(counts: Int32Array, line: Line, random: Random): void
  /** Moves the units of one line by the kernel times a weight: see `Walk.move`. */
  lean(counts: Int32Array, line: Line, by: { random: Random; weight: Float64Array }): void
}

export interface Line {
  readonly start: number
  readonly stride: number
}

/** The displacement of a unit is within so many standard deviations, and so many sites beside: beyond is below 1e-12. */
const DEVIATIONS = 7
const BESIDE = 7

/**
 * The walk on the unfolded circle of the axis (see `AxisKernels`): a unit at y is displaced by d with the probability
 * g(d), even in d, and the place y + d of the circle is folded back onto a site. With `ext` the field on the unfolded
 * circle, (K f)(z) = Σ_d g(d) ext(z + d).
 */
export function axisWalk(source: AxisKernels, boundary: Boundary): AxisWalk {
  const { length, period } = source
  const law = new Float64Array(period)
  /** Displacements -back … reach are looked at: `back` is one more where the whole of an even circle is. */
  let reach = 0
  let back = 0
  const margin = period >> 1
  const fold = Int32Array.from({ length: length + 2 * margin }, (_, i) => boundary.fold(i - margin, length))
  const ext = new Float64Array(length + 2 * margin)
  const line = new Float64Array(length)
  const weights = new Float64Array(period + 1)
  const arrived = new Int32Array(length)
  const die: Die = dieOf(period)
  const scratch = new Float64Array(1 << die.bits)
  const foldUp = Int32Array.from({ length: length + period }, (_, i) => boundary.fold(i, length))
  let known = Number.NaN
  let loaded = Number.NaN

  /** The values of a line on the unfolded circle, from -margin on. */
  function unfold(field: Float64Array, { start, stride }: Line): void {
    for (let i = 0; i < length; i++) line[i] = field[start + i * stride]
    for (let i = margin - back; i < length + margin + reach; i++) ext[i] = line[fold[i]]
  }

  function leaveFrom(y: number, units: number, random: Random): void {
    const n = back + reach + 1
    const from = y + margin - back
    for (let d = -back, i = 0; d <= reach; d++, i++) weights[i] = law[d < 0 ? -d : d] * ext[from + i]
    const total = accumulate(weights, n)
    if (total > 0 && total < Infinity)
      throwUnits(units, { sums: weights, n, total }, { places: fold, from }, { random, histogram: arrived })
    else arrived[y] += units
  }

  function bring(
    counts: Int32Array,
    { start, stride }: Line,
    send: (y: number, units: number) => void,
  ): void {
    arrived.fill(0)
    for (let y = 0, at = start; y < length; y++, at += stride) if (counts[at] > 0) send(y, counts[at])
    for (let y = 0, at = start; y < length; y++, at += stride) counts[at] = arrived[y]
  }

  return {
    set(tau) {
      if (tau === known) return
      known = tau
      source.displacement(tau, law)
      const wide = Math.ceil(DEVIATIONS * Math.sqrt(2 * tau)) + BESIDE
      const half = (period - 1) >> 1
      reach = Math.min(wide, half)
      back = wide > half ? margin : reach
    },

    spread(field, at, out) {
      unfold(field, at)
      const { start, stride } = at
      for (let z = 0; z < length; z++) line[z] = law[0] * ext[z + margin]
      for (let d = 1; d <= reach; d++) {
        const g = law[d]
        for (let z = 0, i = margin; z < length; z++, i++) line[z] += g * (ext[i - d] + ext[i + d])
      }
      if (back > reach) for (let z = 0; z < length; z++) line[z] += law[back] * ext[z]
      for (let z = 0, i = start; z < length; z++, i += stride) out[i] = line[z]
    },

    move(counts, at, random) {
      if (loaded !== known) {
        loaded = known
        reload(die, law, scratch)
      }
      bring(counts, at, (y, units) => {
        throwInto(die, units, { from: y, of: foldUp, histogram: arrived }, random)
      })
    },

    lean(counts, at, { random, weight }) {
      unfold(weight, at)
      bring(counts, at, (y, units) => leaveFrom(y, units, random))
    },
  }
}
