// Moves every unit of a channel by an integer displacement whose law is given per site and axis.
import { binomial, poisson } from '../base/draws.ts'
import { below, type Random } from '../base/random.ts'
import type { Lattice } from '../lattice/index.ts'
import { type Die, dieOf, reload, throwMany, throwOne } from './die.ts'
import { type AxisLaws, axisLaws, type Displacement, modulo } from './laws.ts'

/** Writes the law of the units at `site`. */
export type DisplacementAt = (site: number, law: Displacement) => void

/** Moves the units `counts` [sites] of one channel in place; walls and seams fold the unfolded walk back. */
export type Displace = (counts: Int32Array, lawAt: DisplacementAt, random: Random) => void

/** From this many units on a site its law is tabulated and whole groups move at once. */
const CROWD = 256

const FARTHEST = 2 ** 30

/** The displacement of units on a lattice; owns its tables and scratch. */
export function displacer(lattice: Lattice): Displace {
  const d = lattice.axes.length
  const laws = axisLaws(lattice)
  const next = new Int32Array(lattice.size)
  const law: Displacement = {
    shift: new Float64Array(d),
    fraction: new Float64Array(d),
    plus: new Float64Array(d),
    minus: new Float64Array(d),
  }
  const few = walkers(lattice, laws)
  const many = crowd(lattice, laws)
  return (counts, lawAt, random) => {
    next.fill(0)
    for (let site = 0; site < next.length; site++) {
      const n = counts[site]
      if (n === 0) continue
      lawAt(site, law)
      for (let a = 0; a < d; a++) {
        law.shift[a] = Math.max(-FARTHEST, Math.min(FARTHEST, law.shift[a]))
        law.plus[a] = Math.min(FARTHEST, law.plus[a])
        law.minus[a] = Math.min(FARTHEST, law.minus[a])
      }
      if (n < CROWD) few(n, site, law, next, random)
      else many(n, site, law, next, random)
    }
    counts.set(next)
  }
}

type Move = (n: number, site: number, law: Displacement, next: Int32Array, random: Random) => void

/**
 * Few units: each walks by itself, around the circle of the axis. The mean hops are a sum of standard lengths, with a
 * die for each, and of a rest that is a few hops, each given to a unit at random.
 */
function walkers(lattice: Lattice, laws: readonly AxisLaws[]): Move {
  const position = new Int32Array(CROWD)
  const arrived = new Int32Array(CROWD)
  const faces = new Int32Array(CROWD)

  /** Throws a die for every unit and moves it by the face, or back by it. */
  function walk(
    die: Die,
    n: number,
    { period, sign }: { period: number; sign: number },
    random: Random,
  ): void {
    throwMany(die, n, faces, random)
    for (let u = 0; u < n; u++) {
      const to = position[u] + sign * faces[u]
      // Around the circle without a branch: x >> 31 is all ones where x < 0.
      position[u] = to + (period & (to >> 31)) - (period & ~((to - period) >> 31))
    }
  }

  /** What is left of one direction: its total over the units is Poisson, and each hop is anyone's. */
  function hop(
    mean: number,
    n: number,
    { period, sign }: { period: number; sign: number },
    random: Random,
  ): void {
    if (!(mean > 0)) return
    for (let left = poisson(random, n * mean); left > 0; left--) {
      const u = below(random, n)
      const to = position[u] + sign
      position[u] = to < 0 ? period - 1 : to === period ? 0 : to
    }
  }

  return (n, site, law, next, random) => {
    arrived.fill(0, 0, n)
    for (let a = 0; a < laws.length; a++) {
      const { period, fold, symmetric, ahead } = laws[a]
      const stride = lattice.strides[a]
      const x = Math.floor(site / stride) % lattice.axes[a].length
      position.fill(modulo(x + law.shift[a], period), 0, n)
      // Each unit alone takes the further step, so that the axes stay independent.
      const fraction = law.fraction[a]
      if (fraction > 0)
        for (let u = 0; u < n; u++)
          if (random.uniform() < fraction) position[u] = position[u] + 1 === period ? 0 : position[u] + 1
      let plus = law.plus[a]
      let minus = law.minus[a]
      for (let die = symmetric(Math.min(plus, minus)); die; die = symmetric(Math.min(plus, minus))) {
        walk(die, n, { period, sign: 1 }, random)
        plus -= die.hops
        minus -= die.hops
      }
      for (let die = ahead(plus); die; die = ahead(plus)) {
        walk(die, n, { period, sign: 1 }, random)
        plus -= die.hops
      }
      for (let die = ahead(minus); die; die = ahead(minus)) {
        walk(die, n, { period, sign: -1 }, random)
        minus -= die.hops
      }
      hop(plus, n, { period, sign: 1 }, random)
      hop(minus, n, { period, sign: -1 }, random)
      for (let u = 0; u < n; u++) arrived[u] += fold[position[u]] * stride
    }
    for (let u = 0; u < n; u++) next[arrived[u]]++
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
