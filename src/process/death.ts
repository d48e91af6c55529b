// Blackout Diffusion: every unit dies alone, and images are born from black.
import { binomial, poisson } from '../base/draws.ts'
import { demand } from '../base/errors.ts'
import { exp, expm1 } from '../base/numeric.ts'
import type { Random } from '../base/random.ts'
import type { JumpProcess, LossWeight, ProcessDescription } from './process.ts'
import { type Standing, standing } from './standing.ts'
import { divergences, evenBirths, revived, rounded } from './thinned.ts'

/** Enough to rebuild the process. */
export interface DeathDescription extends ProcessDescription {
  readonly kind: 'death'
  readonly lengths: readonly number[]
  readonly channels: number
  readonly ceiling: number
  readonly rate: number
}

export interface DeathOptions {
  /** Of the lattice. */
  readonly lengths: readonly number[]
  /** C, default 1. */
  readonly channels?: number
  /** The largest count, 1 … 65535; default 255. */
  readonly ceiling?: number
  /** Deaths of each unit per unit of time, default 15: the end of the paper's clock, t_end. */
  readonly rate?: number
}

/** tau is at most this, so that no odds of survival vanish. */
const LONGEST = 600

/**
 * Pure death, Blackout: with tau = rate * t and x = e^-tau,
 *
 *     n_t | n_0 ~ Binomial(n_0, x),      reverse births at the rate E[n_0 - n_t | n_t] x / (1 - x)
 *
 * at each site. There is one reverse jump, a birth; `capacity` is its rate where all counts 0 … ceiling are alike, so that
 * nothing is ever born beyond the ceiling. The limit is black, and nothing is conserved. The paper's times are those of
 * the schedule `logit({ tau1: 15, tau2: 15 })`.
 */
export function death(options: DeathOptions): JumpProcess {
  const { lengths, channels = 1, ceiling = 255, rate = 15 } = options
  const what = 'build the death process'
  const ground: Standing = standing(what, { lengths, channels, jumps: 1, rate })
  demand(rate <= LONGEST, what, 'the rate', `at most ${LONGEST}`, rate)
  const whole = Number.isSafeInteger(ceiling) && ceiling >= 1 && ceiling <= 65535
  demand(whole, what, 'the ceiling', 'an integer in 1 … 65535', ceiling)
  const description: DeathDescription = { kind: 'death', lengths: [...lengths], channels, ceiling, rate }
  const births = new Float64Array(ceiling + 1)
  const dead = new Float64Array(channels * ground.same.sites)
  let divergence: Float64Array | undefined

  /** Writes into `dead` how many of each site's dead the ratios tell of, at most as many as there is room for. */
  function count(counts: Int32Array, ratios: Float32Array, time: number): void {
    const tau = rate * time
    const perBirth = expm1(tau)
    evenBirths(tau, births)
    for (let x = 0; x < counts.length; x++) {
      const n = held(counts[x])
      dead[x] = Math.min(ceiling - n, births[n] * ratios[x] * perBirth)
    }
  }

  function held(n: number): number {
    if (!(n >= 0 && n <= ceiling)) demand(false, 'take an image', 'every count', `in 0 … ${ceiling}`, n)
    return n
  }

  /** Each of the dead is born again with the probability `chance`, their number being a whole one by chance too. */
  function revive(counts: Int32Array, chance: number, random: Random): void {
    for (let x = 0; x < counts.length; x++)
      if (dead[x] > 0) counts[x] += binomial(random, rounded(random, dead[x]), chance)
  }

  return {
    ...ground.same,
    description,
    weights: weightsOf(rate),

    corrupt(clean, time, draw) {
      ground.corruption(clean, time, draw)
      const { random, noisy, target } = draw
      const tau = rate * time
      const alive = exp(-tau)
      const hazard = tau > 0 ? 1 / expm1(tau) : 0
      for (let x = 0; x < clean.length; x++) {
        noisy[x] = binomial(random, held(clean[x]), alive)
        target[x] = (clean[x] - noisy[x]) * hazard
      }
    },

    limit(masses, { out }) {
      ground.limit(masses, out)
      out.fill(0)
    },

    capacity(counts, out, time) {
      ground.capacity(counts, out, time)
      evenBirths(rate * time, births)
      for (let x = 0; x < counts.length; x++) out[x] = births[held(counts[x])]
    },

    hop(counts, ratios, step) {
      ground.step('hop', counts, ratios, step)
      count(counts, ratios, step.from)
      revive(counts, Math.min(1, (rate * (step.from - step.to)) / expm1(rate * step.from)), step.random)
    },

    /** Poisson leaping in place of the bridge: a Poisson number of births of the same mean (Blackout, sampling). */
    leap(counts, ratios, step) {
      ground.step('leap', counts, ratios, step)
      count(counts, ratios, step.from)
      const chance = revived(rate * step.from, rate * step.to)
      for (let x = 0; x < counts.length; x++)
        if (dead[x] > 0) counts[x] = Math.min(ceiling, counts[x] + poisson(step.random, dead[x] * chance))
    },

    /**
     * The binomial bridge (Blackout, sampling): n_s - n_t ~ Binomial(dead, (e^-s - e^-t) / (1 - e^-t)).
     *
     * Deviation: the number of the dead, where it is no whole one, is rounded up or down at random, so that its mean
     * is kept. Rounded to the nearest, 0.4 of a unit would never be born; images of black and white need it.
     */
    bridge(counts, ratios, step) {
      ground.step('bridge', counts, ratios, step)
      count(counts, ratios, step.from)
      revive(counts, revived(rate * step.from, rate * step.to), step.random)
    },

    /**
     * Every one of the dead is born at the rate x / (1 - x), or where less than one is awaited at that of the site, and
     * that rate itself grows at the rate 1 / (1 - x) or less as time runs back: the larger of the two.
     */
    fastest(counts, ratios, time) {
      ground.fastest(counts, ratios, time)
      count(counts, ratios, time)
      const most = dead.reduce((largest, n) => Math.max(largest, n), 0)
      return (rate * Math.min(1, most)) / -expm1(-rate * time)
    },

    divergence(clean) {
      divergence ??= divergences(rate, ceiling)
      let sum = 0
      for (let x = 0; x < clean.length; x++) sum += divergence[held(clean[x])]
      return sum
    },
  }
}

/**
 * The weights of the paper, w (ŷ - (n_0 - n_t) log ŷ) at a step from t_k back to t_(k-1): *instantaneous*
 * w = e^-t_k (t_k - t_(k-1)), *finite-time* w = e^-t_(k-1) - e^-t_k. As births happen at the rate ŷ x / (1 - x), x = e^-t,
 * they weigh the rates of births by 1 - x, and by (1 - x) / x, of that.
 */
function weightsOf(rate: number): Readonly<Record<string, LossWeight>> {
  return {
    instantaneous: ({ from, to }) => -expm1(-rate * from) * rate * (from - to),
    'finite-time': ({ from, to }) => -expm1(-rate * from) * expm1(rate * (from - to)),
  }
}
