/** Processes by name: how each is built for some data, and where its times lie as a rule. */
import { cannot, refused } from '../../base/errors.ts'
import type { Graph } from '../../graph/index.ts'
import { type BoundaryName, lattice } from '../../lattice/index.ts'
import {
  absorbingRates,
  type BridgeOptions,
  birthDeath,
  bridge,
  chain,
  complete,
  death,
  edges,
  type JumpProcess,
  joint,
  labels,
  onGraph,
  shift,
  spatial,
  twoClocks,
} from '../../process/index.ts'
import { ancestral, type SolverDescription } from '../../sampling/index.ts'
import { designed, exponential } from '../../schedule/index.ts'
import type { PartData } from './parts.ts'

/** What is known of the data, and what the flags ask for. */
export interface ProcessOptions {
  /** Height and width. */
  readonly lengths: readonly number[]
  readonly channels: number
  /** The largest count of any site, and the mean. */
  readonly largest: number
  readonly mean?: number
  readonly boundary: BoundaryName
  /** Left out: the process's own. */
  readonly rate?: number
  /** Of the units of a bridge. */
  readonly coupling?: BridgeOptions['coupling']
  /** Side of the blocks that units keep to when they are redrawn; left out: they may come anywhere. */
  readonly within?: number
  /** Whether the data are crops of a material: one unit at a site at most. */
  readonly material?: boolean
  /** Of whose nodes the sites are; needed by the walk on a graph. */
  readonly graph?: Graph
  /** Of small graphs: what nodes may be, and the most edges at a pair. */
  readonly kinds?: readonly string[]
  readonly ceiling?: number
  /** The two parts of a joint process. */
  readonly parts?: readonly [PartData, PartData]
}

export interface NamedProcess {
  build(options: ProcessOptions): JumpProcess
  /** What --from-data is to it: images to which it bridges, or what was seen of each image, towards which units go; left out: nothing. */
  readonly other?: 'images' | 'seen'
  /** Whether it is nothing without it. */
  readonly needsOther?: true
  /** As a word for --schedule. */
  readonly schedule: string
  /** The solver that suits it, and that of crops of a material where that is another. */
  readonly sampling: SolverDescription
  readonly crops?: SolverDescription
}

/** Times of a bridge: many of them near both ends. */
const ends = { u: [0, 0.15, 0.5, 0.85, 1], t: [0.003, 0.06, 0.5, 0.94, 1] }

/** Times at which 2, 15, 45 and 80 % of the units have been redrawn, at the rate of `shift`; at last all have. */
const forgetting = { u: [0, 0.25, 0.5, 0.75, 1], t: [0.0034, 0.027, 0.1, 0.268, 1] }

/** How often a unit is redrawn, or dies, on the way from an image to what was seen of it; of all jumps of two clocks this share. */
const REDRAWS = 6
const SHARE = 0.75

/**
 * A label goes by t⁴: at τ = 200 of an image of 28², where its shape begins to show, 83 % of the labels are what they were, so that on the way
 * back they are decided before their images. By t itself 8 % are, and samples of 32 calls had too many of some classes.
 */
const FIRST = 4

/** Calls from what was seen to an image: the last where a tenth has been redrawn. */
const returning = ancestral({
  calls: 8,
  schedule: designed({ u: [0, 0.25, 0.5, 0.75, 1], t: [0.017, 0.06, 0.15, 0.35, 1] }),
}).description

/**
 * Times of the calls of crops of it, down to one at which 83 % have been redrawn, after which labels are decided at once: of 64 crops of a sandstone
 * 1.6 % of the voxels were wrong, and 2.2 % with a last call at 2 %, which left lone voxels standing.
 */
const deciding = { u: [0, 0.25, 0.5, 0.75, 1], t: [0.3, 0.4, 0.55, 0.75, 1] }

/** Times at which 1, 25, 50, 75, 90 and 100 % of the edges have been redrawn, at the rate of `edges`. */
const redrawing = { u: [0, 0.25, 0.5, 0.75, 0.9, 1], t: [0.0017, 0.048, 0.1155, 0.231, 0.384, 1] }

const wordOf = ({ u, t }: { u: readonly number[]; t: readonly number[] }) =>
  u.map((at, i) => `${at}:${t[i]}`).join(',')

/** Hops over which a unit of a bridge strays a quarter of the longest side: enough to go anywhere, and not to forget all. */
const straying = (lengths: readonly number[]) => Math.max(...lengths) ** 2 / 32

/** Times at which 1, 20, 40, 60, 80 and 95 % of the sites have been masked, at the rate of `chain`; at last all are. */
const masking = {
  u: [0, 0.2, 0.4, 0.6, 0.8, 0.95, 1],
  t: [0.0011, 0.0248, 0.0568, 0.1018, 0.1788, 0.333, 1],
}

/** nτ at the end of time: so many units are then known by e^-6 of their own noise. */
const forgotten = (largest: number) => 6 + Math.log(Math.max(1, largest)) / 2

const named = {
  spatial: {
    build: ({ lengths, boundary, channels, rate, largest }) =>
      spatial({ lattice: lattice(lengths, boundary), channels, rate, ceiling: Math.max(1, largest) }),
    schedule: 'walk',
    sampling: ancestral().description,
  },
  labels: {
    build: ({ lengths, boundary, channels, rate }) =>
      labels({ lattice: lattice(lengths, boundary), channels, rate }),
    schedule: 'walk:0.3:100',
    // What is left at this tau belongs to one decision on all labels, not to the walk.
    sampling: ancestral({ smallest: 1.2, bend: 1.3 }).description,
  },
  bridge: {
    other: 'images',
    needsOther: true,
    build: ({ lengths, boundary, channels, largest, coupling, rate = straying(lengths) }) =>
      bridge({
        lattice: lattice(lengths, boundary),
        channels,
        rate,
        coupling,
        ceiling: Math.max(1, largest),
      }),
    schedule: wordOf(ends),
    sampling: ancestral({ calls: 16, schedule: designed(ends) }).description,
  },
  graph: {
    build({ graph, channels, rate, largest }) {
      if (!graph) throw refused('train', 'graph', 'given with --process graph', undefined)
      return onGraph({ graph, channels, rate, ceiling: Math.max(1, largest) })
    },
    schedule: 'exponential:0.002',
    sampling: ancestral({ calls: 16, smallest: 0.02 }).description,
  },
  edges: {
    // Nodes are numbered by their kinds: these may be the largest counts.
    build: ({ lengths: [nodes], rate, kinds, ceiling }) => edges({ nodes, rate, kinds, ceiling }),
    schedule: wordOf(redrawing),
    sampling: ancestral({ calls: 64, schedule: designed(redrawing) }).description,
  },
  complete: {
    build({ lengths, channels, rate, largest, boundary: _ }) {
      const [high, nodes] = [lengths.slice(0, -1), lengths[lengths.length - 1]]
      if (high.some(length => length !== 1))
        throw refused(
          'train',
          'process',
          'another than complete, or counts [N, C, 1, sites]',
          lengths.join('×'),
        )
      return complete({
        nodes,
        channels,
        rate: rate ?? forgotten(largest) / nodes,
        ceiling: Math.max(1, largest),
      })
    },
    schedule: 'exponential:0.002',
    sampling: ancestral({ calls: 16, schedule: exponential({ start: 0.01 }) }).description,
  },
  chain: {
    // The state behind those of the data is the mask, which they become.
    build({ lengths, channels, largest, rate }) {
      if (largest > 62) throw refused('train', 'process', 'another than chain for counts above 62', largest)
      return chain({ lengths, channels, rate, ...absorbingRates(largest + 2) })
    },
    schedule: wordOf(masking),
    sampling: ancestral({ schedule: designed(masking) }).description,
  },
  joint: {
    build({ parts, boundary, rate }) {
      if (!parts) throw refused('train', 'with', 'given with --process joint', undefined)
      const [a, b] = parts.map(({ shape: [channels, ...lengths], largest: ceiling, lone, mask }, k) =>
        mask
          ? chain({ lengths, channels, ...absorbingRates(ceiling + 2), settles: true })
          : k > 0 && lengths[0] === 1
            ? complete({ nodes: lengths[1], channels, ceiling, lone })
            : spatial({ lattice: lattice(lengths, boundary), channels, ceiling, ...(k === 0 && { rate }) }),
      )
      return joint(a, b, parts[1].lone && parts[1].shape[1] === 1 ? { bend: FIRST } : {})
    },
    schedule: 'walk',
    sampling: ancestral().description,
  },
  shift: {
    other: 'seen',
    build: ({ lengths, channels, largest, rate, within, material = false }) =>
      shift({
        lengths,
        channels,
        rate,
        within,
        ...(material ? { labels: true } : { ceiling: Math.max(1, largest) }),
      }),
    schedule: wordOf(forgetting),
    sampling: returning,
    crops: ancestral({ calls: 8, schedule: designed(deciding) }).description,
  },
  'two-clocks': {
    other: 'seen',
    needsOther: true,
    build: ({ lengths, boundary, channels, largest, rate = REDRAWS / SHARE }) =>
      twoClocks({
        lattice: lattice(lengths, boundary),
        channels,
        redraws: SHARE * rate,
        walks: (1 - SHARE) * rate,
        ceiling: Math.max(1, largest),
      }),
    schedule: wordOf(forgetting),
    sampling: returning,
  },
  'mean-reverting': {
    other: 'seen',
    needsOther: true,
    build: ({ lengths, channels, mean = 1, rate = REDRAWS }) =>
      birthDeath({ lengths, channels, mean: Math.max(1e-3, mean), rate }),
    schedule: wordOf(forgetting),
    sampling: returning,
  },
  blackout: {
    build: ({ lengths, channels, largest, rate }) =>
      death({ lengths, channels, rate, ceiling: Math.max(1, largest) }),
    schedule: 'logit:15:15',
    sampling: ancestral({ smallest: 0.02, bend: 1, settle: false }).description,
  },
} satisfies Record<string, NamedProcess>

export type ProcessName = keyof typeof named

export const processNames = Object.keys(named) as ProcessName[]

/** The process of a name, which may have been read from a file. */
export function processNamed(name: string): NamedProcess {
  if (Object.hasOwn(named, name)) return named[name as ProcessName]
  throw new RangeError(cannot('build the process', 'its name', `one of ${processNames.join(', ')}`, name))
}
