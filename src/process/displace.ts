// Moves every unit of a channel by an integer displacement whose law is given per site and axis.
import { binomial, poisson } from '../base/draws.ts'
import { below, type Random } from '../base/random.ts'
import type { Lattice } from '../lattice/index.ts'
import { bitsFor, diceOf, load, roll } from './dice.ts'
import { type AxisLaws, axisLaws, type Displacement } from './laws.ts'

/** Writes the law of the units at `site`. */
export type DisplacementAt = (site: number, law: Displacement) => void

/** Moves the units `counts` [sites] of one channel in place; walls and seams fold the unfolded walk back. */
export type Displace = (counts: Int32Array, lawAt: DisplacementAt, random: Random) => void

/** From this many units on a site its law is tabulated and whole groups move at once. */
const CROWD = 256

/** A Poisson part of at most this mean is spread over the units hop by hop; above, each unit draws its own. */
const FEW_HOPS = 12

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
 * Few units: each walks by itself. The part that both Poissons share is a symmetric walk, thrown with one die for
 * each term of a sum of standard lengths; what is left over is a few hops, each given to a unit at random.
 */
function walkers(lattice: Lattice, laws: readonly AxisLaws[]): Move {
  const position = new Float64Array(CROWD)
  const arrived = new Int32Array(CROWD)
  return (n, site, law, next, random) => {
    arrived.fill(0, 0, n)
    for (let a = 0; a < laws.length; a++) {
      const { length, boundary } = lattice.axes[a]
      const stride = lattice.strides[a]
      position.fill((Math.floor(site / stride) % length) + law.shift[a], 0, n)
      const fraction = law.fraction[a]
      if (fraction > 0) for (let u = 0; u < n; u++) if (random.uniform() < fraction) position[u]++
      let plus = law.plus[a]
      let minus = law.minus[a]
      for (let die = laws[a].die(plus, minus); die; die = laws[a].die(plus, minus)) {
        for (let u = 0; u < n; u++) position[u] += roll(die.dice, 0, die.bits, random)
        plus -= die.tau
        minus -= die.tau
      }
      addHops(position, n, { mean: plus, sign: 1, random })
      addHops(position, n, { mean: minus, sign: -1, random })
      for (let u = 0; u < n; u++) arrived[u] += boundary.fold(position[u], length) * stride
    }
    for (let u = 0; u < n; u++) next[arrived[u]]++
  }
}

/** Adds a Poisson(mean) number of hops to each of n positions: the total is Poisson(n mean), each hop anyone's. */
function addHops(
  position: Float64Array,
  n: number,
  { mean, sign, random }: { mean: number; sign: number; random: Random },
): void {
  if (!(mean > 0)) return
  if (mean > FEW_HOPS) for (let u = 0; u < n; u++) position[u] += sign * poisson(random, mean)
  else for (let left = poisson(random, n * mean); left > 0; left--) position[below(random, n)] += sign
}

/** Many units: the law over the sites of each axis is tabulated, and groups split by conditional binomials. */
function crowd(lattice: Lattice, laws: readonly AxisLaws[]): Move {
  const tables = lattice.axes.map(({ length }) => ({
    law: new Float64Array(length),
    tail: new Float64Array(length),
    bits: bitsFor(length),
    dice: diceOf(1 << bitsFor(length)),
    weights: new Float64Array(1 << bitsFor(length)),
  }))

  function split(a: number, n: number, start: number, next: Int32Array, random: Random): void {
    if (a === tables.length) {
      next[start] += n
      return
    }
    const { law, tail, dice, bits } = tables[a]
    const stride = lattice.strides[a]
    if (n < 2 * law.length) {
      for (let u = 0; u < n; u++) split(a + 1, 1, start + roll(dice, 0, bits, random) * stride, next, random)
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
      table.weights.set(table.law)
      table.weights.fill(0, length)
      load(table.dice, { at: 0, bits: table.bits, word: 32 }, table.weights)
      for (let i = length - 1, sum = 0; i >= 0; i--) {
        sum += table.law[i]
        table.tail[i] = sum
      }
    }
    split(0, n, 0, next, random)
  }
}
