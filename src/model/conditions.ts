/** Conditions: what a network may be told of an image beside its counts and time. They are values that combine. */
import { cannot, demand } from '../base/errors.ts'
import { type BoundaryName, lattice } from '../lattice/index.ts'
import type { Task } from '../network/unet.ts'
import { type Rates, steered } from './steered.ts'

/** What a model can declare that it takes. */
export type ConditionName = 'class' | 'mask'

/** The inputs of one tile of images, to be filled. */
export interface TileInputs {
  /** Numbers in one image, C·H·W. */
  readonly size: number
  /** [tile, C, H, W]; what walks is there already. */
  readonly counts: Float32Array
  /** [tile]; "not told" unless a condition says otherwise. */
  readonly label: Int32Array
  /** [tile, C, H, W], 1 where units walk, 0 where they stand still and are known; 1 everywhere unless told. */
  readonly open: Float32Array
}

/** One thing that the network is told. */
export interface Condition {
  /** What the network must take for it; left out: any network will do. */
  readonly name?: ConditionName
  /** Writes what image number `image` is told into its place of the tile. */
  tell?(inputs: TileInputs, place: { slot: number; image: number }): void
  /** Rates of what is sampled, from those of what the network is shown. */
  around?(rates: Rates): Rates
}

/** The conditions that a network takes. */
export function conditionsOf({ classes, mask }: Task): ConditionName[] {
  return [...(classes > 0 ? (['class'] as const) : []), ...(mask ? (['mask'] as const) : [])]
}

/** Throws a RangeError that names what the network takes, where it does not take all of these. */
export function demandTaken(task: Task, conditions: readonly Condition[]): void {
  const taken = conditionsOf(task)
  const known =
    taken.length > 0 ? `one that the model takes (${taken.join(', ')})` : 'left out: the model takes none'
  for (const { name } of conditions)
    demand(name === undefined || taken.includes(name), 'tell the network', 'the condition', known, name)
}

/** The class of image number i, from 0; undefined: not told. */
export function classes(of: (image: number) => number | undefined): Condition {
  return {
    name: 'class',
    tell({ label }, { slot, image }) {
      const told = of(image)
      if (told !== undefined) label[slot] = told
    },
  }
}

/** What is known around holes. */
export interface Surroundings {
  /** [K, C, H, W]: image number i completes the known image floor(i / each). */
  readonly known: Int32Array
  /** [C, H, W]: 1 in the hole, where units walk, and 0 where the known counts stay as they are. */
  readonly open: Uint8Array
  /** Completions of each known image; default: all are of the first. */
  readonly each?: number
  /** For networks that take no mask: how the known units walk, and what the holes hold. */
  readonly bridges?: Bridges
}

/** What it takes to fill holes by the rates of whole images. */
export interface Bridges {
  readonly lengths: readonly number[]
  readonly boundaries: readonly BoundaryName[]
  /** r of the model's walk. */
  readonly rate: number
  /** Units of the hole of image number i, by channel, [N][C]. */
  readonly masses: readonly (readonly number[])[]
  /** Seed of the paths of the known units. */
  readonly seed: number
  /** See `steering`. */
  readonly blur?: number
}

/**
 * Known counts around a hole. A network that takes a mask is told them, and the walk itself holds no unit outside the
 * hole (see `confined`). With `bridges` any network will do: it is shown whole images, whose known units walk back to
 * their origins, and its rates are steered into the hole (see `steered`); then the walk is that of the model, which may
 * leave units beside the hole (see `intoHole`).
 */
export function surroundings(around: Surroundings): Condition {
  const { known, open, bridges } = around
  if (open.length === 0 || known.length % open.length !== 0)
    throw new RangeError(
      cannot(telling, 'the known counts', `of images of ${open.length} sites`, known.length),
    )
  return bridges ? shownWhole(around, bridges) : toldMask(around)
}

const telling = 'tell the surroundings'

/** Where the known counts of image number i begin. A tile may be filled up with images that nobody asked for. */
const startOf = ({ known, open, each = Infinity }: Surroundings, image: number) =>
  Math.min(Math.floor(image / each), known.length / open.length - 1) * open.length

function toldMask(around: Surroundings): Condition {
  const { known, open } = around
  return {
    name: 'mask',
    tell(inputs, { slot, image }) {
      demand(open.length === inputs.size, telling, 'the mask', `of ${inputs.size} sites`, open.length)
      const from = startOf(around, image)
      for (let x = 0, at = slot * open.length; x < open.length; x++, at++) {
        inputs.open[at] = open[x]
        if (open[x] === 0) inputs.counts[at] = known[from + x]
      }
    },
  }
}

function shownWhole(around: Surroundings, bridges: Bridges): Condition {
  const { known, open } = around
  const { lengths, boundaries, masses, ...rest } = bridges
  const grid = lattice(lengths, boundaries)
  const channels = Array.from({ length: open.length / grid.size }, (_, c) =>
    open.subarray(c * grid.size, (c + 1) * grid.size).reduce((sum, inside) => sum + inside, 0),
  )
  /** Known counts, and in the hole its units spread evenly: a little where there are none, so that all can be reached. */
  const density = (image: number) => {
    const from = startOf(around, image)
    const means = channels.map((sites, c) => Math.max(1e-3, masses[image][c] / Math.max(1, sites)))
    return Float64Array.from(open, (inside, x) =>
      inside ? means[Math.floor(x / grid.size)] : known[from + x],
    )
  }
  return { around: rates => steered(rates, { lattice: grid, open, density, ...rest }) }
}
