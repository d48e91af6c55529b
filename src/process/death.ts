// Blackout Diffusion: every unit dies alone, and images are born from black.
import { binomial, poisson } from '../base/draws.ts'
import { demand } from '../base/errors.ts'
import { exp, expm1 } from '../base/numeric.ts'
import type { Random } from '../base/random.ts'
import { nearestIntegers } from '../walk/integers.ts'
import { demandOptions, demandSpan } from './given.ts'
import { deadLink } from './link/dead.ts'
import type { JumpProcess, LossWeight, ProcessDescription } from './process.ts'
import { type Standing, standing } from './standing.ts'
import { divergences, revived, roundedTogether, scaledTo } from './thinned.ts'

/** How births are drawn in a step: those of a whole number of the dead, or a Poisson number of the same mean. */
export type Births = 'bridge' | 'poisson'

/** Enough to rebuild the process. */
export interface DeathDescription extends ProcessDescription {
  readonly kind: 'death'
  readonly lengths: readonly number[]
  readonly channels: number
  readonly ceiling: number
  readonly rate: number
  readonly births: Births
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
  /** Default: the binomial bridge. */
  readonly births?: Births
}

/** tau is at most this, so that no odds of survival vanish. */
const LONGEST = 600

/** No step is asked for more births than this at a site. */
const MOST = 2 ** 30

/**
 * Pure death, Blackout: with tau = rate * t and x = e^-tau,
 *
 *     n_t | n_0 ~ Binomial(n_0, x),      reverse births at the rate (D - n_t) x / (1 - x),  D = E[n_0 | n_t]
 *
 * at each site: one reverse jump, a birth. Nothing is born beyond the ceiling; the limit is black, and nothing is conserved.
 * The paper's times are those of the schedule `logit({ tau1: 15, tau2: 15 })`.
 *
 * A step back to s revives each of the dead with the chance (e^-s - e^-t) / (1 - e^-t): the binomial bridge, exact given
 * n_0, or a Poisson number of the same mean (both: Blackout, sampling).
 *
 * Deviation: the numbers of the dead, where they are no whole ones, are rounded up or down at random, so that the mean of
 * each is kept, and their sum but for one. Rounded to the nearest, 0.4 of a unit would never be born; images of black and
 * white need it.
 *
 * Nothing is conserved, and yet a mass M can be told (ours): what is awaited is scaled to M - sum n_t, which leaves the law
 * of the mass on the way that of death, Binomial(M, x), and the last step meets it to the unit.
 */
export function death(options: DeathOptions): JumpProcess {
  const what = 'build the death process'
  demandOptions(what, options)
  const { lengths, channels = 1, ceiling = 255, rate = 15, births = 'bridge' } = options
  const ground: Standing = standing(what, { lengths, channels, jumps: 1, rate, width: 1 })
  demand(rate <= LONGEST, what, 'the rate', `at most ${LONGEST}`, rate)
  const whole = Number.isSafeInteger(ceiling) && ceiling >= 1 && ceiling <= 65535
  demand(whole, what, 'the ceiling', 'an integer in 1 … 65535', ceiling)
  demand(Object.hasOwn(drawn, births), what, 'the births', Object.keys(drawn).join(' or '), births)
  const { sites } = ground.same
  const awaited = new Float64Array(sites)
  const description: DeathDescription = {
    kind: 'death',
    lengths: [...lengths],
    channels,
    ceiling,
    rate,
    births,
  }
  let divergence: Float64Array | undefined

  function held(n: number): number {
    if (!(n >= 0 && n <= ceiling)) demand(false, 'take an image', 'every count', `in 0 … ${ceiling}`, n)
    return n
  }

  /** How many units of a site are dead: at most as many as there is room for. */
  const dead = (n: number, expected: number) => Math.max(0, Math.min(ceiling, expected) - held(n))

  return {
    ...ground.same,
    description,
    link: deadLink({ rate, ceiling }),
    weights: weightsOf(rate),

    corrupt(clean, time, draw) {
      ground.corruption(clean, time, draw)
      const { random, noisy } = draw
      const alive = exp(-rate * time)
      for (let x = 0; x < clean.length; x++) noisy[x] = binomial(random, held(clean[x]), alive)
    },

    limit(masses, draw) {
      demandOptions('draw the limit', draw)
      ground.limit(masses, draw.out)
      draw.out.fill(0)
    },

    rates(counts, origin, options) {
      ground.told(counts, origin, options)
      const hazard = 1 / expm1(rate * options.time)
      for (let x = 0; x < counts.length; x++) options.out[x] = dead(counts[x], origin[x]) * hazard
    },

    /**
     * Every one of the dead is born at the rate x / (1 - x), or where less than one is awaited at that of the site, and
     * that rate itself grows at the rate 1 / (1 - x) or less as time runs back: the larger of the two.
     */
    fastest(_, rates, time) {
      const most = rates.reduce((largest, births) => Math.max(largest, births), 0) * expm1(rate * time)
      return Math.min(1, most) / -expm1(-rate * time)
    },

    hop(counts, rates, step) {
      demandSpan(step)
      ground.hop(counts, rates)
      const { span, random } = step
      for (let x = 0; x < counts.length; x++)
        if (rates[x] > 0)
          counts[x] = Math.min(ceiling, counts[x] + poisson(random, Math.min(MOST, rates[x] * span)))
    },

    undo(counts, origin, step) {
      ground.step(counts, origin, step)
      const { from, to, random } = step
      const chance = revived(rate * from, rate * to)
      for (let c = 0; c < channels; c++) {
        const own = counts.subarray(c * sites, (c + 1) * sites)
        for (let x = 0; x < sites; x++) awaited[x] = dead(own[x], origin[c * sites + x])
        drawn[births](own, awaited, { chance, random })
        for (let x = 0; x < sites; x++) own[x] = Math.min(ceiling, own[x])
      }
    },

    settle(counts, origin) {
      for (let c = 0; c < channels; c++) {
        const own = counts.subarray(c * sites, (c + 1) * sites)
        let total = 0
        for (let x = 0; x < sites; x++) {
          awaited[x] = own[x] + dead(own[x], origin[c * sites + x])
          total += awaited[x]
        }
        nearestIntegers(awaited, { total: Math.round(total), ceiling }, own)
      }
    },

    ...(births === 'bridge' && {
      capacity: ceiling * sites,
      weigh(counts: Int32Array, origin: ArrayLike<number>, masses: ArrayLike<number>) {
        const all = Float64Array.from(origin, (expected, x) => dead(counts[x], expected))
        for (let c = 0; c < channels; c++) {
          let left = masses[c]
          for (let x = c * sites; x < (c + 1) * sites; x++) left -= counts[x]
          const own = all.subarray(c * sites, (c + 1) * sites)
          scaledTo(own, Math.max(0, left), x => ceiling - counts[c * sites + x])
        }
        return all.map((more, x) => counts[x] + more)
      },
    }),

    divergence(clean) {
      divergence ??= divergences(rate, ceiling)
      let sum = 0
      for (let x = 0; x < clean.length; x++) sum += divergence[held(clean[x])]
      return sum
    },
  }
}

/** Births among so many dead at every site, each with the same chance; `dead` is changed. */
const drawn = {
  bridge(counts, dead, { chance, random }) {
    roundedTogether(random, dead)
    for (let x = 0; x < dead.length; x++) if (dead[x] > 0) counts[x] += binomial(random, dead[x], chance)
  },
  poisson(counts, dead, { chance, random }) {
    for (let x = 0; x < dead.length; x++) if (dead[x] > 0) counts[x] += poisson(random, dead[x] * chance)
  },
} satisfies Record<
  Births,
  (counts: Int32Array, dead: Float64Array, by: { chance: number; random: Random }) => void
>

/**
 * The weights of the paper, w (ŷ - (n_0 - n_t) log ŷ) at a step from t_k back to t_(k-1): *instantaneous*
 * w = e^-t_k (t_k - t_(k-1)), *finite-time* w = e^-t_(k-1) - e^-t_k. The loss of the link is that over 1 - e^-t.
 */
function weightsOf(rate: number): Readonly<Record<string, LossWeight>> {
  const unit = (from: number) => -expm1(-rate * from)
  return {
    instantaneous: ({ from, to }) => unit(from) * exp(-rate * from) * rate * (from - to),
    'finite-time': ({ from, to }) => unit(from) * exp(-rate * from) * expm1(rate * (from - to)),
  }
}
