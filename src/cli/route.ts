/** The two ways in which units come into a hole, as what is to be drawn for each. */
import { cannot } from '../base/errors.ts'
import { type Lattice, lattice } from '../lattice/index.ts'
import type { Surroundings } from '../model/conditions.ts'
import type { ModelDescription } from '../model/description.ts'
import { confined, type ProcessDescription, type SpatialDescription } from '../process/index.ts'
import type { Part } from './hole.ts'

export interface Route {
  readonly lattice: Lattice
  /** The sites among which the units of each mass are drawn. */
  readonly parts: readonly Part[]
  /** What is told of the walk: its description, and what the network sees around the hole. */
  told(around: Told): { process?: ProcessDescription; surroundings: Surroundings }
  /** In words. */
  readonly name: string
}

export interface Told extends Omit<Surroundings, 'bridges'> {
  /** [N][parts] */
  readonly masses: readonly (readonly number[])[]
  readonly seed: number
}

/**
 * The way that suits a model. One that takes a mask: the walk stays in the hole, and each connected part of it keeps its
 * units. Any other: the units of a channel walk over the whole image, steered into the hole, while the known ones walk
 * back to their origins. Throws RangeError for models whose units do not walk.
 */
export function routeOf({ task, process }: ModelDescription, open: Uint8Array): Route {
  const { lengths, boundaries, rate } = process as SpatialDescription
  if (process.kind !== 'spatial')
    throw new RangeError(cannot('inpaint', 'the model', 'one whose units walk on a lattice', process.kind))
  const grid = lattice(lengths, boundaries)
  const channels = task.shape[0]
  if (task.mask) {
    const { description, parts } = confined({ lattice: grid, channels, open })
    return {
      lattice: grid,
      parts,
      told: ({ known, each }) => ({ process: description, surroundings: { known, open, each } }),
      name: 'a walk inside the hole, by a network that sees the mask',
    }
  }
  const parts = Array.from({ length: channels }, (_, channel) => ({
    channel,
    sites: Array.from({ length: grid.size }, (_, x) => x).filter(x => open[channel * grid.size + x]),
  }))
  return {
    lattice: grid,
    parts,
    told: ({ known, each, masses, seed }) => ({
      surroundings: { known, open, each, bridges: { lengths, boundaries, rate, masses, seed } },
    }),
    name: 'known units walk back to their origins, by a network of whole images',
  }
}
