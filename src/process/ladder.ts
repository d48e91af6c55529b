// Sends the units of a whole line along an axis by a few throws of dice per site instead of one per unit.
import { binomial } from '../base/draws.ts'
import type { Random } from '../base/random.ts'
import { thinner } from './thin.ts'

/** Groups of units that move along a line of an axis, [length] each: `count` units of site `origin` to `place`. */
export interface Flows {
  readonly origin: Int32Array
  readonly place: Int32Array
  readonly count: Int32Array
  length: number
  /** At this length and above, `drain` is to be called before more are added. */
  readonly full: number
  /** Adds the flows up and forgets them. */
  drain(): void
  /** Adds the flows from one site to all of the line at once, counts [length]. */
  row(origin: number, counts: Int32Array): void
}

/**
 * The displacements of n units, |d| rung by rung from 0 outwards: of the m units that went at least as far as rung j,
 * Binomial(m, P(|d| = j) / P(|d| >= j)) stay on it, and half of those, a fair binomial, went up. All sites of the line
 * climb together: their draws do not wait for one another.
 */
export interface Ladder {
  /** Of a law of displacement [period], even in d. */
  load(law: Float64Array): void
  /** From how many units on the ladder is cheaper than one throw per unit. */
  worthwhile(): number
  /**
   * Draws where the units of n sites are: units[i] >= 1 of them come from site[i]; both arrays are used up.
   */
  send(n: number, from: { site: Int32Array; units: Int32Array }, flows: Flows, random: Random): void
}

/** From here on a binomial draw is cheaper than its bits. */
const MANY = 512
/** The cost of a rung in throws of a unit, measured. */
const RUNG_COST = 5

/** A ladder for laws of `period` displacements; a unit from x0 that moves by d is at fold[x0 + d]. */
export function ladderOf(period: number, fold: Int32Array): Ladder {
  const last = period >> 1
  const tail = new Float64Array(last + 2)
  const thin = thinner(last + 1)
  const most = fold.length - period
  const staying = new Int32Array(most)
  const up = new Int32Array(most)

  return {
    load(law) {
      tail[last + 1] = 0
      for (let j = last; j >= 0; j--) {
        const here = j === 0 || 2 * j === period ? law[j] : 2 * law[j]
        tail[j] = tail[j + 1] + here
        thin.set(j, tail[j + 1] > 0 ? here / tail[j] : 1)
      }
    },

    worthwhile() {
      // n units climb about as far as n P(|d| >= j) > 1/2.
      let rungs = 1
      while (rungs <= last && RUNG_COST * rungs * tail[rungs] > 0.5) rungs++
      return RUNG_COST * rungs
    },

    send(n, { site, units }, flows, random) {
      for (let j = 0, active = n; active > 0; j++) {
        thin.draw(j, active, units, staying, random)
        const single = j === 0 || 2 * j === period
        if (!single) halve(active, staying, up, random)
        active = leave(
          { n: active, site, units, staying, up: single ? staying : up },
          { fold, j, period },
          flows,
        )
        if (flows.length >= flows.full) flows.drain()
      }
    },
  }
}

/** A fair binomial of every count: bits set among as many random ones. */
function halve(n: number, counts: Int32Array, halves: Int32Array, random: Random): void {
  for (let i = 0; i < n; i++) {
    let left = counts[i]
    let heads = 0
    if (left >= MANY) {
      halves[i] = binomial(random, left, 0.5)
      continue
    }
    for (; left >= 32; left -= 32) heads += ones(random.u32())
    halves[i] = heads + ones(random.u32() & ((1 << left) - 1))
  }
}

function ones(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555)
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333)
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** Writes the flows of rung j; returns how many sites still have units, which move to the front. */
function leave(
  {
    n,
    site,
    units,
    staying,
    up,
  }: { n: number; site: Int32Array; units: Int32Array; staying: Int32Array; up: Int32Array },
  { fold, j, period }: { fold: Int32Array; j: number; period: number },
  flows: Flows,
): number {
  const { origin, place, count } = flows
  let f = flows.length
  let active = 0
  // Written in any case, kept (-x >>> 31 is 1) where there is someone: no branch to foresee.
  for (let i = 0; i < n; i++) {
    const x = site[i]
    const ahead = up[i]
    const behind = staying[i] - ahead
    origin[f] = x
    place[f] = fold[x + j]
    count[f] = ahead
    f += -ahead >>> 31
    origin[f] = x
    place[f] = fold[x + period - j]
    count[f] = behind
    f += -behind >>> 31
    const rest = units[i] - staying[i]
    site[active] = x
    units[active] = rest
    active += -rest >>> 31
  }
  flows.length = f
  return active
}
