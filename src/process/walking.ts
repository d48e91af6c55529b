// Processes of units that walk, whatever they walk on: every part of the ground keeps its own units.
import { scatter } from '../base/draws.ts'
import { demand } from '../base/errors.ts'
import { type Ground, groundOf, type Part } from './ground.ts'
import { hopsOf } from './hops.ts'
import type { JumpProcess } from './process.ts'
import { duration } from './steps.ts'

export interface WalkingOptions {
  /** The process, for its errors. */
  readonly what: string
  readonly channels: number
  readonly sites: number
  readonly shape: readonly number[]
  readonly rate: number
  /** Where the hops of each channel lead, [J, sites]: see `Walk.reached`. */
  readonly reached: (channel: number) => Int32Array
  readonly parts: () => readonly Part[]
  /** How many parts there are. */
  readonly conserved: number
  /** The largest count of clean images, to which `settle` keeps where the mass allows it; default: none. */
  readonly ceiling?: number
}

type Walking = Omit<JumpProcess, 'description' | 'link' | 'divergence' | 'weights' | 'settle'> &
  Required<Pick<JumpProcess, 'settle'>>

/**
 * The members of a process in which every unit hops at `rate` to each neighbour (DSD, the forward process).
 *
 * Given the origin D, potentials a are found so that the table T(x, y) = a(x) k_t(y|x) n_t(y) / (K_t a)(y) of how many of
 * the units at y came from x has the sums D and n_t; then with h_t = K_t a a unit goes back from y to z with the probability
 *
 *     k_(t-s)(y|z) h_s(z) / h_t(y),          and hops from y to y' at the rate  h_t(y') / h_t(y)
 *
 * (Doob's h-transform). For one unit whose origin has the law D both are exact; for many units of a known image they are
 * the limit of large counts; see docs/equations.md for how near they are otherwise. In every part the origin is scaled to
 * the mass of the counts.
 */
export function walking(options: WalkingOptions): Walking {
  const { what, channels, sites, shape, rate, conserved, ceiling } = options
  demand(rate >= 0 && rate < Infinity, what, 'the rate', 'finite and >= 0', rate)
  const size = channels * sites
  const jumps = options.reached(0).length / sites
  const hops = hopsOf(options.reached, { sites, jumps })
  let made: Ground[] | undefined
  const grounds = () => (made ??= options.parts().map(part => groundOf(part, sites)))

  function lengthOf(verb: string, thing: string, array: ArrayLike<number>, wanted: number): void {
    demand(array.length === wanted, verb, `the length of ${thing}`, String(wanted), array.length)
  }

  function told(verb: string, counts: Int32Array, origin: ArrayLike<number>): void {
    lengthOf(verb, 'counts', counts, size)
    lengthOf(verb, 'the origin', origin, size)
  }

  return {
    channels,
    sites,
    shape,
    rate,
    jumps,
    conserved,
    motion: 2 * rate,

    corrupt(clean, time, { random, noisy }) {
      demand(time >= 0 && time <= 1, 'corrupt', 'time', 'in [0, 1]', time)
      lengthOf('corrupt', 'clean', clean, size)
      lengthOf('corrupt', 'noisy', noisy, size)
      demand(clean !== noisy, 'corrupt', 'noisy', 'another array than clean', 'the same')
      checkCounts('corrupt', clean, sites)
      if (conserved !== channels) noisy.fill(0)
      for (const ground of grounds()) {
        ground.gather(clean)
        ground.walk.move(ground.counts, rate * time, { random })
        ground.scatter(noisy)
      }
    },

    limit(masses, { random, out }) {
      lengthOf('draw the limit', 'masses', masses, conserved)
      lengthOf('draw the limit', 'out', out, size)
      out.fill(0)
      grounds().forEach((ground, p) => {
        demand(isCount(masses[p]), 'draw the limit', `mass ${p}`, 'an integer in [0, 2^31)', masses[p])
        scatter(random, masses[p], ground.counts, ground.counts.length, 0)
        ground.scatter(out)
      })
    },

    rates(counts, origin, { time, out, noise = 1 }) {
      const verb = 'tell the rates'
      demand(time > 0 && time <= 1, verb, 'the time', 'in (0, 1]', time)
      checkNoise(verb, noise)
      lengthOf(verb, 'out', out, size * jumps)
      told(verb, counts, origin)
      out.fill(0)
      for (const ground of grounds()) {
        const tau = rate * time
        ground.tell(ground.toward(counts, origin, tau), { tau, noise, jumps, out })
      }
    },

    fastest: (counts, rates) => hops.fastest(counts, rates),
    hop: (counts, rates, step) => hops.hop(counts, rates, step),

    undo(counts, origin, step) {
      duration('undo', step)
      checkNoise('undo', step.noise ?? 1)
      told('undo', counts, origin)
      for (const ground of grounds()) {
        const potential = ground.toward(counts, origin, rate * step.from)
        ground.back(potential, { ...step, from: rate * step.from, to: rate * step.to })
        ground.scatter(counts)
      }
    },

    settle(counts, origin) {
      told('settle', counts, origin)
      for (const ground of grounds()) ground.settle(counts, origin, ceiling)
    },

    invariant(counts) {
      lengthOf('tell the masses', 'counts', counts, size)
      return grounds().map(ground => {
        ground.gather(counts)
        let mass = 0
        for (let i = 0; i < ground.counts.length; i++) mass += ground.counts[i]
        return mass
      })
    },
  }
}

function checkCounts(verb: string, counts: Int32Array, sites: number): void {
  for (let x = 0, mass = 0; x < counts.length; x++) {
    if (!(counts[x] >= 0)) demand(false, verb, 'every count', '>= 0', counts[x])
    mass = (x % sites === 0 ? 0 : mass) + counts[x]
    if (mass >= 2 ** 31) demand(false, verb, 'the mass of a channel', 'below 2^31', mass)
  }
}

function checkNoise(verb: string, noise: number): void {
  demand(noise >= 0 && noise <= 8, verb, 'the noise', 'in [0, 8]', noise)
}

function isCount(mass: number): boolean {
  return Number.isSafeInteger(mass) && mass >= 0 && mass < 2 ** 31
}
