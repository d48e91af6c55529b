// Single hops scattered over the units of one site: few units make any, and only those are told apart.
import { poisson } from '../base/draws.ts'
import { below, type Random } from '../base/random.ts'
import type { Displacement } from './laws.ts'

export interface Movers {
  /** [movers, d]: how far each unit that hops comes along each axis. */
  readonly hops: Int32Array
  /** Draws the hops of n units, a Poisson number along each direction, and their further steps; returns how many move. */
  draw(n: number, law: Displacement, random: Random): number
}

/** Of up to `most` units on d axes. */
export function moversOn(d: number, most: number): Movers {
  const hops = new Int32Array(most * d)
  /** Mean hops up to and with each direction. */
  const sums = new Float64Array(2 * d)
  let movers = 0

  /** Unit number `unit` makes a hop: those that have made one are the first, and all others are alike. */
  function hop(unit: number, j: number): void {
    let mover = unit
    if (unit >= movers) {
      mover = movers++
      for (let a = 0; a < d; a++) hops[mover * d + a] = 0
    }
    hops[mover * d + (j >> 1)] += j & 1 ? 1 : -1
  }

  /** The hops of all units and directions together are a Poisson number, and each is any unit's. */
  function scatter(n: number, law: Displacement, random: Random): void {
    let sum = 0
    for (let j = 0; j < 2 * d; j++) {
      sum += law.hops[j]
      sums[j] = sum
    }
    if (sum === 0) return
    for (let left = poisson(random, n * sum); left > 0; left--) {
      const u = random.uniform() * sum
      let j = 0
      while (u >= sums[j]) j++
      hop(below(random, n), j)
    }
  }

  /** Some units go one step further where a shift is no whole number. */
  function further(n: number, a: number, fraction: number, random: Random): void {
    const known = movers
    for (let unit = 0; unit < known; unit++) if (random.uniform() < fraction) hop(unit, 2 * a + 1)
    for (let unit = known; unit < n; unit++) if (random.uniform() < fraction) hop(n, 2 * a + 1)
  }

  return {
    hops,
    draw(n, law, random) {
      movers = 0
      scatter(n, law, random)
      for (let a = 0; a < d; a++) if (law.fraction[a] > 0) further(n, a, law.fraction[a], random)
      return movers
    },
  }
}
