// Moves every unit of a channel by an integer displacement whose law is given per site and axis.
import { binomial } from '../base/draws.ts'
import type { Random } from '../base/random.ts'
import type { Lattice } from '../lattice/index.ts'
import { dieOf, reload, throwOne } from './die.ts'
import { type AxisLaws, axisLaws, type Displacement } from './laws.ts'
import { type Move, walkers } from './walkers.ts'

/** Writes the law of the units at `site`. */
export type DisplacementAt = (site: number, law: Displacement) => void

/** Moves the units `counts` [sites] of one channel in place; walls and seams fold the unfolded walk back. */
export type Displace = (counts: Int32Array, lawAt: DisplacementAt, random: Random) => void

/** From this many units on a site its law is tabulated and whole groups move at once. */
const CROWD = 2048

/** The displacement of units on a lattice; owns its tables and scratch. */
export function displacer(lattice: Lattice): Displace {
  const d = lattice.axes.length
  const laws = axisLaws(lattice)
  const next = new Int32Array(lattice.size)
  const law: Displacement = {
    shift: new Float64Array(d),
    fraction: new Float64Array(d),
    hops: new Float64Array(2 * d),
  }
  const few = walkers(lattice, laws, CROWD)
  const many = crowd(lattice, laws)
  return (counts, lawAt, random) => {
    next.fill(0)
    for (let site = 0; site < next.length; site++) {
      const n = counts[site]
      if (n === 0) continue
      lawAt(site, law)
      if (n < CROWD) few(n, site, law, next, random)
      else many(n, site, law, next, random)
    }
    counts.set(next)
  }
}

/** Many units: the law over the sites of each axis is tabulated, and groups split by conditional binomials. */
function crowd(lattice: Lattice, laws: readonly AxisLaws[]): Move {
  const tables = lattice.axes.map(({ length }) => ({
    law: new Float64Array(length),
    tail: new Float64Array(length),
    die: dieOf(length),
    scratch: new Float64Array(2 * length),
  }))

  function split(a: number, n: number, start: number, next: Int32Array, random: Random): void {
    if (a === tables.length) {
      next[start] += n
      return
    }
    const { law, tail, die } = tables[a]
    const stride = lattice.strides[a]
    if (n < 2 * law.length) {
      for (let u = 0; u < n; u++) split(a + 1, 1, start + throwOne(die, random) * stride, next, random)
      return
    }
    for (let x = 0, left = n; left > 0; x++) {
      const here = x === law.length - 1 ? left : binomial(random, left, Math.min(1, law[x] / tail[x]))
      if (here > 0) split(a + 1, here, start + x * stride, next, random)
      left -= here
    }
  }

  return (n, site, law, next, random) => {
    for (let a = 0; a < tables.length; a++) {
      const table = tables[a]
      const { length } = lattice.axes[a]
      const x = Math.floor(site / lattice.strides[a]) % length
      laws[a].tabulate(x, { law, axis: a }, table.law)
      reload(table.die, table.law, table.scratch)
      for (let i = length - 1, sum = 0; i >= 0; i--) {
        sum += table.law[i]
        table.tail[i] = sum
      }
    }
    split(0, n, 0, next, random)
  }
}
