// The processes, and how one is rebuilt from its description.

import { cannot, demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { graph } from '../graph/graph.ts'
import { lattice } from '../lattice/lattice.ts'
import { type BirthDeathDescription, birthDeath } from './birth-death.ts'
import { type BlocksDescription, blocks } from './blocks.ts'
import { type BridgeDescription, bridge } from './bridge.ts'
import { type ChainDescription, chain } from './chain.ts'
import { type CompleteDescription, complete } from './complete.ts'
import { type ConfinedDescription, confined } from './confined.ts'
import { type DeathDescription, death } from './death.ts'
import { type EdgesDescription, edges } from './edges.ts'
import { type JointDescription, joint } from './joint.ts'
import { type LabelsDescription, labels } from './labels.ts'
import { type GraphDescription, onGraph } from './on-graph.ts'
import { type PatchworkDescription, patchwork } from './patchwork.ts'
import type { JumpProcess, ProcessDescription } from './process.ts'
import { type ShiftDescription, shift } from './shift.ts'
import { type SpatialDescription, spatial } from './spatial.ts'
import { type TwoClocksDescription, twoClocks } from './two-clocks.ts'

export { type BirthDeathDescription, type BirthDeathOptions, birthDeath } from './birth-death.ts'
export { type BlockLaw, type BlocksDescription, blocks } from './blocks.ts'
export { type BridgeDescription, type BridgeOptions, bridge } from './bridge.ts'
export { type ChainDescription, type ChainOptions, chain } from './chain.ts'
export { type CompleteDescription, type CompleteOptions, complete } from './complete.ts'
export { type Confined, type ConfinedDescription, type ConfinedOptions, confined } from './confined.ts'
export { type Births, type DeathDescription, type DeathOptions, death } from './death.ts'
export { type EdgesDescription, type EdgesOptions, edges } from './edges.ts'
export { type JointDescription, type JointOptions, joint } from './joint.ts'
export { type LabelsDescription, labels } from './labels.ts'
export type { Link, Shown, Wanted } from './link/link.ts'
export { type GraphDescription, type OnGraphOptions, onGraph } from './on-graph.ts'
export {
  type ShiftDescription,
  type ShiftOptions,
  shift,
  type TwoClocksDescription,
  type TwoClocksOptions,
  twoClocks,
} from './pairs.ts'
export { type PatchworkDescription, patchwork } from './patchwork.ts'
export type {
  Corruption,
  JumpProcess,
  LossWeight,
  ProcessDescription,
  RateOptions,
  ReverseStep,
  SettleDraw,
} from './process.ts'
export { absorbingRates, type ChainMatrix, uniformRates } from './rate-matrix.ts'
export { type SpatialDescription, type SpatialOptions, spatial } from './spatial.ts'

const kinds: Readonly<Record<string, (description: ProcessDescription) => JumpProcess>> = {
  spatial(description) {
    const { lengths, boundaries, ...rest } = description as SpatialDescription
    return spatial({ ...rest, lattice: lattice(lengths, boundaries) })
  },
  labels(description) {
    const { lengths, boundaries, channels, rate } = description as LabelsDescription
    return labels({ lattice: lattice(lengths, boundaries), channels, rate })
  },
  bridge(description) {
    const { lengths, boundaries, ...rest } = description as BridgeDescription
    return bridge({ ...rest, lattice: lattice(lengths, boundaries) })
  },
  confined(description) {
    const { lengths, boundaries, channels, rate, open } = description as ConfinedDescription
    // Left out it would be sought, which takes long for a large region: descriptions have it.
    demand(rate >= 0 && rate < Infinity, 'rebuild the process', 'the rate', 'finite and >= 0', rate)
    return confined({ lattice: lattice(lengths, boundaries), channels, rate, open })
  },
  graph(description) {
    const { nodes, edges, weights, ...rest } = description as GraphDescription
    return onGraph({ ...rest, graph: graph({ nodes, edges, weights }) })
  },
  complete: description => complete(description as CompleteDescription),
  edges: description => edges(description as EdgesDescription),
  joint(description) {
    const { parts, ...rest } = description as JointDescription
    return joint(process(parts[0]), process(parts[1]), rest)
  },
  shift: description => shift(description as ShiftDescription),
  'two-clocks'(description) {
    const { lengths, boundaries, ...rest } = description as TwoClocksDescription
    return twoClocks({ ...rest, lattice: lattice(lengths, boundaries) })
  },
  death: description => death(description as DeathDescription),
  'birth-death': description => birthDeath(description as BirthDeathDescription),
  chain: description => chain(description as ChainDescription),
  blocks(description) {
    const { walk, blocks: law } = description as BlocksDescription
    return blocks(process(walk), law)
  },
  patchwork(description) {
    const { walk, patch, masses } = description as PatchworkDescription
    return patchwork(process(walk), { patch, masses })
  },
}

/** Builds a process from its plain description: `process`, or a function that knows more kinds than it does. */
export type Rebuild = (description: ProcessDescription) => JumpProcess

/** Rebuilds a process from its plain description. Throws RangeError for an unknown kind. */
export function process(description: ProcessDescription): JumpProcess {
  demandGiven('rebuild the process', { description }, { description: { kind: 'text' } })
  const rebuild = Object.hasOwn(kinds, description.kind) ? kinds[description.kind] : undefined
  if (!rebuild) {
    const known = `one of ${Object.keys(kinds).join(', ')}`
    throw new RangeError(cannot('rebuild the process', 'its kind', known, description.kind))
  }
  return rebuild(description)
}
