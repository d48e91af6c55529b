// Processes of units that walk, whatever they walk on: every part of the ground keeps its own units.
import { demand } from '../base/errors.ts'
import { demandDraw, demandLength, demandOptions, demandPlace, demandSpan, demandUnits } from './given.ts'
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
  /** J, hops of a site. */
  readonly jumps: number
  /** Where the hops of each channel lead, [J, sites]: see `Walk.reached`. Asked for when units hop. */
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
  const { what, channels, sites, shape, rate, jumps, conserved, ceiling } = options
  demand(rate >= 0 && rate < Infinity, what, 'the rate', 'finite and >= 0', rate)
  const size = channels * sites
  const hops = hopsOf(options.reached, { sites, jumps })
  let made: Ground[] | undefined
  const grounds = () => (made ??= options.parts().map(part => groundOf(part, sites)))

  function told(verb: string, counts: Int32Array, origin: ArrayLike<number>): void {
    demandPlace(verb, 'counts', counts, size)
    demandLength(verb, 'the origin', origin, size)
    demandUnits(verb, counts, sites)
  }

  function moved(counts: Int32Array, rates: Float64Array): void {
    demandPlace('hop', 'counts', counts, size)
    demandLength('hop', 'rates', rates, size * jumps)
    demandUnits('hop', counts, sites)
  }

  return {
    channels,
    sites,
    shape,
    rate,
    jumps,
    conserved,
    motion: 2 * rate,
    reached: options.reached,

    corrupt(clean, time, draw) {
      demandDraw('corrupt', draw)
      const { random, noisy } = draw
      demand(time >= 0 && time <= 1, 'corrupt', 'time', 'in [0, 1]', time)
      demandLength('corrupt', 'clean', clean, size)
      demandPlace('corrupt', 'noisy', noisy, size)
      demand(clean !== noisy, 'corrupt', 'noisy', 'another array than clean', 'the same')
      demandUnits('corrupt', clean, sites)
      if (conserved !== channels) noisy.fill(0)
      for (const ground of grounds()) {
        ground.gather(clean)
        ground.walk.move(ground.counts, rate * time, { random })
        ground.scatter(noisy)
      }
    },

    limit(masses, draw) {
      demandDraw('draw the limit', draw)
      const { random, out } = draw
      demandLength('draw the limit', 'masses', masses, conserved)
      demandPlace('draw the limit', 'out', out, size)
      out.fill(0)
      grounds().forEach((ground, p) => {
        demand(isCount(masses[p]), 'draw the limit', `mass ${p}`, 'an integer in [0, 2^31)', masses[p])
        ground.limit(masses[p], random)
        ground.scatter(out)
      })
    },

    rates(counts, origin, options) {
      const verb = 'tell the rates'
      demandOptions(verb, options)
      const { time, out, noise = 1 } = options
      demand(time > 0 && time <= 1, verb, 'the time', 'in (0, 1]', time)
      checkNoise(verb, noise)
      demandLength(verb, 'out', out, size * jumps)
      told(verb, counts, origin)
      out.fill(0)
      for (const ground of grounds()) {
        const tau = rate * time
        ground.tell(ground.toward(counts, origin, tau), { tau, noise, jumps, out })
      }
    },

    fastest(counts, rates) {
      moved(counts, rates)
      return hops.fastest(counts, rates)
    },

    hop(counts, rates, step) {
      demandSpan(step)
      moved(counts, rates)
      hops.hop(counts, rates, step)
    },

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
      demandLength('tell the masses', 'counts', counts, size)
      return grounds().map(ground => {
        ground.gather(counts)
        let mass = 0
        for (let i = 0; i < ground.counts.length; i++) mass += ground.counts[i]
        return mass
      })
    },
  }
}

function checkNoise(verb: string, noise: number): void {
  demand(noise >= 0 && noise <= 8, verb, 'the noise', 'in [0, 8]', noise)
}

function isCount(mass: number): boolean {
  return Number.isSafeInteger(mass) && mass >= 0 && mass < 2 ** 31
}
