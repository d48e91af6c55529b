/** Processes by name: how each is built for some data, and where its times lie as a rule. */
import { cannot, refused } from '../../base/errors.ts'
import type { Graph } from '../../graph/index.ts'
import { type BoundaryName, lattice } from '../../lattice/index.ts'
import {
  type BridgeOptions,
  bridge,
  complete,
  death,
  type JumpProcess,
  joint,
  labels,
  onGraph,
  spatial,
} from '../../process/index.ts'
import { ancestral, type SolverDescription } from '../../sampling/index.ts'
import { designed } from '../../schedule/index.ts'
import type { PartData } from './parts.ts'

/** What is known of the data, and what the flags ask for. */
export interface ProcessOptions {
  /** Height and width. */
  readonly lengths: readonly number[]
  readonly channels: number
  /** The largest count of any site. */
  readonly largest: number
  readonly boundary: BoundaryName
  /** Left out: the process's own. */
  readonly rate?: number
  /** Of the units of a bridge. */
  readonly coupling?: BridgeOptions['coupling']
  /** Of whose nodes the sites are; needed by the walk on a graph. */
  readonly graph?: Graph
  /** The two parts of a joint process. */
  readonly parts?: readonly [PartData, PartData]
}

export interface NamedProcess {
  build(options: ProcessOptions): JumpProcess
  /** As a word for --schedule. */
  readonly schedule: string
  /** The solver that suits it. */
  readonly sampling: SolverDescription
}

/** Times of a bridge: many of them near both ends. */
const ends = { u: [0, 0.15, 0.5, 0.85, 1], t: [0.003, 0.06, 0.5, 0.94, 1] }

/** Hops over which a unit of a bridge strays a quarter of the longest side: enough to go anywhere, and not to forget all. */
const straying = (lengths: readonly number[]) => Math.max(...lengths) ** 2 / 32

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
    build: ({ lengths, boundary, channels, largest, coupling, rate = straying(lengths) }) =>
      bridge({
        lattice: lattice(lengths, boundary),
        channels,
        rate,
        coupling,
        ceiling: Math.max(1, largest),
      }),
    schedule: ends.u.map((u, i) => `${u}:${ends.t[i]}`).join(','),
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
  joint: {
    build({ parts, boundary, rate }) {
      if (!parts) throw refused('train', 'with', 'given with --process joint', undefined)
      const [a, b] = parts.map(({ shape: [channels, ...lengths], largest: ceiling }, k) =>
        k > 0 && lengths[0] === 1
          ? complete({ nodes: lengths[1], channels, ceiling })
          : spatial({ lattice: lattice(lengths, boundary), channels, ceiling, ...(k === 0 && { rate }) }),
      )
      return joint(a, b)
    },
    schedule: 'walk',
    sampling: ancestral().description,
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
