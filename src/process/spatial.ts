// Discrete Spatial Diffusion: every unit walks alone over the lattice, and no unit is ever made or lost.
import { demand } from '../base/errors.ts'
import { type BoundaryName, directions, hopRate, type Lattice, neighbours } from '../lattice/index.ts'
import { latticeWalk } from '../walk/lattice-walk.ts'
import { demandLattice, demandOptions } from './given.ts'
import { sitesLink } from './link/sites.ts'
import type { JumpProcess, ProcessDescription } from './process.ts'
import { unevenness } from './uneven.ts'
import { walking } from './walking.ts'

/** Enough to rebuild the walk. */
export interface SpatialDescription extends ProcessDescription {
  readonly kind: 'spatial'
  readonly lengths: readonly number[]
  readonly boundaries: readonly BoundaryName[]
  readonly channels: number
  readonly rate: number
  readonly ceiling?: number
}

export interface SpatialOptions {
  readonly lattice: Lattice
  /** C, default 1. */
  readonly channels?: number
  /** Hops per direction and unit of time; the default leaves e^-6 of the slowest mode at t = 1 (see `hopRate`). */
  readonly rate?: number
  /** The largest count of clean images, which `settle` keeps to where the mass allows it; default: none. */
  readonly ceiling?: number
}

/**
 * The walk of DSD on a lattice: each unit hops to each nearest neighbour at rate r, so over a time t it draws from
 * `p_t(x|x0) = Π_axes k_{rt}(x_i|x0_i)`, exactly, at any real t. Jumps are the 2d directions of the lattice, in its
 * order; the invariant is the mass of each channel; the limit is uniform. The origin is the expected clean image, of which
 * only the shape counts: each channel is scaled to its mass.
 */
export function spatial(options: SpatialOptions): JumpProcess {
  const what = 'build the spatial process'
  demandOptions(what, options)
  demandLattice(what, options.lattice)
  const { lattice, channels = 1, rate = hopRate(lattice), ceiling } = options
  const { size, axes, shape } = lattice
  demandChannels(what, channels)
  const whole = ceiling === undefined || (Number.isSafeInteger(ceiling) && ceiling >= 1)
  demand(whole, what, 'the ceiling', 'an integer >= 1', ceiling)
  let reached: Int32Array | undefined
  const description: SpatialDescription = {
    kind: 'spatial',
    lengths: [...shape],
    boundaries: axes.map(axis => axis.boundary.name),
    channels,
    rate,
    ...(ceiling === undefined ? {} : { ceiling }),
  }
  const ground = () => {
    const walk = latticeWalk(lattice)
    return Array.from({ length: channels }, (_, channel) => ({ channel, walk }))
  }
  const same = walking({
    what,
    channels,
    sites: size,
    shape: [channels, ...shape],
    rate,
    jumps: directions(lattice),
    reached: () => (reached ??= neighbours(lattice)),
    parts: ground,
    conserved: channels,
    ceiling,
  })
  let uneven: Float64Array | undefined
  return {
    ...same,
    description,
    link: sitesLink,

    divergence(clean) {
      uneven ??= unevenness(lattice, rate)
      let sum = 0
      for (let x = 0; x < clean.length; x++) sum += clean[x] * uneven[x % size]
      return sum
    },
  }
}

export function demandChannels(what: string, channels: number): void {
  const whole = Number.isSafeInteger(channels) && channels >= 1
  demand(whole, what, 'the number of channels', 'an integer >= 1', channels)
}
