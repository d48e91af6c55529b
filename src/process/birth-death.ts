// Birth and death: units die alone and newcomers take their place, so that generation begins with noise of a chosen mean.
import { binomial, poisson } from '../base/draws.ts'
import { demand } from '../base/errors.ts'
import { exp, expm1 } from '../base/numeric.ts'
import type { JumpProcess, ProcessDescription } from './process.ts'
import { type Standing, standing } from './standing.ts'
import { divergenceFrom, meanSurvivors } from './survivors.ts'
import { revived, rounded } from './thinned.ts'

/** Enough to rebuild the process. */
export interface BirthDeathDescription extends ProcessDescription {
  readonly kind: 'birth-death'
  readonly lengths: readonly number[]
  readonly channels: number
  readonly mean: number
  readonly rate: number
}

export interface BirthDeathOptions {
  /** Of the lattice. */
  readonly lengths: readonly number[]
  /** C, default 1. */
  readonly channels?: number
  /** Units at a site in the limit, on average: > 0, at most 1e6. */
  readonly mean: number
  /** Deaths of each unit per unit of time; the default 10 leaves e^-10 of the data at t = 1. */
  readonly rate?: number
}

/** tau is at most this, so that no odds of survival vanish. */
const LONGEST = 600

/** No site is born more units at a step. */
const MOST = 2 ** 30

/**
 * Each unit dies at rate 1 and units are born at the rate m at every site, in the time tau = rate * t. (Ours.) With
 * x = e^-tau,
 *
 *     n_t = K + I,   K | n_0 ~ Binomial(n_0, x),   I ~ Poisson(m (1 - x)),
 *
 * and in the limit n is a Poisson number of mean m. The reverse process takes away the newcomers, each at the rate
 * 1 / (1 - x), and brings back the dead, each at the rate x / (1 - x), and newcomers that have died since, at the rate
 * m (1 - x):
 *
 *     rate of n -> n - 1:  E[I | n_t] / (1 - x),
 *     rate of n -> n + 1:  E[n_0 - K | n_t] x / (1 - x) + m (1 - x).
 *
 * These are the two jumps, in this order; `capacity` is n and m, their rates in the limit. Nothing is conserved.
 */
export function birthDeath(options: BirthDeathOptions): JumpProcess {
  const { lengths, channels = 1, mean, rate = 10 } = options
  const what = 'build the birth and death process'
  const ground: Standing = standing(what, { lengths, channels, jumps: 2, rate })
  const { sites } = ground.same
  const size = channels * sites
  demand(rate <= LONGEST, what, 'the rate', `at most ${LONGEST}`, rate)
  demand(mean > 0 && mean <= 1e6, what, 'the mean', 'in (0, 1e6]', mean)
  const description: BirthDeathDescription = {
    kind: 'birth-death',
    lengths: [...lengths],
    channels,
    mean,
    rate,
  }
  /** What the ratios tell of each site: newcomers among its units, and dead, on average. */
  const come = new Float64Array(size)
  const dead = new Float64Array(size)
  let divergence: ((origin: number) => number) | undefined

  function read(counts: Int32Array, ratios: Float32Array, time: number): void {
    const tau = rate * time
    const gone = -expm1(-tau)
    const perBirth = expm1(tau)
    for (let c = 0, x = 0; c < channels; c++) {
      const down = 2 * c * sites
      for (let i = 0; i < sites; i++, x++) {
        come[x] = Math.min(1, ratios[down + i] * gone) * counts[x]
        const births = mean * (ratios[down + sites + i] - gone)
        dead[x] = Math.min(MOST, Math.max(0, births * perBirth))
      }
    }
  }

  /** Writes 2 numbers per site, [C, 2, sites]. */
  function write(out: Float32Array, x: number, [down, up]: readonly [number, number]): void {
    const at = 2 * sites * Math.floor(x / sites) + (x % sites)
    out[at] = down
    out[at + sites] = up
  }

  return {
    ...ground.same,
    description,

    corrupt(clean, time, draw) {
      ground.corruption(clean, time, draw)
      const { random, noisy, target } = draw
      if (time === 0) {
        noisy.set(clean)
        target.fill(0)
        return
      }
      const tau = rate * time
      const gone = -expm1(-tau)
      const alive = exp(-tau)
      const hazard = 1 / expm1(tau)
      const kept = meanSurvivors(mean, tau)
      for (let x = 0; x < size; x++) {
        noisy[x] = binomial(random, clean[x], alive) + poisson(random, mean * gone)
        const old = kept(clean[x], noisy[x])
        write(target, x, [(noisy[x] - old) / gone, (clean[x] - old) * hazard + mean * gone])
      }
    },

    limit(masses, { random, out }) {
      ground.limit(masses, out)
      for (let x = 0; x < size; x++) out[x] = poisson(random, mean)
    },

    capacity(counts, out) {
      ground.capacity(counts, out, 1)
      for (let x = 0; x < size; x++) write(out, x, [counts[x], mean])
    },

    hop(counts, ratios, step) {
      ground.step('hop', counts, ratios, step)
      read(counts, ratios, step.from)
      const { random } = step
      const tau = rate * step.from
      const time = rate * (step.from - step.to)
      const gone = -expm1(-tau)
      for (let x = 0; x < size; x++) {
        counts[x] -= binomial(random, rounded(random, come[x]), Math.min(1, time / gone))
        counts[x] += binomial(random, rounded(random, dead[x]), Math.min(1, time / expm1(tau)))
        counts[x] += poisson(random, mean * gone * time)
      }
    },

    /** Every unit is a newcomer with the same chance, and a Poisson number of the dead are born. */
    leap(counts, ratios, step) {
      ground.step('leap', counts, ratios, step)
      read(counts, ratios, step.from)
      const { random } = step
      const { removed, born, passed } = chances(rate * step.from, rate * step.to)
      for (let x = 0; x < size; x++) {
        const n = counts[x]
        counts[x] += poisson(random, dead[x] * born + mean * passed)
        if (n > 0) counts[x] -= binomial(random, n, (come[x] / n) * removed)
      }
    },

    /** Whole numbers of newcomers and of dead, of the means that the ratios tell, each of whom goes or comes by chance. */
    bridge(counts, ratios, step) {
      ground.step('bridge', counts, ratios, step)
      read(counts, ratios, step.from)
      const { random } = step
      const { removed, born, passed } = chances(rate * step.from, rate * step.to)
      for (let x = 0; x < size; x++) {
        counts[x] -= binomial(random, rounded(random, come[x]), removed)
        counts[x] += binomial(random, rounded(random, dead[x]), born)
        counts[x] += poisson(random, mean * passed)
      }
    },

    /** Every newcomer goes at the rate 1 / (1 - x), which bounds that of the dead as well: see `death`. */
    fastest(counts, ratios, time) {
      ground.fastest(counts, ratios, time)
      read(counts, ratios, time)
      let most = 0
      for (let x = 0; x < size; x++) most = Math.max(most, come[x], dead[x])
      return (rate * Math.min(1, most)) / -expm1(-rate * time)
    },

    divergence(clean) {
      divergence ??= divergenceFrom(mean, rate)
      let sum = 0
      for (let x = 0; x < clean.length; x++) sum += divergence(clean[x])
      return sum
    },
  }
}

/**
 * From tau = t back to s, with y = e^-(t - s): a newcomer had not come yet with the chance (1 - y) / (1 - x_t), one of
 * the dead was alive with the chance `born`, and m (1 - x_s) (1 - y) have come and gone in between on average.
 */
function chances(t: number, s: number): { removed: number; born: number; passed: number } {
  const left = -expm1(s - t)
  return { removed: Math.min(1, left / -expm1(-t)), born: revived(t, s), passed: -expm1(-s) * left }
}
