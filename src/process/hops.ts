// Single hops of units between sites, whatever the sites are: what every walk has in common.
import { binomial } from '../base/draws.ts'
import { cannot } from '../base/errors.ts'
import type { Random } from '../base/random.ts'

/** Where the hops of each channel lead, [J, sites] each: the site reached, or -1 where the hop cannot happen. */
export type Reached = (channel: number) => Int32Array

/** The hops of C channels on sites with J directions; rates are [C, J, sites], of all units of a site together. */
export interface Hops {
  /** Takes each unit through at most one hop, each with probability span * rate / units (DSD alg. 2). */
  hop(counts: Int32Array, rates: Float64Array, move: { span: number; random: Random }): void
  /** Largest sum of the rates of one unit. */
  fastest(counts: Int32Array, rates: Float64Array): number
}

export function hopsOf(reachedBy: Reached, { sites, jumps }: { sites: number; jumps: number }): Hops {
  const next = new Int32Array(sites)

  function sumAt(rates: Float64Array, channel: number, x: number): number {
    let sum = 0
    for (let j = 0, at = channel * jumps * sites + x; j < jumps; j++, at += sites) {
      if (!(rates[at] >= 0 && rates[at] < Infinity))
        throw new RangeError(cannot('hop', `rate ${at}`, 'a finite number >= 0', rates[at]))
      sum += rates[at]
    }
    return sum
  }

  return {
    hop(counts, rates, { span, random }) {
      for (let c = 0; c * sites < counts.length; c++) {
        const reached = reachedBy(c)
        const start = c * jumps * sites
        const channel = counts.subarray(c * sites, (c + 1) * sites)
        next.fill(0)
        for (let x = 0; x < sites; x++) {
          let staying = channel[x]
          if (staying === 0) continue
          const sum = sumAt(rates, c, x) / staying
          // Where the probabilities overshoot 1 (rates that grow as t -> 0) every unit hops, in proportion.
          const scale = (span * sum > 1 ? 1 / sum : span) / staying
          let left = 1
          for (let j = 0; j < jumps && staying > 0; j++) {
            const y = reached[j * sites + x]
            const p = scale * rates[start + j * sites + x]
            if (y < 0 || p === 0) continue
            const going = binomial(random, staying, left > p ? p / left : 1)
            next[y] += going
            staying -= going
            left -= p
          }
          next[x] += staying
        }
        channel.set(next)
      }
    },

    fastest(counts, rates) {
      let most = 0
      for (let c = 0; c * sites < counts.length; c++)
        for (let x = 0; x < sites; x++) {
          const n = counts[c * sites + x]
          if (n > 0) most = Math.max(most, sumAt(rates, c, x) / n)
        }
      return most
    },
  }
}
