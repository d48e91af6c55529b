/** Conditions: what a network may be told of an image beside its counts and time. They are values that combine. */
import { cannot, demand } from '../base/errors.ts'
import type { Task } from '../network/unet.ts'

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
  readonly name: ConditionName
  /** Writes what image number `image` is told into its place of the tile. */
  tell(inputs: TileInputs, place: { slot: number; image: number }): void
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
    demand(taken.includes(name), 'tell the network', 'the condition', known, name)
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
}

/** Known counts around a hole. The walk itself holds no unit outside the hole (see `confined`). */
export function surroundings({ known, open, each = Infinity }: Surroundings): Condition {
  const [what, size] = ['tell the surroundings', open.length]
  if (size === 0 || known.length % size !== 0)
    throw new RangeError(cannot(what, 'the known counts', `of images of ${size} sites`, known.length))
  return {
    name: 'mask',
    tell(inputs, { slot, image }) {
      demand(size === inputs.size, what, 'the mask', `of ${inputs.size} sites`, size)
      // The tile may be filled up with images that nobody asked for.
      const from = Math.min(Math.floor(image / each), known.length / size - 1) * size
      for (let x = 0, at = slot * size; x < size; x++, at++) {
        inputs.open[at] = open[x]
        if (open[x] === 0) inputs.counts[at] = known[from + x]
      }
    },
  }
}
