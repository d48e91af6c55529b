// The walk of labels: images with at most one unit at a site, of one phase; on the way units may share sites.
import { demand } from '../base/errors.ts'
import { type BoundaryName, hopRate } from '../lattice/index.ts'
import { latticeWalk } from '../walk/lattice-walk.ts'
import type { Walk } from '../walk/walk.ts'
import { assign } from './assign.ts'
import { demandLattice, demandLength, demandOptions } from './given.ts'
import { phasesLink } from './link/phases.ts'
import type { JumpProcess, ProcessDescription } from './process.ts'
import { type SpatialOptions, spatial } from './spatial.ts'
import { tilted } from './tilt.ts'
import { drawnTogether } from './together.ts'

/** Enough to rebuild the walk. */
export interface LabelsDescription extends ProcessDescription {
  readonly kind: 'labels'
  readonly lengths: readonly number[]
  readonly boundaries: readonly BoundaryName[]
  readonly channels: number
  readonly rate: number
}

/**
 * The walk of `spatial` for the labels of a material: a clean image holds at most one unit at a site, of the phase that its
 * channel is, and where none is lies the phase that is left. The origin is the probability of every phase at every site,
 * tilted until each has its mass. `settle` draws labels with exactly those masses, of which neighbours decide alike (or
 * takes the most probable ones where it is told no time): the most probable ones have too smooth walls.
 */
export function labels(options: Omit<SpatialOptions, 'ceiling'>): JumpProcess {
  demandOptions('build the process of labels', options)
  demandLattice('build the process of labels', options.lattice)
  const { lattice, channels = 1, rate = hopRate(lattice) } = options
  const walk = spatial({ lattice, channels, rate })
  const { sites } = walk
  const expected = new Float64Array(channels * sites)
  const chosen = new Uint8Array(sites)
  let noise: Walk | undefined
  const description: LabelsDescription = {
    kind: 'labels',
    lengths: [...lattice.shape],
    boundaries: lattice.axes.map(axis => axis.boundary.name),
    channels,
    rate,
  }

  function tilt(counts: Int32Array, origin: ArrayLike<number>): number[] {
    const masses = walk.invariant(counts)
    const total = masses.reduce((sum, mass) => sum + mass, 0)
    demand(
      total <= sites,
      'tell the labels',
      'the units of an image',
      `at most ${sites}, one to a site`,
      total,
    )
    demandLength('tell the labels', 'the origin', origin, expected.length)
    tilted(origin, { masses, sites }, expected)
    return masses
  }

  return {
    ...walk,
    description,
    link: phasesLink,
    limit(masses, draw) {
      demandLength('draw the limit', 'masses', masses, channels)
      let total = 0
      for (let c = 0; c < masses.length; c++) total += masses[c]
      demand(
        total <= sites,
        'draw the limit',
        'the masses together',
        `at most ${sites}, the number of sites`,
        total,
      )
      walk.limit(masses, draw)
    },
    rates(counts, origin, options) {
      tilt(counts, origin)
      walk.rates(counts, expected, options)
    },
    undo(counts, origin, step) {
      tilt(counts, origin)
      walk.undo(counts, expected, step)
    },
    settle(counts, origin, by) {
      const masses = tilt(counts, origin)
      if (by) {
        noise ??= latticeWalk(lattice)
        const { grain = rate * by.time, random } = by
        drawnTogether(expected, { masses, lattice, walk: noise, tau: grain, random }, chosen)
      } else assign(expected, { masses, sites }, chosen)
      for (let c = 0, at = 0; c < channels; c++)
        for (let x = 0; x < sites; x++, at++) counts[at] = chosen[x] === c + 1 ? 1 : 0
    },
  }
}
