/**
 * Units that feel each other: the zero-range process on a line, every event at its exact time.
 *
 * From a site that is not empty one unit hops at `rate` per direction, however many there are (Spitzer 1970; Evans &
 * Hanney 2005, J. Phys. A 38, R195, §2). In equilibrium the count of a site is geometric, P(n) = (1 − z) zⁿ with
 * z = ρ/(1 + ρ); the current is rate·∇z, so the coefficient of diffusion is D(ρ) = rate · dz/dρ = rate / (1 + ρ)².
 * A hop against a wall does not happen.
 */
import { cannot, demand, InvariantError } from '../base/errors.ts'
import { log } from '../base/numeric.ts'
import { below, type Random } from '../base/random.ts'
import { exponential } from './exponential.ts'

export interface ZeroRange {
  /** Units at every site; changed in place. */
  readonly counts: Int32Array
  readonly rate: number
  /** For how long, ≥ 0. */
  readonly time: number
  readonly periodic?: boolean
  readonly random: Random
}

/** Lets the units of a line move for a time; returns the number of events. The number of units is checked. */
export function zeroRange({ counts, rate, time, periodic = false, random: rng }: ZeroRange): number {
  const what = 'move a zero-range process'
  demand(rate > 0 && rate < Infinity, what, 'the rate', 'above 0', rate)
  demand(time >= 0 && time < Infinity, what, 'the time', 'finite and ≥ 0', time)
  const length = counts.length
  const units = counts.reduce((sum, n) => sum + n, 0)
  // Sites that hold units, in any order, and where in that list a site is.
  const filled = new Int32Array(length)
  const place = new Int32Array(length).fill(-1)
  let many = 0
  const list = (x: number, at: number) => {
    filled[at] = x
    place[x] = at
  }
  for (let x = 0; x < length; x++) if (counts[x] > 0) list(x, many++)
  let events = 0
  for (let t = exponential(rng) / (2 * rate * many); t <= time && many > 0; events++) {
    const draw = below(rng, 2 * many)
    const x = filled[draw >> 1]
    let y = x + (draw & 1 ? 1 : -1)
    if (periodic) y = (y + length) % length
    if (y >= 0 && y < length) {
      if (counts[y]++ === 0) list(y, many++)
      if (--counts[x] === 0) list(filled[--many], place[x])
    }
    t += exponential(rng) / (2 * rate * many)
  }
  const after = counts.reduce((sum, n) => sum + n, 0)
  if (after !== units) throw new InvariantError(cannot(what, 'the number of units', `${units}`, after))
  return events
}

/** A count of the equilibrium law of mean density ρ ≥ 0: geometric, by inversion. */
export function equilibriumCount(rng: Random, density: number): number {
  if (density === 0) return 0
  return Math.floor(log(1 - rng.uniform()) / log(density / (1 + density)))
}
