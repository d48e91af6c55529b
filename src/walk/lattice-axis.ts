// One axis of a lattice: what the walk along it does to fields, and to counts.
import { binomial } from '../base/draws.ts'
import type { Random } from '../base/random.ts'
import type { AxisKernels, Boundary } from '../lattice/index.ts'
import { type AxisKernel, axisKernel } from './axis-kernel.ts'
import { choiceOf } from './choice.ts'
import { type Die, dieOf, reload, throwInto } from './die.ts'

/** The lines of an axis: where each starts, and the step from site to site. */
export interface Lines {
  readonly starts: Int32Array
  readonly stride: number
}

/** The walk along one axis at the tau last set, on all lines at once, in place. */
export interface AxisWalk {
  set(tau: number): void
  /** K f of every line of a field. */
  spread(field: Float64Array, lines: Lines): void
  /** Moves the units of every line of counts, by the kernel. */
  move(counts: Int32Array, lines: Lines, random: Random): void
  /** Moves the units of every line by the kernel times a weight: see `Walk.move`. */
  lean(counts: Int32Array, lines: Lines, by: { random: Random; weight: Float64Array }): void
}

/** Units at a site for each likely displacement, above which they are shared out and not thrown. */
const CROWD = 10

/**
 * The walk along an axis. Fields are carried on by the table of the kernel, four lines together. Units of a site that walk
 * freely are thrown with one die for all sites: the displacement on the unfolded circle of the axis (see `AxisKernels`),
 * which the boundary folds back onto a site.
 */
export function axisWalk(source: AxisKernels, boundary: Boundary): AxisWalk {
  const { length, period } = source
  const kernelAt = axisKernel(source)
  let kernel: AxisKernel = kernelAt(0)
  const block = new Float64Array(4 * length)
  const carried = new Float64Array(4 * (length + (length % 2)))
  const line = new Float64Array(length)
  const choice = choiceOf(length)
  const { weights, places, arrived } = choice
  const die: Die = dieOf(period)
  const scratch = new Float64Array(1 << die.bits)
  const folded = Int32Array.from({ length: length + period }, (_, i) => boundary.fold(i, length))
  const to = { from: 0, of: folded, histogram: arrived }
  let loaded = Number.NaN

  /** Adds to `carried`, at z and z + 1, what the sites from … to - 1 of the four lines in `block` give. */
  function carry(z: number, from: number, to: number): void {
    const { table } = kernel
    const into = 4 * z
    let a = carried[into]
    let b = carried[into + 1]
    let c = carried[into + 2]
    let d = carried[into + 3]
    let e = carried[into + 4]
    let f = carried[into + 5]
    let g = carried[into + 6]
    let h = carried[into + 7]
    // Eight sums of six numbers read: reading is what takes the time.
    for (let i = z * length + from, end = z * length + to, at = 4 * from; i < end; i++, at += 4) {
      const k = table[i]
      const l = table[i + length]
      const p = block[at]
      const q = block[at + 1]
      const r = block[at + 2]
      const s = block[at + 3]
      a += k * p
      b += k * q
      c += k * r
      d += k * s
      e += l * p
      f += l * q
      g += l * r
      h += l * s
    }
    carried[into] = a
    carried[into + 1] = b
    carried[into + 2] = c
    carried[into + 3] = d
    carried[into + 4] = e
    carried[into + 5] = f
    carried[into + 6] = g
    carried[into + 7] = h
  }

  function carryFour(): void {
    const { runs } = kernel
    carried.fill(0)
    for (let z = 0; z < length; z += 2)
      for (let run = 2 * z; run < 2 * z + 4; run += 2) carry(z, runs[run], runs[run + 1])
  }

  /** Writes the places that a unit at y can go to and their weights; returns how many: the near ones first, mostly. */
  function listFrom(y: number): number {
    const { table, runs } = kernel
    const row = y * length
    let n = 0
    for (let run = (y >> 1) * 4, last = run + 2; run <= last; run += 2) {
      const first = runs[run]
      const end = runs[run + 1]
      const middle = y >= first && y < end ? y : first
      for (let z = middle; z < end; z++, n++) {
        weights[n] = table[row + z] * line[z]
        places[n] = z
      }
      for (let z = middle - 1; z >= first; z--, n++) {
        weights[n] = table[row + z] * line[z]
        places[n] = z
      }
    }
    return n
  }

  /** Shares out many units of y by displacements: none, one on or one back, two … */
  function shareOut(y: number, units: number, random: Random): void {
    const { law } = kernel
    let left = units
    let ahead = 1
    for (let i = 0; left > 0; i++) {
      const d = i % 2 === 0 ? i >> 1 : period - ((i + 1) >> 1)
      const taken = i === period - 1 || law[d] >= ahead ? left : binomial(random, left, law[d] / ahead)
      arrived[folded[y + d]] += taken
      left -= taken
      ahead -= law[d]
    }
  }

  return {
    set(tau) {
      if (tau !== kernel.tau) kernel = kernelAt(tau)
    },

    spread(field, { starts, stride }) {
      const last = starts.length - 1
      for (let i = 0; i <= last; i += 4) {
        // What is missing of the last four is the last line again.
        const a = starts[i]
        const b = starts[Math.min(i + 1, last)]
        const c = starts[Math.min(i + 2, last)]
        const d = starts[Math.min(i + 3, last)]
        for (let y = 0, at = 0; y < 4 * length; y += 4, at += stride) {
          block[y] = field[a + at]
          block[y + 1] = field[b + at]
          block[y + 2] = field[c + at]
          block[y + 3] = field[d + at]
        }
        carryFour()
        for (let y = 0, at = 0; y < 4 * length; y += 4, at += stride) {
          field[a + at] = carried[y]
          field[b + at] = carried[y + 1]
          field[c + at] = carried[y + 2]
          field[d + at] = carried[y + 3]
        }
      }
    },

    move(counts, { starts, stride }, random) {
      if (loaded !== kernel.tau) {
        loaded = kernel.tau
        reload(die, kernel.law, scratch)
      }
      const crowd = CROWD * Math.min(period, 1 + 4 * Math.sqrt(2 * kernel.tau))
      for (let i = 0; i < starts.length; i++) {
        const start = starts[i]
        arrived.fill(0)
        for (let y = 0, at = start; y < length; y++, at += stride) {
          const units = counts[at]
          if (units > crowd) shareOut(y, units, random)
          else if (units > 0) {
            to.from = y
            throwInto(die, units, to, random)
          }
        }
        for (let y = 0, at = start; y < length; y++, at += stride) counts[at] = arrived[y]
      }
    },

    lean(counts, { starts, stride }, { random, weight }) {
      for (let i = 0; i < starts.length; i++) {
        const start = starts[i]
        arrived.fill(0)
        let some = 0
        for (let y = 0, at = start; y < length; y++, at += stride) {
          some |= counts[at]
          line[y] = weight[at]
        }
        if (some === 0) continue
        for (let y = 0, at = start; y < length; y++, at += stride) {
          const units = counts[at]
          if (units > 0 && !choice.throwUnits(units, listFrom(y), random)) arrived[y] += units
        }
        for (let y = 0, at = start; y < length; y++, at += stride) counts[at] = arrived[y]
      }
    },
  }
}
