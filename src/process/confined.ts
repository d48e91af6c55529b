// The walk inside a region of any shape: what lies outside is known and stands still, and no unit crosses the edge.
import {
  type BoundaryName,
  directions,
  type Lattice,
  lattice as latticeOf,
  type Region,
  region,
  slowestMode,
} from '../lattice/index.ts'
import { latticeWalk } from '../walk/lattice-walk.ts'
import { modesWalk } from '../walk/modes-walk.ts'
import type { Walk } from '../walk/walk.ts'
import { demandLattice, demandLength, demandOptions } from './given.ts'
import { sitesLink } from './link/sites.ts'
import type { JumpProcess, ProcessDescription } from './process.ts'
import { demandChannels } from './spatial.ts'
import { walking } from './walking.ts'

/** Enough to rebuild the walk. */
export interface ConfinedDescription extends ProcessDescription {
  readonly kind: 'confined'
  readonly lengths: readonly number[]
  readonly boundaries: readonly BoundaryName[]
  readonly channels: number
  readonly rate: number
  /** [C, ...sites], 1 where units walk. */
  readonly open: Uint8Array
}

export interface ConfinedOptions {
  readonly lattice: Lattice
  /** [C, ...sites]: where units can be. */
  readonly open: ArrayLike<number>
  /** C, default 1. */
  readonly channels?: number
  /** Hops per direction and unit of time; the default leaves e^-6 of the slowest mode of the region at t = 1. */
  readonly rate?: number
}

/** A confined walk also says what its masses are the masses of. */
export interface Confined extends JumpProcess {
  /** The connected parts, in the order of the masses: their channel and their sites there. */
  readonly parts: readonly { readonly channel: number; readonly sites: Int32Array }[]
}

/**
 * The walk of DSD on the sites of a region, with no-flux walls along its edge (DSD, inpainting). States hold units in
 * the region alone. Every connected part keeps its mass, so the masses are those of the parts, channel by channel, and
 * the limit is uniform on each. Boxes walk by the kernels of their axes, other shapes by their modes (`modesWalk`).
 */
export function confined(options: ConfinedOptions): Confined {
  const what = 'build the confined process'
  demandOptions(what, options)
  demandLattice(what, options.lattice)
  const { lattice, open, channels = 1, rate: told } = options
  const { size, axes, shape } = lattice
  demandChannels(what, channels)
  demandLength(what, 'the mask', open, channels * size)
  const mask = Uint8Array.from({ length: open.length }, (_, x) => (open[x] === 0 ? 0 : 1))
  const regions = Array.from({ length: channels }, (_, c) =>
    region(lattice, mask.subarray(c * size, (c + 1) * size)),
  )
  const rate = told ?? 6 / Math.min(...regions.map(slowestMode))
  const parts = regions.flatMap((one, channel) => one.parts.map(sites => ({ channel, sites })))
  const same = walking({
    what,
    channels,
    sites: size,
    shape: [channels, ...shape],
    rate,
    jumps: directions(lattice),
    reached: channel => regions[channel].reached,
    parts: () => parts.map(part => ({ ...part, walk: walkOf(regions[part.channel], part.sites) })),
    conserved: parts.length,
  })

  return {
    ...same,
    description: {
      kind: 'confined',
      lengths: [...shape],
      boundaries: axes.map(axis => axis.boundary.name),
      channels,
      rate,
      open: mask,
    } satisfies ConfinedDescription as ConfinedDescription,
    link: sitesLink,
    parts,
  }
}

/** The walk on one part: by the kernels of its axes where it is a box, else by its modes. */
function walkOf({ lattice, reached }: Region, sites: Int32Array): Walk {
  const { size } = lattice
  const jumps = reached.length / size
  const place = new Int32Array(size).fill(-1)
  sites.forEach((x, i) => {
    place[x] = i
  })
  const hops = new Int32Array(jumps * sites.length)
  for (let j = 0; j < jumps; j++)
    sites.forEach((x, i) => {
      const to = reached[j * size + x]
      hops[j * sites.length + i] = to < 0 ? -1 : place[to]
    })
  const box = boxOf(lattice, sites, hops)
  return box ? latticeWalk(box) : modesWalk({ sites: sites.length, reached: hops })
}

/** The part as a lattice of its own, where it is a box; undefined for any other shape. */
function boxOf({ axes, strides }: Lattice, sites: Int32Array, hops: Int32Array): Lattice | undefined {
  const ranges = axes.map(({ length }, a) => {
    const at = Array.from(sites, x => Math.floor(x / strides[a]) % length)
    return { least: Math.min(...at), most: Math.max(...at) }
  })
  const lengths = ranges.map(({ least, most }) => most - least + 1)
  if (lengths.reduce((product, length) => product * length, 1) !== sites.length) return undefined
  // Where the first site can hop back along an axis, the axis goes around.
  const boundaries = axes.map(({ boundary }, a) =>
    hops[2 * a * sites.length] >= 0 ? boundary : ('no-flux' as const),
  )
  return latticeOf(lengths, boundaries)
}
