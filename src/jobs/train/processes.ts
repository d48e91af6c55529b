/** Processes by name: how each is built for some data, and where its times lie as a rule. */
import { cannot } from '../../base/errors.ts'
import { type BoundaryName, lattice } from '../../lattice/index.ts'
import { death, type JumpProcess, labels, spatial } from '../../process/index.ts'
import { ancestral, type SolverDescription } from '../../sampling/index.ts'

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
}

export interface NamedProcess {
  build(options: ProcessOptions): JumpProcess
  /** As a word for --schedule. */
  readonly schedule: string
  /** The solver that suits it. */
  readonly sampling: SolverDescription
}

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
