// The units of one site, each walking by itself: dice for most of the way, and single hops for the rest.
import type { Random } from '../base/random.ts'
import type { Lattice } from '../lattice/index.ts'
import { advance, landApart, landOnLine, landOnPlane, type Throw } from './landing.ts'
import { type AxisLaws, type Displacement, modulo } from './laws.ts'
import { moversOn } from './movers.ts'
import { type StandardDice, standardDice } from './standard-dice.ts'

/** Moves n units of a site by independent displacements, and adds them to the counts `next` [sites]. Uses up the law. */
export type Move = (n: number, site: number, law: Displacement, next: Int32Array, random: Random) => void

/** From so many mean hops along an axis a die for each unit costs less than the hops one by one. */
const WORTHWHILE = 0.15

/** A further die along the same axis is worth its while from so many on. */
const AGAIN = 1

/** Dice along one axis, at most: each leaves a half of the hops or less. */
const MOST_DICE = 16

/**
 * Up to `most` units of a site. Along each axis the mean hops are those of a die that every unit throws, of the standard
 * lengths next below, and a rest. The rest of all units and directions together is a Poisson number of single hops, each
 * of a unit at random: few units make any, and those are moved apart from the others.
 */
export function walkers(lattice: Lattice, laws: readonly AxisLaws[], most: number): Move {
  const d = laws.length
  const axes = walkAxes(lattice, laws)
  const start = new Int32Array(d)
  /** Where the dice lie that every unit throws, axis by axis, and how many there are. */
  const dice = new Int32Array(MOST_DICE * d)
  const axisOf = new Int32Array(MOST_DICE * d)
  let thrown = 0
  const loose = moversOn(d, most)
  const { hops } = loose
  const position = new Int32Array(most)
  const arrived = new Int32Array(most)
  const throws: readonly Throw[] = [0, 1].map(() => {
    const { standard, landing } = axes[0]
    return { dice: standard.dice, at: 0, bits: standard.bits, from: 0, of: landing }
  })

  /** Takes the dice out of the law, and leaves the rest in it. */
  function choose(site: number, law: Displacement): void {
    thrown = 0
    for (let a = 0; a < d; a++) {
      const { period, standard, coordinate } = axes[a]
      const x = coordinate[site]
      start[a] = law.shift[a] === 0 ? x : modulo(x + law.shift[a], period)
      let least = WORTHWHILE
      while (law.hops[2 * a] + law.hops[2 * a + 1] >= least && thrown < dice.length) {
        dice[thrown] = standard.take(law.hops, 2 * a)
        axisOf[thrown++] = a
        least = AGAIN
      }
    }
  }

  /** Points `along` to die k. */
  function point(along: Throw, k: number): void {
    const { standard, landing, period } = axes[axisOf[k]]
    along.dice = standard.dice
    along.bits = standard.bits
    along.at = dice[k]
    along.from = start[axisOf[k]] + period
    along.of = landing
  }

  /** Axis by axis: the movers, each from where its hops take it, or as many of the other units. */
  function land(n: number, moving: boolean, next: Int32Array, random: Random): void {
    arrived.fill(0, 0, n)
    for (let a = 0, k = 0; a < d; a++) {
      const { period, landing } = axes[a]
      if (moving) for (let u = 0; u < n; u++) position[u] = start[a] + hops[u * d + a]
      else position.fill(start[a], 0, n)
      for (; k < thrown && axisOf[k] === a; k++) {
        point(throws[0], k)
        advance(n, throws[0], position, period, random)
      }
      for (let u = 0; u < n; u++) arrived[u] += landing[position[u] + period]
    }
    for (let u = 0; u < n; u++) next[arrived[u]]++
  }

  /** What the axes without a die add to the site, where at most one has one. */
  function base(): number {
    let site = 0
    for (let a = 0; a < d; a++)
      if (thrown === 0 || axisOf[0] !== a) site += axes[a].landing[start[a] + axes[a].period]
    return site
  }

  return (n, site, law, next, random) => {
    choose(site, law)
    const movers = loose.draw(n, law, random)
    // At most once around: the tables of landings reach no further.
    for (let i = 0, a = 0; i < movers * d; i++, a = a + 1 === d ? 0 : a + 1)
      if (Math.abs(hops[i]) > axes[a].period) hops[i] %= axes[a].period
    if (d === 2 && thrown === 2 && axisOf[0] !== axisOf[1]) {
      point(throws[0], 0)
      point(throws[1], 1)
      if (movers > 0) landApart(movers, hops, throws[0], throws[1], next, random)
      landOnPlane(n - movers, throws[0], throws[1], next, random)
      return
    }
    if (movers > 0) land(movers, true, next, random)
    if (thrown > 1) land(n - movers, false, next, random)
    else if (thrown === 0) next[base()] += n - movers
    else {
      point(throws[0], 0)
      landOnLine(n - movers, throws[0], base(), next, random)
    }
  }
}

interface WalkAxis {
  readonly period: number
  readonly standard: StandardDice
  /** [sites]: the coordinate of every site. */
  readonly coordinate: Int32Array
  /** [4 period]: position from -period on to 3 period -> what it adds to the number of the site. */
  readonly landing: Int32Array
}

/** What walkers know of each axis; axes that are alike share their dice. */
function walkAxes({ size, strides }: Lattice, laws: readonly AxisLaws[]): readonly WalkAxis[] {
  const dice = new Map(laws.map(axis => [axis, standardDice(axis)]))
  return laws.map((axis, a) => {
    const { period, fold, length } = axis
    return {
      period,
      standard: dice.get(axis) as StandardDice,
      coordinate: Int32Array.from({ length: size }, (_, site) => Math.floor(site / strides[a]) % length),
      landing: Int32Array.from({ length: 4 * period }, (_, x) => fold[x % period] * strides[a]),
    }
  })
}
