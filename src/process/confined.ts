// The walk inside a region of any shape: what lies outside is known and stands still, and no unit crosses the edge.
import { scatter } from '../base/draws.ts'
import { demand } from '../base/errors.ts'
import { type BoundaryName, type Lattice, lattice as latticeOf } from '../lattice/index.ts'
import { type Region, region, slowestMode } from '../lattice/region.ts'
import { forward } from './forward.ts'
import { checkRatios, hopsOf } from './hops.ts'
import type { Corruption, JumpProcess, ProcessDescription } from './process.ts'
import { duration } from './reverse.ts'
import { walkPart } from './spectral.ts'

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

/** A leap is made of moves in which a unit hops with at most about this probability. */
const PIECE = 0.25

/** Most moves of one leap. */
const PIECES = 64

/**
 * The walk of DSD on the sites of a region, with no-flux walls along its edge (DSD, inpainting). States hold units in
 * the region alone. Every connected part keeps its mass, so the masses are those of the parts, channel by channel, and
 * the limit is uniform on each. Boxes walk by the kernels of their axes, other shapes by their modes (`walkPart`).
 */
export function confined({ lattice, open, channels = 1, rate: told }: ConfinedOptions): Confined {
  const what = 'build the confined process'
  const { size, axes, shape } = lattice
  demand(
    Number.isSafeInteger(channels) && channels >= 1,
    what,
    'the number of channels',
    'an integer >= 1',
    channels,
  )
  demand(open.length === channels * size, what, 'the mask', `of ${channels * size} sites`, open.length)
  const mask = Uint8Array.from({ length: open.length }, (_, x) => (open[x] === 0 ? 0 : 1))
  const regions = Array.from({ length: channels }, (_, c) =>
    region(lattice, mask.subarray(c * size, (c + 1) * size)),
  )
  const rate = told ?? 6 / Math.min(...regions.map(slowestMode))
  demand(rate >= 0 && rate < Infinity, what, 'the rate', 'finite and >= 0', rate)
  const jumps = 2 * axes.length
  const parts = regions.flatMap((one, channel) => one.parts.map(sites => ({ channel, sites })))
  const hops = hopsOf(c => regions[c].reached, { sites: size, jumps })
  /** Made when they are first wanted: sampling never corrupts. */
  let walks: PartWalk[] | undefined

  return {
    description: {
      kind: 'confined',
      lengths: [...shape],
      boundaries: axes.map(axis => axis.boundary.name),
      channels,
      rate,
      open: mask,
    } satisfies ConfinedDescription as ConfinedDescription,
    channels,
    sites: size,
    shape: [channels, ...shape],
    jumps,
    rate,
    motion: 2 * rate,
    conserved: parts.length,
    parts,

    corrupt(clean, time, draw) {
      demand(time >= 0 && time <= 1, 'corrupt', 'time', 'in [0, 1]', time)
      demand(clean !== draw.noisy, 'corrupt', 'noisy', 'another array than clean', 'the same')
      draw.noisy.fill(0)
      draw.target.fill(0)
      walks ??= parts.map(({ channel, sites }) => partWalk(regions[channel], { channel, sites }))
      for (const walk of walks) walk(clean, rate * time, draw)
    },

    limit(masses, { random, out }) {
      demand(
        masses.length === parts.length,
        'draw the limit',
        'masses',
        `${parts.length}, one per part`,
        masses.length,
      )
      out.fill(0)
      parts.forEach(({ channel, sites }, p) => {
        const mass = masses[p]
        const wanted = 'an integer in [0, 2^31)'
        demand(
          Number.isSafeInteger(mass) && mass >= 0 && mass < 2 ** 31,
          'draw the limit',
          `mass ${p}`,
          wanted,
          mass,
        )
        const thrown = new Int32Array(sites.length)
        scatter(random, mass, thrown, sites.length, 0)
        sites.forEach((x, i) => {
          out[channel * size + x] = thrown[i]
        })
      })
    },

    capacity: hops.capacity,

    hop(counts, ratios, step) {
      checkRatios('hop', ratios)
      hops.hop(counts, ratios, { weight: rate * duration('hop', step), random: step.random })
    },

    leap(counts, ratios, step) {
      checkRatios('leap', ratios)
      walkFar(counts, ratios, { weight: rate * duration('leap', step), random: step.random })
    },

    /** There is no straight way through a region: a leap, which has the mean of the bridge. */
    bridge(counts, ratios, step) {
      checkRatios('bridge', ratios)
      walkFar(counts, ratios, { weight: rate * duration('bridge', step), random: step.random })
    },

    fastest: (counts, ratios) => rate * hops.sums(counts, ratios).largest,

    invariant: counts =>
      parts.map(({ channel, sites }) => sites.reduce((mass, x) => mass + counts[channel * size + x], 0)),
  }

  /** Many hops, each at the ratios of the site that the unit has come to. */
  function walkFar(counts: Int32Array, ratios: Float32Array, move: Parameters<typeof hops.hop>[2]): void {
    const { mean } = hops.sums(counts, ratios)
    const pieces = Math.max(1, Math.min(PIECES, Math.ceil((move.weight * mean) / PIECE)))
    const weight = move.weight / pieces
    for (let i = 0; i < pieces; i++) hops.hop(counts, ratios, { weight, random: move.random })
  }
}

/** The forward draw of one part: reads and writes its sites alone. */
type PartWalk = (clean: Int32Array, tau: number, draw: Corruption) => void

function partWalk(
  { lattice, reached }: Region,
  { channel, sites }: { channel: number; sites: Int32Array },
): PartWalk {
  const { size } = lattice
  const n = sites.length
  const jumps = reached.length / size
  const place = new Int32Array(size).fill(-1)
  sites.forEach((x, i) => {
    place[x] = i
  })
  const hops = Array.from({ length: jumps }, (_, j) =>
    sites.map(x => (reached[j * size + x] < 0 ? -1 : place[reached[j * size + x]])),
  )
  const walk = n === 1 ? still : (boxOf(lattice, { sites, hops }) ?? walkPart({ sites: n, hops }))
  const clean = new Int32Array(n)
  const noisy = new Int32Array(n)
  const target = new Float32Array(jumps * n)
  return (image, tau, draw) => {
    const start = channel * size
    for (let i = 0; i < n; i++) clean[i] = image[start + sites[i]]
    walk(clean, tau, { random: draw.random, noisy, target })
    for (let i = 0; i < n; i++) draw.noisy[start + sites[i]] = noisy[i]
    for (let j = 0; j < jumps; j++)
      for (let i = 0; i < n; i++) draw.target[(channel * jumps + j) * size + sites[i]] = target[j * n + i]
  }
}

const still: PartWalk = (clean, _, { noisy, target }) => {
  noisy.set(clean)
  target.fill(0)
}

/** The walk on a part that is a box of its own, by the kernels of its axes; undefined for any other shape. */
function boxOf(
  { axes, strides }: Lattice,
  { sites, hops }: { sites: Int32Array; hops: readonly Int32Array[] },
): PartWalk | undefined {
  const ranges = axes.map(({ length }, a) => {
    const at = Array.from(sites, x => Math.floor(x / strides[a]) % length)
    return { least: Math.min(...at), most: Math.max(...at) }
  })
  const lengths = ranges.map(({ least, most }) => most - least + 1)
  if (lengths.reduce((product, length) => product * length, 1) !== sites.length) return undefined
  // Where the first site can hop back along an axis, the axis goes around.
  const boundaries = axes.map(({ boundary }, a) => (hops[2 * a][0] >= 0 ? boundary : ('no-flux' as const)))
  return forward(latticeOf(lengths, boundaries))
}
