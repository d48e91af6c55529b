// The axes of a walk at one value of tau: how units are sent along them, and the ratios that drive them back.
import type { Random } from '../base/random.ts'
import type { AxisKernels } from '../lattice/kernel.ts'
import { type Axis, kernels, type Lattice } from '../lattice/lattice.ts'
import { dieOf, reload, throwInto, throwMany, throwOne } from './die.ts'
import { type Flows, ladderOf } from './ladder.ts'

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
  /** Where n units from the sites x0 [n] of the axis are: x [n]. */
  throw(n: number, x0: Int32Array, x: Int32Array, random: Random): void
  /** Draws where the units of a line, here[x0] of them from x0, are: adds flows, and drains them as they fill up. */
  send(here: Int32Array, flows: Flows, random: Random): void
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
  const die = dieOf(period)
  const scratch = new Float64Array(1 << die.bits)
  const ladder = ladderOf(period, fold)
  const histogram = new Int32Array(length)
  const site = new Int32Array(length)
  const units = new Int32Array(length)
  let worthwhile = 0

  /** Few units: each is a flow. */
  function sendFew(n: number, x0: number, flows: Flows, random: Random): void {
    const { origin, place, count } = flows
    for (let u = 0, i = flows.length; u < n; u++, i++) {
      origin[i] = x0
      place[i] = fold[x0 + throwOne(die, random)]
      count[i] = 1
    }
    flows.length += n
  }

  /** Many units, as many as there are sites or more: they fill a row. */
  function sendMany(n: number, x0: number, flows: Flows, random: Random): void {
    throwInto(die, n, { from: x0, of: fold, histogram }, random)
    flows.row(x0, histogram)
    histogram.fill(0)
  }

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
      reload(die, law, scratch)
      ladder.load(law)
      worthwhile = ladder.worthwhile()
    },
    throw(n, x0, x, random) {
      throwMany(die, n, x, random)
      for (let u = 0; u < n; u++) x[u] = fold[x0[u] + x[u]]
    },
    send(here, flows, random) {
      let climbing = 0
      for (let x0 = 0; x0 < length; x0++) {
        const n = here[x0]
        if (n === 0) continue
        if (n >= worthwhile) {
          site[climbing] = x0
          units[climbing++] = n
          continue
        }
        if (n < length >> 1) sendFew(n, x0, flows, random)
        else sendMany(n, x0, flows, random)
        if (flows.length >= flows.full) flows.drain()
      }
      ladder.send(climbing, { site, units }, flows, random)
    },
  }
}
