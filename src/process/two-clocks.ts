// Two clocks on every unit: it walks, and it is redrawn from the law of a degraded image, each at a rate of its own.
import { demand } from '../base/errors.ts'
import type { BoundaryName, Lattice } from '../lattice/index.ts'
import { latticeWalk } from '../walk/lattice-walk.ts'
import { redrawnWalk } from '../walk/redrawn.ts'
import { demandLattice, demandOptions } from './given.ts'
import { sitesLink } from './link/sites.ts'
import type { JumpProcess, ProcessDescription } from './process.ts'
import { lawsOf, lawTowards, redrawnSince } from './redrawn-law.ts'
import { demandChannels } from './spatial.ts'
import { steady } from './steady.ts'
import { walking } from './walking.ts'

/** Enough to rebuild the process. */
export interface TwoClocksDescription extends ProcessDescription {
  readonly kind: 'two-clocks'
  readonly lengths: readonly number[]
  readonly boundaries: readonly BoundaryName[]
  readonly channels: number
  readonly walks: number
  readonly redraws: number
  readonly law?: ArrayLike<number>
  readonly ceiling?: number
}

export interface TwoClocksOptions {
  readonly lattice: Lattice
  /** C, default 1. */
  readonly channels?: number
  /** Hops per direction and unit of time, >= 0. */
  readonly walks: number
  /** How often a unit is redrawn per unit of time, >= 0. */
  readonly redraws: number
  /** π [sites], >= 0: the degraded image, of which only the shape counts; default: even. */
  readonly law?: ArrayLike<number>
  /** The largest count of clean images, which `settle` keeps to where the mass allows it; default: none. */
  readonly ceiling?: number
}

/**
 * *Residual Denoising Diffusion Models* (arXiv 2308.13712) on counts: the residual clock takes units to π, the noise clock lets them walk.
 * (Ours for counts.) A unit that was redrawn early walks on, so with a and r the two rates
 *
 *     k_t(y|x) = e^(-a t) w_rt(y|x) + ρ_t(y),      ρ_t mode by mode π_m a (1 - e^(-(a + r ℓ_m) t)) / (a + r ℓ_m),
 *
 * ℓ_m the eigenvalue of the Laplacian. Without redraws it is the walk of `spatial`, without a walk `shift`. The limit is that
 * of long times, ρ_∞; jumps lead to any other site, and masses are those of the channels.
 */
export function twoClocks(options: TwoClocksOptions): JumpProcess {
  const what = 'build the process of two clocks'
  demandOptions(what, options)
  demandLattice(what, options.lattice)
  const { lattice, channels = 1, walks, redraws, law, ceiling } = options
  const { size, shape, axes } = lattice
  demandChannels(what, channels)
  for (const [name, often] of Object.entries({ walks, redraws }))
    demand(often >= 0 && often < Infinity, what, `the rate of ${name}`, 'finite and >= 0', often)
  const rate = walks + redraws
  demand(rate > 0, what, 'one of the rates', '> 0', rate)
  const all = Int32Array.from({ length: size }, (_, x) => x)
  const [own] = lawsOf(what, { law, blocks: [all], sites: size })
  const [often, pace] = [redraws / rate, walks / rate]
  const since = redrawnSince(lattice, { law: own, often, pace })
  const description: TwoClocksDescription = {
    kind: 'two-clocks',
    lengths: [...shape],
    boundaries: axes.map(axis => axis.boundary.name),
    channels,
    walks,
    redraws,
    ...(law && { law: Array.from(law) }),
    ...(ceiling !== undefined && { ceiling }),
  }
  const walk = redrawnWalk({
    law: own,
    often,
    between: { walk: latticeWalk(lattice), pace },
    arrived: since,
  })
  const same = walking({
    what,
    channels,
    sites: size,
    shape: [channels, ...shape],
    rate,
    jumps: Math.max(1, size - 1),
    reached: () => walk.reached,
    parts() {
      const rest = new Float64Array(size).fill(1)
      if (law && redraws > 0) since(Infinity, rest)
      return Array.from({ length: channels }, (_, channel) => ({ channel, walk, rest }))
    },
    conserved: channels,
    ceiling,
  })
  return {
    ...steady(same),
    motion: 2 * walks,
    description,
    towards: end => twoClocks({ ...options, law: lawTowards(what, end, { channels, sites: size }) }),
    link: sitesLink,
  }
}
