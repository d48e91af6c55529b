// Discrete Spatial Diffusion: every unit walks alone over the lattice, and no unit is ever made or lost.
import { scatter } from '../base/draws.ts'
import { demand } from '../base/errors.ts'
import { type BoundaryName, hopRate, type Lattice, neighbours } from '../lattice/index.ts'
import { forward } from './forward.ts'
import { hopsOf } from './hops.ts'
import type { JumpProcess, ProcessDescription } from './process.ts'
import { reverseWalk } from './reverse.ts'
import { unevenness } from './uneven.ts'

/** Enough to rebuild the walk. */
export interface SpatialDescription extends ProcessDescription {
  readonly kind: 'spatial'
  readonly lengths: readonly number[]
  readonly boundaries: readonly BoundaryName[]
  readonly channels: number
  readonly rate: number
}

export interface SpatialOptions {
  readonly lattice: Lattice
  /** C, default 1. */
  readonly channels?: number
  /** Hops per direction and unit of time; the default leaves e^-6 of the slowest mode at t = 1 (see `hopRate`). */
  readonly rate?: number
}

/**
 * The walk of DSD on a lattice: each unit hops to each nearest neighbour at rate r, so over a time t it draws from
 * `p_t(x|x0) = Π_axes k_{rt}(x_i|x0_i)`, exactly, at any real t. Jumps are the 2d directions of the lattice, in its
 * order; the invariant is the mass of each channel; the limit is uniform.
 *
 * The weight `early` (ours) is that of the path likelihood times sqrt(1 + 1 / tau), tau = rate * from: for small tau, where R
 * is about 1 / tau for the few units that have hopped and its variance as much, gradients are then as noisy at all times,
 * and what is decided last, the walls of pores, is not learned last.
 */
export function spatial({ lattice, channels = 1, rate = hopRate(lattice) }: SpatialOptions): JumpProcess {
  const what = 'build the spatial process'
  demand(
    Number.isSafeInteger(channels) && channels >= 1,
    what,
    'the number of channels',
    'an integer >= 1',
    channels,
  )
  demand(rate >= 0 && rate < Infinity, what, 'the rate', 'finite and >= 0', rate)
  const { size, axes, shape } = lattice
  const jumps = 2 * axes.length
  const reached = neighbours(lattice)
  const corrupt = forward(lattice)
  const reverse = reverseWalk(lattice, rate)
  const hops = hopsOf(() => reached, { sites: size, jumps })
  let uneven: Float64Array | undefined
  const description: SpatialDescription = {
    kind: 'spatial',
    lengths: [...shape],
    boundaries: axes.map(axis => axis.boundary.name),
    channels,
    rate,
  }

  function checkLength(verb: string, thing: string, array: ArrayLike<number>, length: number) {
    demand(array.length === length, verb, `the length of ${thing}`, String(length), array.length)
  }

  function checkState(verb: string, counts: Int32Array, ratios: Float32Array) {
    checkLength(verb, 'counts', counts, channels * size)
    checkLength(verb, 'ratios', ratios, channels * jumps * size)
  }

  return {
    description,
    channels,
    sites: size,
    shape: [channels, ...shape],
    jumps,
    rate,
    motion: 2 * rate,
    conserved: channels,
    weights: { early: ({ from, to }) => rate * (from - to) * Math.sqrt(1 + 1 / (rate * from)) },

    corrupt(clean, time, draw) {
      demand(time >= 0 && time <= 1, 'corrupt', 'time', 'in [0, 1]', time)
      checkLength('corrupt', 'clean', clean, channels * size)
      checkLength('corrupt', 'noisy', draw.noisy, channels * size)
      checkLength('corrupt', 'target', draw.target, channels * jumps * size)
      demand(clean !== draw.noisy, 'corrupt', 'noisy', 'another array than clean', 'the same')
      corrupt(clean, rate * time, draw)
    },

    limit(masses, { random, out }) {
      checkLength('draw the limit', 'masses', masses, channels)
      checkLength('draw the limit', 'out', out, channels * size)
      for (let c = 0; c < channels; c++) {
        const mass = masses[c]
        demand(isCount(mass), 'draw the limit', `the mass of channel ${c}`, 'an integer in [0, 2^31)', mass)
        scatter(random, mass, out, size, c * size)
      }
    },

    capacity(counts, out) {
      checkLength('tell the capacity', 'counts', counts, channels * size)
      checkLength('tell the capacity', 'out', out, channels * jumps * size)
      hops.capacity(counts, out)
    },

    hop(counts, ratios, step) {
      checkState('hop', counts, ratios)
      reverse.hop(counts, ratios, step)
    },

    leap(counts, ratios, step) {
      checkState('leap', counts, ratios)
      reverse.leap(counts, ratios, step)
    },

    bridge(counts, ratios, step) {
      checkState('bridge', counts, ratios)
      reverse.bridge(counts, ratios, step)
    },

    fastest(counts, ratios) {
      checkState('find the fastest unit', counts, ratios)
      return rate * hops.sums(counts, ratios).largest
    },

    invariant(counts) {
      checkLength('tell the masses', 'counts', counts, channels * size)
      return Array.from({ length: channels }, (_, c) => {
        let mass = 0
        for (let x = c * size; x < (c + 1) * size; x++) mass += counts[x]
        return mass
      })
    },

    divergence(clean) {
      checkLength('tell the divergence', 'clean', clean, channels * size)
      uneven ??= unevenness(lattice, rate)
      let sum = 0
      for (let x = 0; x < clean.length; x++) sum += clean[x] * uneven[x % size]
      return sum
    },
  }
}

function isCount(mass: number): boolean {
  return Number.isSafeInteger(mass) && mass >= 0 && mass < 2 ** 31
}
