// Single hops of units between sites, whatever the sites are: what every walk has in common.
import { binomial } from '../base/draws.ts'
import { cannot } from '../base/errors.ts'
import type { Random } from '../base/random.ts'

/** Where the hops of each channel lead, [J, sites] each: the site reached, or -1 where the hop cannot happen. */
export type Reached = (channel: number) => Int32Array

/** The hops of C channels on sites with J directions. */
export interface Hops {
  /** How many units may make each hop, [C, J, sites]. */
  capacity(counts: Int32Array, out: Float32Array): void
  /** Takes each unit through at most one hop, each with probability `weight * ratio` (DSD alg. 2). */
  hop(counts: Int32Array, ratios: Float32Array, move: { weight: number; random: Random }): void
  /** Largest and mean sum of the ratios over the units. */
  sums(counts: Int32Array, ratios: Float32Array): { largest: number; mean: number }
}

export function hopsOf(reachedBy: Reached, { sites, jumps }: { sites: number; jumps: number }): Hops {
  const next = new Int32Array(sites)
  return {
    capacity(counts, out) {
      for (let c = 0, at = 0; c * sites < counts.length; c++) {
        const reached = reachedBy(c)
        for (let j = 0; j < jumps; j++)
          for (let x = 0; x < sites; x++, at++)
            out[at] = reached[j * sites + x] < 0 ? 0 : counts[c * sites + x]
      }
    },

    hop(counts, ratios, { weight, random }) {
      for (let c = 0; c * sites < counts.length; c++) {
        const reached = reachedBy(c)
        const start = c * jumps * sites
        const channel = counts.subarray(c * sites, (c + 1) * sites)
        next.fill(0)
        for (let x = 0; x < sites; x++) {
          if (channel[x] === 0) continue
          let sum = 0
          for (let j = 0; j < jumps; j++)
            if (reached[j * sites + x] >= 0) sum += ratios[start + j * sites + x]
          // Where the probabilities overshoot 1 (ratios that grow as t -> 0) every unit hops, in proportion.
          const scale = weight * sum > 1 ? 1 / sum : weight
          let staying = channel[x]
          let left = 1
          for (let j = 0; j < jumps && staying > 0; j++) {
            const y = reached[j * sites + x]
            if (y < 0) continue
            const p = scale * ratios[start + j * sites + x]
            if (p === 0) continue
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

    sums(counts, ratios) {
      let largest = 0
      let total = 0
      let units = 0
      for (let c = 0; c * sites < counts.length; c++) {
        const reached = reachedBy(c)
        for (let x = 0; x < sites; x++) {
          const n = counts[c * sites + x]
          if (n === 0) continue
          let sum = 0
          for (let j = 0; j < jumps; j++)
            if (reached[j * sites + x] >= 0) sum += ratios[(c * jumps + j) * sites + x]
          if (sum > largest) largest = sum
          total += n * sum
          units += n
        }
      }
      return { largest, mean: units > 0 ? total / units : 0 }
    },
  }
}

/** Throws a RangeError for a ratio that is negative or not finite. */
export function checkRatios(verb: string, ratios: Float32Array): void {
  for (let i = 0; i < ratios.length; i++)
    if (!(ratios[i] >= 0 && ratios[i] < Infinity))
      throw new RangeError(cannot(verb, `ratio ${i}`, 'a finite number >= 0', ratios[i]))
}
