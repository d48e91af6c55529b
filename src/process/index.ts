// The processes, and how one is rebuilt from its description.
import { cannot } from '../base/errors.ts'
import { lattice } from '../lattice/lattice.ts'
import type { JumpProcess, ProcessDescription } from './process.ts'
import { type SpatialDescription, spatial } from './spatial.ts'

export type { BridgeStep, Corruption, JumpProcess, ProcessDescription, ReverseStep } from './process.ts'
export { type SpatialDescription, type SpatialOptions, spatial } from './spatial.ts'

/** Rebuilds a process from its plain description. Throws RangeError for an unknown kind. */
export function process(description: ProcessDescription): JumpProcess {
  if (description.kind !== 'spatial')
    throw new RangeError(cannot('rebuild the process', 'its kind', '"spatial"', description.kind))
  const { lengths, boundaries, channels, rate } = description as SpatialDescription
  return spatial({ lattice: lattice(lengths, boundaries), channels, rate })
}
