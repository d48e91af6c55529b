/** Processes named on the command line: how each is built for some data, and where its times lie as a rule. */
import { cannot } from '../base/errors.ts'
import { type BoundaryName, lattice } from '../lattice/index.ts'
import { death, type JumpProcess, spatial } from '../process/index.ts'

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
}

const named = {
  spatial: {
    build: ({ lengths, boundary, channels, rate }) =>
      spatial({ lattice: lattice(lengths, boundary), channels, rate }),
    schedule: 'exponential',
  },
  blackout: {
    build: ({ lengths, channels, largest, rate }) =>
      death({ lengths, channels, rate, ceiling: Math.max(1, largest) }),
    schedule: 'logit:15:15',
  },
} satisfies Record<string, NamedProcess>

export type ProcessName = keyof typeof named

export const processNames = Object.keys(named) as ProcessName[]

/** The process of a name, which may have been read from a file. */
export function processNamed(name: string): NamedProcess {
  if (Object.hasOwn(named, name)) return named[name as ProcessName]
  throw new RangeError(cannot('build the process', 'its name', `one of ${processNames.join(', ')}`, name))
}
