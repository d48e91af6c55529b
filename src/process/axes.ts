// The axes of a walk at one value of tau: how units are sent along them, and the ratios that drive them back.
import type { Random } from '../base/random.ts'
import type { AxisKernels } from '../lattice/kernel.ts'
import { type Axis, kernels, type Lattice } from '../lattice/lattice.ts'
import { bitsFor, diceOf, load, roll } from './dice.ts'
import { ladderOf } from './ladder.ts'

/** One axis of the lattice. */
export interface WalkAxis {
  readonly length: number
  readonly stride: number
  /** Axes that are alike share theirs. */
  readonly tables: AxisTables
}

/** The tables of an axis at the tau last set. */
export interface AxisTables {
  readonly period: number
  /**
   * [length, length, 2]: at `2 (x0 length + x)` the ratio k(x-1|x0) / k(x|x0) of a unit from x0 at x, after it that of
   * k(x+1|x0); 0 across a wall.
   */
  readonly ratios: Float64Array
  /** Fills the tables for tau >= 0. */
  set(tau: number): void
  /** Where one unit from x0 is. */
  throw(x0: number, random: Random): number
  /**
   * Where n units from x0 are: `place` and `count` [period + 1] receive sites of the axis and how many units went
   * there (a site may come twice); returns the number of entries.
   */
  send(n: number, x0: number, to: Sent, random: Random): number
}

/** Where `send` writes, and its scratch `histogram` [length], which is all 0 between calls. */
export interface Sent {
  readonly place: Int32Array
  readonly count: Int32Array
  readonly histogram: Int32Array
}

/** The axes of the lattice, and the function that fills their tables at any tau >= 0. */
export function walkAxes(lattice: Lattice): { axes: readonly WalkAxis[]; set(tau: number): void } {
  const made = new Map<AxisKernels, AxisTables>()
  const sources = kernels(lattice)
  const axes = lattice.axes.map((axis, a) => {
    const tables = made.get(sources[a]) ?? axisTables(axis, sources[a])
    made.set(sources[a], tables)
    return { length: axis.length, stride: lattice.strides[a], tables }
  })
  return {
    axes,
    set(tau) {
      for (const tables of made.values()) tables.set(tau)
    },
  }
}

function axisTables({ length, boundary }: Axis, source: AxisKernels): AxisTables {
  const { period } = source
  const fold = Int32Array.from({ length: length + period }, (_, x) => boundary.fold(x, length))
  const below = Int32Array.from({ length }, (_, x) => boundary.neighbour(x, -1, length))
  const above = Int32Array.from({ length }, (_, x) => boundary.neighbour(x, 1, length))
  const kernel = new Float64Array(length * length)
  const ratios = new Float64Array(2 * length * length)
  const law = new Float64Array(period)
  const bits = bitsFor(period)
  const die = diceOf(1 << bits)
  const weights = new Float64Array(1 << bits)
  const ladder = ladderOf(period)
  let worthwhile = 0
  return {
    period,
    ratios,
    set(tau) {
      source.displacement(tau, law)
      source.table(law, kernel)
      for (let x0 = 0, i = 0; x0 < length; x0++)
        for (let x = 0, row = x0 * length; x < length; x++) {
          const here = kernel[row + x]
          // No unit is where the kernel is 0.
          const scale = here > 0 ? 1 / here : 0
          ratios[i++] = below[x] < 0 ? 0 : kernel[row + below[x]] * scale
          ratios[i++] = above[x] < 0 ? 0 : kernel[row + above[x]] * scale
        }
      weights.set(law)
      weights.fill(0, period)
      load(die, 0, bits, weights)
      ladder.load(law)
      worthwhile = ladder.worthwhile()
    },
    throw: (x0, random) => fold[x0 + roll(die, 0, bits, random)],
    send(n, x0, { place, count, histogram }, random) {
      if (n >= worthwhile) {
        const entries = ladder.draw(n, place, count, random)
        for (let i = 0; i < entries; i++) place[i] = fold[x0 + place[i]]
        return entries
      }
      if (n < length >> 1) {
        for (let u = 0; u < n; u++) {
          place[u] = fold[x0 + roll(die, 0, bits, random)]
          count[u] = 1
        }
        return n
      }
      for (let u = 0; u < n; u++) histogram[fold[x0 + roll(die, 0, bits, random)]]++
      let entries = 0
      for (let x = 0; x < length; x++) {
        const units = histogram[x]
        if (units === 0) continue
        place[entries] = x
        count[entries++] = units
        histogram[x] = 0
      }
      return entries
    },
  }
}
