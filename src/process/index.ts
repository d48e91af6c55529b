// The processes, and how one is rebuilt from its description.
import { cannot } from '../base/errors.ts'
import { lattice } from '../lattice/lattice.ts'
import { type ConfinedDescription, confined } from './confined.ts'
import { type PatchworkDescription, patchwork } from './patchwork.ts'
import type { JumpProcess, ProcessDescription } from './process.ts'
import { type SpatialDescription, spatial } from './spatial.ts'

export { type Confined, type ConfinedDescription, type ConfinedOptions, confined } from './confined.ts'
export { type PatchworkDescription, patchwork } from './patchwork.ts'
export type { BridgeStep, Corruption, JumpProcess, ProcessDescription, ReverseStep } from './process.ts'
export { type SpatialDescription, type SpatialOptions, spatial } from './spatial.ts'

const kinds: Readonly<Record<string, (description: ProcessDescription) => JumpProcess>> = {
  spatial(description) {
    const { lengths, boundaries, channels, rate } = description as SpatialDescription
    return spatial({ lattice: lattice(lengths, boundaries), channels, rate })
  },
  confined(description) {
    const { lengths, boundaries, channels, rate, open } = description as ConfinedDescription
    return confined({ lattice: lattice(lengths, boundaries), channels, rate, open })
  },
  patchwork: description => patchwork(description as PatchworkDescription),
}

/** Rebuilds a process from its plain description. Throws RangeError for an unknown kind. */
export function process(description: ProcessDescription): JumpProcess {
  const rebuild = Object.hasOwn(kinds, description.kind) ? kinds[description.kind] : undefined
  if (!rebuild) {
    const known = `one of ${Object.keys(kinds).join(', ')}`
    throw new RangeError(cannot('rebuild the process', 'its kind', known, description.kind))
  }
  return rebuild(description)
}
