// Residual shifting: units are redrawn from the law of a degraded image, so that an image becomes that one.
import { demand } from '../base/errors.ts'
import { redrawnWalk } from '../walk/redrawn.ts'
import { demandOptions } from './given.ts'
import { phasesLink } from './link/phases.ts'
import { sitesLink } from './link/sites.ts'
import { oneToASite } from './one-to-a-site.ts'
import { patches } from './patchwork.ts'
import type { JumpProcess, ProcessDescription } from './process.ts'
import { lawsOf, lawTowards } from './redrawn-law.ts'
import { demandChannels } from './spatial.ts'
import { steady } from './steady.ts'
import { walking } from './walking.ts'

/** Enough to rebuild the process. */
export interface ShiftDescription extends ProcessDescription {
  readonly kind: 'shift'
  readonly lengths: readonly number[]
  readonly channels: number
  readonly rate: number
  readonly within?: number
  readonly law?: ArrayLike<number>
  readonly labels?: true
  readonly ceiling?: number
}

export interface ShiftOptions {
  /** Of the lattice. */
  readonly lengths: readonly number[]
  /** C, default 1. */
  readonly channels?: number
  /** How often a unit is redrawn per unit of time, default 6: e^-6 of all have not been at t = 1. */
  readonly rate?: number
  /** Units stay within blocks of so many sites a side, a divisor of the lengths; default: they may come anywhere. */
  readonly within?: number
  /** π [sites], >= 0: the degraded image, of which only the shape counts, in every block; default: even. */
  readonly law?: ArrayLike<number>
  /** Whether clean images hold one unit at a site at most, of the phase that its channel is; default false. */
  readonly labels?: boolean
  /** The largest count of clean images, which `settle` keeps to where the mass allows it; default: none. */
  readonly ceiling?: number
}

/**
 * Every unit is redrawn from π at the rate 1 in the time tau = rate * t. With η = 1 - e^-tau,
 *
 *     n_t = Binomial(n_0, 1 - η) + Multinomial(M - survivors, π),      E[n_t] = n_0 + η (M π - n_0)
 *
 * with M the mass: the mean of *ResShift* (arXiv 2307.12348), between the image and the degraded one, M π. (Ours for counts.) With
 * blocks each is an image of its own, whose mass is conserved: from sums of blocks, spread evenly, back to an image
 * whose blocks have these sums. The masses are those of the blocks, row by row, channel by channel. Jumps lead to any other
 * site of the block; the origin is the expected clean image, or of labels the probability of every phase.
 */
export function shift(options: ShiftOptions): JumpProcess {
  const what = 'build the shift process'
  demandOptions(what, options)
  const { lengths, channels = 1, rate = 6, within, law, labels = false, ceiling } = options
  demandChannels(what, channels)
  const whole =
    Array.isArray(lengths) && lengths.length > 0 && lengths.every(n => Number.isSafeInteger(n) && n >= 1)
  demand(whole, what, 'the lengths', 'integers >= 1, one at least', lengths)
  const side = within ?? 1
  const fits = Number.isSafeInteger(side) && side >= 1 && lengths.every(length => length % side === 0)
  demand(fits, what, 'the side of a block', `a divisor of ${lengths.join(' and ')}`, within)
  const sites = lengths.reduce((product, length) => product * length, 1)
  const blocks = patches(lengths, within === undefined ? lengths : lengths.map(() => side))
  const places = blocks.map(own => Int32Array.from(own))
  const laws = lawsOf(what, { law, blocks: places, sites })
  const each = places[0].length
  const description: ShiftDescription = {
    kind: 'shift',
    lengths: [...lengths],
    channels,
    rate,
    ...(within !== undefined && { within }),
    ...(law && { law: Array.from(law) }),
    ...(labels && { labels }),
    ...(ceiling !== undefined && { ceiling }),
  }
  let hops: Int32Array | undefined
  let paces: Float64Array | undefined
  const even = law ? undefined : redrawnWalk({ law: laws[0], often: 1 })
  const walk = steady(
    walking({
      what,
      channels,
      sites,
      shape: [channels, ...lengths],
      rate,
      jumps: Math.max(1, each - 1),
      reached: () => (hops ??= withinBlocks(places, sites)),
      parts: () =>
        Array.from({ length: channels }, (_, channel) =>
          places.map((own, p) => ({
            channel,
            sites: own,
            walk: even ?? redrawnWalk({ law: laws[p], often: 1 }),
            ...(law && { rest: laws[p] }),
          })),
        ).flat(),
      conserved: channels * places.length,
      ceiling,
    }),
  )
  return {
    ...walk,
    motion: 0,
    description,
    pace: () => (paces ??= pacesWithin(places, { laws, sites })),
    towards: end => shift({ ...options, law: lawTowards(what, end, { channels, sites }) }),
    ...(within !== undefined && { blocks: side }),
    ...(labels ? { ...oneToASite(walk, places), link: phasesLink } : { link: sitesLink }),
  }
}

/** Where the jumps lead, [J, sites]: to the other sites of the block, in their order. */
function withinBlocks(blocks: readonly Int32Array[], sites: number): Int32Array {
  const jumps = Math.max(1, blocks[0].length - 1)
  const reached = new Int32Array(jumps * sites).fill(-1)
  for (const block of blocks)
    block.forEach((x, i) => {
      for (let j = 0; j < block.length - 1; j++) reached[j * sites + x] = block[j < i ? j : j + 1]
    })
  return reached
}

/** How fast units jump forward: each is redrawn at the rate 1, by the law of its block. */
function pacesWithin(
  blocks: readonly Int32Array[],
  { laws, sites }: { readonly laws: readonly Float64Array[]; readonly sites: number },
): Float64Array {
  const jumps = Math.max(1, blocks[0].length - 1)
  const paces = new Float64Array(jumps * sites)
  blocks.forEach((block, p) => {
    block.forEach((x, i) => {
      for (let j = 0; j < block.length - 1; j++) paces[j * sites + x] = laws[p][j < i ? j : j + 1]
    })
  })
  return paces
}
