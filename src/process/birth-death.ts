// Birth and death: units die alone and newcomers take their place, so that generation begins with noise of a chosen mean.
import { binomial, poisson } from '../base/draws.ts'
import { demand } from '../base/errors.ts'
import { exp, expm1 } from '../base/numeric.ts'
import { demandDraw, demandLength, demandOptions, demandSpan } from './given.ts'
import { survivorsLink } from './link/survivors.ts'
import type { JumpProcess, ProcessDescription } from './process.ts'
import { type Standing, standing } from './standing.ts'
import { divergenceFrom, drawnSurvivors, meanSurvivors } from './survivors.ts'
import { revived, roundedBy } from './thinned.ts'

/** Enough to rebuild the process. */
export interface BirthDeathDescription extends ProcessDescription {
  readonly kind: 'birth-death'
  readonly lengths: readonly number[]
  readonly channels: number
  readonly mean: number | ArrayLike<number>
  readonly rate: number
}

export interface BirthDeathOptions {
  /** Of the lattice. */
  readonly lengths: readonly number[]
  /** C, default 1. */
  readonly channels?: number
  /** Units at a site in the limit, on average: > 0, at most 1e6; of all, or [C, ...sites]: an image that all become. */
  readonly mean: number | ArrayLike<number>
  /** Deaths of each unit per unit of time; the default 10 leaves e^-10 of the data at t = 1. */
  readonly rate?: number
}

/** tau is at most this, so that no odds of survival vanish. */
const LONGEST = 600

/** Origins so near to whole numbers are these: they have 24 bits. */
const WHOLE = 2e-7

/** Units at a site where the image that all become is dark. */
const DARK = 0.05

/** No site is filled beyond this. */
const MOST = 2 ** 30

/**
 * Each unit dies at rate 1 and units are born at the rate m at every site, in the time tau = rate * t. (Ours.) With
 * x = e^-tau,
 *
 *     n_t = K + I,   K | n_0 ~ Binomial(n_0, x),   I ~ Poisson(m (1 - x)),
 *
 * and in the limit n is a Poisson number of mean m. The origin has two numbers a site, E[n_0 | n_t] and E[K | n_t]: of the
 * units that are there how many are expected to be survivors. The reverse process takes away the newcomers, each at the rate
 * 1 / (1 - x), and brings back the dead, each at the rate x / (1 - x), and newcomers that have died since, at the rate
 * m (1 - x):
 *
 *     rate of n -> n - 1:  E[I | n_t] / (1 - x),
 *     rate of n -> n + 1:  E[n_0 - K | n_t] x / (1 - x) + m (1 - x).
 *
 * These are the two jumps, in this order. Nothing is conserved. With an image in place of m it is mean-reverting diffusion on counts
 * (*MRS*, arXiv 2502.07856, whose step is this bridge with the origin as it was told): data become that image, but for Poisson noise.
 */
export function birthDeath(options: BirthDeathOptions): JumpProcess {
  const what = 'build the birth and death process'
  demandOptions(what, options)
  const { lengths, channels = 1, mean, rate = 10 } = options
  const ground: Standing = standing(what, { lengths, channels, jumps: 2, rate, width: 2 })
  const { sites } = ground.same
  const size = channels * sites
  demand(rate <= LONGEST, what, 'the rate', `at most ${LONGEST}`, rate)
  const means = meansOf(what, mean, size)
  const description: BirthDeathDescription = {
    kind: 'birth-death',
    lengths: [...lengths],
    channels,
    mean: typeof mean === 'number' ? mean : Array.from(mean),
    rate,
  }
  const divergences = new Map<number, (origin: number) => number>()

  /** What is made of a mean, for every site: sites of one mean share it. */
  function each<T>(make: (mean: number) => T): (x: number) => T {
    const made = new Map<number, T>()
    return x => {
      const found = made.get(means[x]) ?? make(means[x])
      made.set(means[x], found)
      return found
    }
  }

  /** Where the two numbers of a site lie, [C, 2, sites]. */
  const place = (x: number) => 2 * sites * Math.floor(x / sites) + (x % sites)

  /** What the origin tells of a site: newcomers among its units, and dead. */
  function told(counts: Int32Array, origin: ArrayLike<number>, x: number): { come: number; dead: number } {
    const at = place(x)
    const kept = Math.min(counts[x], origin[at + sites])
    return { come: counts[x] - kept, dead: Math.max(0, Math.min(MOST - counts[x], origin[at] - kept)) }
  }

  return {
    ...ground.same,
    description,
    towards(end) {
      demandLength(what, 'the other end', end, size)
      return birthDeath({ ...options, mean: Float64Array.from(end, m => Math.max(DARK, m)) })
    },
    link: survivorsLink({
      rate,
      middling: Math.max(1, means.reduce((sum, m) => sum + m, 0) / size),
      survivors: {
        sites,
        among: time => (time > 0 ? each(m => meanSurvivors(m, rate * time)) : () => origin => origin),
      },
    }),

    corrupt(clean, time, draw) {
      ground.corruption(clean, time, draw)
      const { random, noisy } = draw
      const gone = -expm1(-rate * time)
      const alive = exp(-rate * time)
      for (let x = 0; x < size; x++)
        noisy[x] = binomial(random, clean[x], alive) + (gone > 0 ? poisson(random, means[x] * gone) : 0)
    },

    limit(masses, draw) {
      demandDraw('draw the limit', draw)
      const { random, out } = draw
      ground.limit(masses, out)
      for (let x = 0; x < size; x++) out[x] = poisson(random, means[x])
    },

    rates(counts, origin, options) {
      ground.told(counts, origin, options)
      const { time, out } = options
      const gone = -expm1(-rate * time)
      const hazard = 1 / expm1(rate * time)
      for (let x = 0; x < size; x++) {
        const { come, dead } = told(counts, origin, x)
        const at = place(x)
        out[at] = come / gone
        out[at + sites] = dead * hazard + means[x] * gone
      }
    },

    /** Every newcomer goes at the rate 1 / (1 - x), which bounds that of the dead as well: see `death`. */
    fastest: (_, __, time) => 1 / -expm1(-rate * time),

    hop(counts, rates, step) {
      demandSpan(step)
      ground.hop(counts, rates)
      const { span, random } = step
      for (let x = 0; x < size; x++) {
        const at = place(x)
        const n = counts[x]
        if (n > 0) counts[x] -= binomial(random, n, Math.min(1, (rates[at] * span) / n))
        counts[x] = Math.min(MOST, counts[x] + poisson(random, Math.min(MOST, rates[at + sites] * span)))
      }
    },

    /**
     * Whole numbers of newcomers and of dead, of the means that are told, each of whom goes or comes by chance. Where the origin is a
     * whole number the survivors are drawn from their law, so that the bridge to a known image is exact; else one draw rounds both
     * the survivors and the origin.
     */
    undo(counts, origin, step) {
      ground.step(counts, origin, step)
      const { random } = step
      const { removed, born, passed } = chances(rate * step.from, rate * step.to)
      const survivors = each(m => drawnSurvivors(m, rate * step.from))
      for (let x = 0; x < size; x++) {
        const u = random.uniform()
        const { come, dead } = told(counts, origin, x)
        const [survived, from] = [counts[x] - come, counts[x] - come + dead]
        const known = Math.abs(from - Math.round(from)) <= WHOLE * from
        const kept = known
          ? survivors(x)(u, { origin: Math.round(from), n: counts[x], told: survived })
          : Math.min(counts[x], roundedBy(u, survived))
        const missing = Math.max(0, roundedBy(u, from) - kept)
        counts[x] -= binomial(random, counts[x] - kept, removed)
        counts[x] += binomial(random, Math.min(MOST - counts[x], missing), born)
        if (passed > 0) counts[x] = Math.min(MOST, counts[x] + poisson(random, means[x] * passed))
      }
    },

    settle(counts, origin) {
      for (let x = 0; x < size; x++) counts[x] = Math.min(MOST, Math.round(origin[place(x)]))
    },

    divergence(clean) {
      let sum = 0
      for (let x = 0; x < clean.length; x++) {
        const from = divergences.get(means[x]) ?? divergenceFrom(means[x], rate)
        divergences.set(means[x], from)
        sum += from(clean[x])
      }
      return sum
    },
  }
}

/** The mean of every site. @throws RangeError for one that is none */
function meansOf(what: string, mean: BirthDeathOptions['mean'], size: number): Float64Array {
  if (typeof mean !== 'number') demandLength(what, 'the mean', mean, size)
  const means = Float64Array.from({ length: size }, (_, x) => (typeof mean === 'number' ? mean : mean[x]))
  for (const own of means) demand(own > 0 && own <= 1e6, what, 'the mean', 'in (0, 1e6]', own)
  return means
}

/**
 * From tau = t back to s, with y = e^-(t - s): a newcomer had not come yet with the chance (1 - y) / (1 - x_t), one of
 * the dead was alive with the chance `born`, and m (1 - x_s) (1 - y) have come and gone in between on average.
 */
function chances(t: number, s: number): { removed: number; born: number; passed: number } {
  const left = -expm1(s - t)
  return { removed: Math.min(1, left / -expm1(-t)), born: revived(t, s), passed: -expm1(-s) * left }
}
