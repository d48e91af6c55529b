// Units of one site thrown over a list of weighted places: exactly, by whichever way is cheaper.
import { binomial } from '../base/draws.ts'
import type { Random } from '../base/random.ts'

/** A list of weighted places that is filled anew for every site, and what has arrived at the places. */
export interface Choice {
  /** Weights >= 0 of the list, to be written from 0 on; used up by a throw. */
  readonly weights: Float64Array
  /** Where the list leads: indices of `arrived`. */
  readonly places: Int32Array
  /** What has been thrown to each place; the caller empties it. */
  readonly arrived: Int32Array
  /**
   * Throws so many units over the first n places of the list, each in proportion to its weight, and adds them to `arrived`;
   * one without weight is never chosen. False, and nothing is thrown, where no place has any or the sum is not finite.
   */
  throwUnits(units: number, n: number, random: Random): boolean
}

/** So few units are looked up one by one; more are, with the help of a table that tells where to begin. */
const FEW = 6

/** 2^-32 */
const WORD = 2.3283064365386963e-10

/** So many units per place are shared out place by place. */
const MANY = 7

/** A choice among at most so many places. */
export function choiceOf(most: number): Choice {
  const sums = new Float64Array(most)
  const places = new Int32Array(most)
  const arrived = new Int32Array(most)
  const begin = new Int32Array(most)

  /** By sums that never fall: a place without weight adds nothing to its sum, so that no number falls on it. */
  function lookUp(units: number, total: number, random: Random): void {
    for (let unit = 0; unit < units; unit++) {
      const u = random.uniform() * total
      let i = 0
      while (sums[i] <= u) i++
      arrived[places[i]]++
    }
  }

  /** The same, from the first place whose sum is above the beginning of the n-th part of the whole that u is in. */
  function lookUpFrom(units: number, n: number, random: Random): void {
    const total = sums[n - 1]
    const share = total / n
    for (let part = 0, i = 0; part < n; part++) {
      // What rounding may add to u is taken off the beginning of its part.
      const start = share * part * (1 - 1e-14)
      while (sums[i] <= start) i++
      begin[part] = i
    }
    for (let unit = 0; unit < units; unit++) {
      // 32 bits mostly decide; where a sum lies between this word and the next, further ones do.
      const word = random.u32() * WORD
      let at = word * total
      let i = begin[(word * n) | 0]
      while (sums[i] <= at) i++
      if (sums[i] < (word + WORD) * total) {
        at = (word + random.uniform() * WORD) * total
        while (sums[i] <= at) i++
      }
      arrived[places[i]]++
    }
  }

  /** One binomial for each place that has any weight. */
  function shareOut(units: number, n: number, random: Random): void {
    const total = sums[n - 1]
    let left = units
    let before = 0
    for (let i = 0; left > 0; i++) {
      const weight = sums[i] - before
      if (weight <= 0) continue
      const ahead = total - before
      before = sums[i]
      const taken = before >= total ? left : binomial(random, left, weight < ahead ? weight / ahead : 1)
      arrived[places[i]] += taken
      left -= taken
    }
  }

  return {
    weights: sums,
    places,
    arrived,
    throwUnits(units, n, random) {
      let total = 0
      for (let i = 0; i < n; i++) {
        total += sums[i]
        sums[i] = total
      }
      if (!(total > 0 && total < Infinity)) return false
      // uniform() * total is below total in doubles as well, so that every search ends.
      if (units > MANY * n) shareOut(units, n, random)
      else if (units > FEW) lookUpFrom(units, n, random)
      else lookUp(units, total, random)
      return true
    },
  }
}
