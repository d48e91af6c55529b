// Processes of units that walk, whatever they walk on: every part of the ground keeps its own units.
import { binomial, scatter } from '../base/draws.ts'
import { demand } from '../base/errors.ts'
import type { Random } from '../base/random.ts'
import { type Potentials, potentialsOf } from '../walk/potentials.ts'
import type { Walk } from '../walk/walk.ts'
import { hopsOf } from './hops.ts'
import { netFlow } from './net-flow.ts'
import type { JumpProcess, ReverseStep } from './process.ts'
import { duration } from './steps.ts'

/** Sites of one channel between which units walk. */
export interface Part {
  readonly channel: number
  /** Where they are among the sites of the channel, rising; left out: all of them. */
  readonly sites?: Int32Array
  readonly walk: Walk
}

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
  /**
   * Writes the origin [C, sites] as the process takes it: >= 0, and of the masses of the counts in every part, but for
   * rounding.
   */
  readonly normal: (counts: Int32Array, origin: ArrayLike<number>, out: Float64Array) => void
}

/** Rounds of the potentials: 10 rounds and 3 differ in 0.15 % of the units of a digit in 16 calls (see docs/equations.md). */
const ROUNDS = 6

type Walking = Omit<JumpProcess, 'description' | 'link' | 'settle' | 'divergence' | 'weights'>

/**
 * The members of a process in which every unit hops at `rate` to each neighbour (DSD, the forward process).
 *
 * Given the origin D, potentials a are found so that the table T(x, y) = a(x) k_t(y|x) n_t(y) / (K_t a)(y) of how many of
 * the units at y came from x has the sums D and n_t; then with h_t = K_t a a unit goes back from y to z with the probability
 *
 *     k_(t-s)(y|z) h_s(z) / h_t(y),          and hops from y to y' at the rate  h_t(y') / h_t(y)
 *
 * (Doob's h-transform). For one unit whose origin has the law D both are exact; for many units of a known image they are
 * the limit of large counts; see docs/equations.md for how near they are otherwise.
 */
export function walking(options: WalkingOptions): Walking {
  const { what, channels, sites, shape, rate, conserved, normal } = options
  demand(rate >= 0 && rate < Infinity, what, 'the rate', 'finite and >= 0', rate)
  const size = channels * sites
  const jumps = options.reached(0).length / sites
  const hops = hopsOf(options.reached, { sites, jumps })
  const whole = new Float64Array(size)
  let made: Ground[] | undefined
  const grounds = () => (made ??= options.parts().map(part => groundOf(part, sites)))

  function lengthOf(verb: string, thing: string, array: ArrayLike<number>, wanted: number): void {
    demand(array.length === wanted, verb, `the length of ${thing}`, String(wanted), array.length)
  }

  function take(verb: string, counts: Int32Array, origin: ArrayLike<number>): void {
    lengthOf(verb, 'counts', counts, size)
    lengthOf(verb, 'the origin', origin, size)
    normal(counts, origin, whole)
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
      checkCounts('corrupt', clean)
      if (conserved !== channels) noisy.fill(0)
      for (const ground of grounds()) {
        ground.gather(clean, ground.counts)
        ground.walk.move(ground.counts, rate * time, { random })
        ground.scatter(ground.counts, noisy)
      }
    },

    limit(masses, { random, out }) {
      lengthOf('draw the limit', 'masses', masses, conserved)
      lengthOf('draw the limit', 'out', out, size)
      out.fill(0)
      grounds().forEach(({ counts, scatter: spread }, p) => {
        demand(isCount(masses[p]), 'draw the limit', `mass ${p}`, 'an integer in [0, 2^31)', masses[p])
        scatter(random, masses[p], counts, counts.length, 0)
        spread(counts, out)
      })
    },

    rates(counts, origin, { time, out, noise = 1 }) {
      demand(time > 0 && time <= 1, 'tell the rates', 'the time', 'in (0, 1]', time)
      lengthOf('tell the rates', 'out', out, size * jumps)
      take('tell the rates', counts, origin)
      out.fill(0)
      for (const ground of grounds()) {
        const { field } = ground.toward(counts, whole, rate * time)
        ground.tell(field, { noise, jumps, out })
      }
    },

    fastest: (counts, rates) => hops.fastest(counts, rates),
    hop: (counts, rates, step) => hops.hop(counts, rates, step),

    undo(counts, origin, step) {
      duration('undo', step)
      take('undo', counts, origin)
      for (const ground of grounds()) {
        const { potential } = ground.toward(counts, whole, rate * step.from)
        ground.back(potential, { ...step, from: rate * step.from, to: rate * step.to })
        ground.scatter(ground.counts, counts)
      }
    },

    invariant(counts) {
      lengthOf('tell the masses', 'counts', counts, size)
      return grounds().map(ground => {
        ground.gather(counts, ground.counts)
        let mass = 0
        for (let i = 0; i < ground.counts.length; i++) mass += ground.counts[i]
        return mass
      })
    },
  }
}

/** A part with its scratch. */
interface Ground {
  readonly walk: Walk
  /** [n] */
  readonly counts: Int32Array
  gather(image: ArrayLike<number>, out: Int32Array | Float64Array): void
  scatter(part: Int32Array, image: Int32Array): void
  /** The potentials of the counts (gathered into `counts`) at tau, given the origin of the whole image. */
  toward(counts: Int32Array, origin: Float64Array, tau: number): Potentials
  /** Writes the rates of the gathered counts, given h_t. */
  tell(field: Float64Array, to: { noise: number; jumps: number; out: Float64Array }): void
  /** Takes the gathered counts back in tau, given a. */
  back(potential: Float64Array, step: ReverseStep): void
}

function groundOf({ channel, sites, walk }: Part, all: number): Ground {
  const n = walk.sites
  const start = channel * all
  const place = (i: number) => start + (sites ? sites[i] : i)
  const counts = new Int32Array(n)
  const origin = new Float64Array(n)
  const weight = new Float64Array(n)
  const potentials = potentialsOf(walk, ROUNDS)
  const flow = netFlow(walk)
  const still = new Int32Array(n)

  function gather(image: ArrayLike<number>, out: Int32Array | Float64Array): void {
    for (let i = 0; i < n; i++) out[i] = image[place(i)]
  }

  /** The walk conditioned on its origin, from tau = t to s. */
  function undo(units: Int32Array, potential: Float64Array, { from, to, random }: ReverseStep): void {
    if (to > 0) walk.spread(potential, to, weight)
    else weight.set(potential)
    walk.move(units, from - to, { random, weight })
  }

  return {
    walk,
    counts,
    gather,
    scatter(part, image) {
      for (let i = 0; i < n; i++) image[place(i)] = part[i]
    },
    toward(image, whole, tau) {
      gather(image, counts)
      gather(whole, origin)
      return potentials({ counts, origin, tau })
    },
    tell(field, { noise, jumps, out }) {
      for (let j = 0; j < jumps; j++)
        for (let i = 0; i < n; i++) {
          const y = walk.reached[j * n + i]
          if (y < 0 || counts[i] === 0 || !(field[i] > 0)) continue
          const ratio = field[y] / field[i]
          out[channel * jumps * all + j * all + place(i) - start] =
            counts[i] * (Math.max(0, ratio - 1) + noise * Math.min(1, ratio))
        }
    },
    back(potential, step) {
      const { noise = 1, random, from, to } = step
      demand(noise >= 0 && noise <= 8, 'undo', 'the noise', 'in [0, 8]', noise)
      if (noise > 1) {
        // Further back than asked, and forward again: (noise - 1) / 2 of the way there and back, as many hops more.
        const beyond = Math.max(0, to - ((noise - 1) / 2) * (from - to))
        undo(counts, potential, { from, to: beyond, random })
        if (to > beyond) walk.move(counts, to - beyond, { random })
        return
      }
      if (noise === 1) {
        undo(counts, potential, step)
        return
      }
      // Each unit goes one of the two ways, both of which keep its law.
      for (let i = 0; i < n; i++) {
        still[i] = counts[i] - thin(random, counts[i], noise)
        counts[i] -= still[i]
      }
      undo(counts, potential, step)
      flow(still, potential, { from, to, random })
      for (let i = 0; i < n; i++) counts[i] += still[i]
    },
  }
}

const thin = (random: Random, n: number, p: number): number => (n === 0 ? 0 : binomial(random, n, p))

function checkCounts(verb: string, counts: Int32Array): void {
  for (let x = 0; x < counts.length; x++)
    if (!(counts[x] >= 0)) demand(false, verb, 'every count', '>= 0', counts[x])
}

function isCount(mass: number): boolean {
  return Number.isSafeInteger(mass) && mass >= 0 && mass < 2 ** 31
}
