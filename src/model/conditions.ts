/** Conditions: what is told of an image beside its counts and time. They are values that combine. */

import { cannot, demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import type { Task } from '../network/unet.ts'
import type { OriginFunction } from '../sampling/solver.ts'

/** The inputs of one tile of images, to be filled. */
export interface TileInputs {
  /** [tile]; "not told" unless a condition says otherwise. */
  readonly label: Int32Array
  /** What else is told, by the names of its inputs: [tile, ...], zeros unless a condition says otherwise. */
  readonly told: Readonly<Record<string, { readonly data: Float32Array }>>
}

/** One thing that is told. */
export interface Condition {
  /** What the network must take for it; left out: any network will do. */
  readonly name?: string
  /** Writes what image number `image` is told into its place of the tile. */
  tell?(inputs: TileInputs, place: { slot: number; image: number }): void
  /** The origin with what is told put into it. */
  around?(origin: OriginFunction): OriginFunction
}

/**
 * What puts something into each origin: `change` is given a copy of it, for the images of numbers `first` on, and changes that in place.
 * The copy is one and the same array from call to call.
 */
export const changed =
  (
    change: (
      origin: Float32Array,
      of: { readonly counts: Int32Array; readonly times: ArrayLike<number>; readonly first: number },
    ) => void,
  ) =>
  (of: OriginFunction): OriginFunction => {
    let kept = new Float32Array(0)
    return async (counts, times, first = 0) => {
      const told = await of(counts, times, first)
      if (kept.length !== told.length) kept = new Float32Array(told.length)
      kept.set(told)
      change(kept, { counts, times, first })
      return kept
    }
  }

/** The conditions that a network takes. */
export function conditionsOf(options: Task): string[] {
  demandGiven('tell the conditions', { options }, { options: { classes: 'number' } })
  const { classes, told = [] } = options
  return [...(classes > 0 ? ['class'] : []), ...told.map(({ name }) => name)]
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
  /** [K, C, ...sites]: image number i completes the known image floor(i / each). */
  readonly known: Int32Array
  /** [C, ...sites], or [K, C, ...sites] where holes differ: 1 in the hole, 0 where the known counts stay as they are. */
  readonly open: Uint8Array
  /** Numbers of one image; default: those of `open`. */
  readonly size?: number
  /** Completions of each known image; default: all are of the first. */
  readonly each?: number
  /** C: a channel's sites lie side by side. */
  readonly channels: number
  /** Whether origins are probabilities of phases, which the process itself brings to the masses; default: counts. */
  readonly phases?: boolean
}

/** The hole of the known image that begins there, [C, ...sites]. */
export function holeOf({ open, size = open.length }: Surroundings, from: number): Uint8Array {
  return open.length === size ? open : open.subarray(from, from + size)
}

/**
 * Known counts around a hole: they are put into the origin as they are, and what is expected inside is scaled so that the
 * whole has the mass of the counts: the hole that of the image less what is known. Known labels are put in as sure, and
 * stay so. Any model of walks completes any hole.
 */
export function surroundings(options: Surroundings): Condition {
  demandGiven(
    'tell the surroundings',
    { options },
    { options: { known: 'list', open: 'list', channels: 'number' } },
  )
  const { known, open, each = Infinity, channels, phases, size = open.length } = options
  const sites = size / channels
  if (size === 0 || known.length % size !== 0)
    throw new RangeError(
      cannot('tell the surroundings', 'the known counts', `of images of ${size} sites`, known.length),
    )
  /** A tile may be filled up with images that nobody asked for. */
  const startOf = (image: number) => Math.min(Math.floor(image / each), known.length / size - 1) * size

  function complete(
    counts: Int32Array,
    origin: Float32Array,
    { from, slot }: { from: number; slot: number },
  ): void {
    const open = holeOf(options, from)
    if (phases) {
      for (let x = 0; x < size; x++) if (!open[x]) origin[slot + x] = known[from + x]
      return
    }
    for (let c = 0; c < channels; c++) {
      let [mass, inside, holes] = [0, 0, 0]
      for (let x = c * sites; x < (c + 1) * sites; x++) {
        mass += counts[slot + x] - (open[x] ? 0 : known[from + x])
        if (!open[x]) continue
        inside += origin[slot + x]
        holes++
      }
      const even = Math.max(0, mass) / Math.max(1, holes)
      for (let x = c * sites; x < (c + 1) * sites; x++)
        origin[slot + x] = !open[x]
          ? known[from + x]
          : inside > 0
            ? (origin[slot + x] * Math.max(0, mass)) / inside
            : even
    }
  }
  return {
    around: changed((origin, { counts, times, first }) => {
      for (let slot = 0; slot < times.length; slot++)
        complete(counts, origin, { from: startOf(first + slot), slot: slot * size })
    }),
  }
}
