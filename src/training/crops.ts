/** Crops of a material at random places, turned and mirrored: a channel of units for every phase but one. */
import { demand } from '../base/errors.ts'
import { below } from '../base/random.ts'
import type { ImageSource } from './source.ts'

/** Axes of a volume [Z, Y, X] that slices can be normal to. */
export type SliceAxis = 'x' | 'y' | 'z'

/** Labels of a material and how crops are cut out of it; plain data. */
export interface CropSource {
  readonly kind: 'crops'
  /** [Z, Y, X], or several such volumes one after the other: c + 1 where a unit of channel c is, 0 where none is. */
  readonly labels: Uint8Array
  readonly shape: readonly [number, number, number]
  /** [H, W] of slices, or [D, H, W], in voxels. */
  readonly size: readonly number[]
  /** Channels of a crop. */
  readonly channels: number
  /** What slices may be normal to; volumes have no such thing. */
  readonly axes: readonly SliceAxis[]
  /** Whether crops are mirrored at random along all of their axes. */
  readonly flips: boolean
  /** Whether crops are turned at random by quarters: their axes change places. */
  readonly turns: boolean
  /** The axis of a crop of volumes along which it is looked at: its silhouette is told, see `silhouette`. */
  readonly sketch?: number
}

/** The axes [row, column] of slices normal to an axis, as places in [Z, Y, X]; the normal is what is left. */
export const sliceAxes: Record<SliceAxis, readonly [number, number]> = { z: [1, 2], y: [0, 2], x: [0, 1] }

/** The axis of the volume [Z, Y, X] that each axis of a crop lies along; first, of slices, the one they are normal to. */
type Way = readonly number[]

/**
 * Crops whose place, axis, mirroring and turn are uniform over all that there are. Only ways in which a crop fits
 * are taken.
 *
 * @throws RangeError where no crop fits.
 */
export function randomCrops(source: Omit<CropSource, 'kind'>): ImageSource {
  const { labels, shape, channels, flips, sketch } = source
  // A slice is a volume of one site along its normal.
  const size = [...(source.size.length === 2 ? [1] : []), ...source.size]
  const flippable = source.size.length
  const strides = [shape[1] * shape[2], shape[2], 1]
  const ways = waysOf(source)
  const room = (way: Way) => way.map((axis, i) => shape[axis] - size[i] + 1)
  const places = ways.map(way => room(way).reduce((product, n) => product * n, 1))
  const all = places.reduce((sum, n) => sum + n, 0)
  const [deep, height, width] = size
  const sites = deep * height * width
  const step = [0, 0, 0]
  const whole = shape[0] * shape[1] * shape[2]
  const volumes = labels.length / whole
  return {
    draw(_position, { random, out, told }) {
      let place = below(random, all)
      let choice = 0
      while (place >= places[choice]) place -= places[choice++]
      const way = ways[choice]
      const rooms = room(way)
      let at = volumes > 1 ? whole * below(random, volumes) : 0
      for (let i = 2; i >= 0; i--) {
        step[i] = strides[way[i]]
        at += (place % rooms[i]) * step[i]
        place = Math.floor(place / rooms[i])
      }
      const mirrored = flips ? below(random, 2 ** flippable) : 0
      for (let i = 0; i < flippable; i++) {
        const axis = i + 3 - flippable
        if (((mirrored >> i) & 1) === 0) continue
        at += (size[axis] - 1) * step[axis]
        step[axis] = -step[axis]
      }
      out.fill(0)
      for (let z = 0, x = 0; z < deep; z++, at += step[0])
        for (let y = 0, row = at; y < height; y++, row += step[1])
          for (let i = 0, from = row; i < width; i++, x++, from += step[2]) {
            const label = labels[from]
            if (label > 0 && label <= channels) out[(label - 1) * sites + x] = 1
          }
      if (told && sketch !== undefined) told.fill(1).set(silhouette(out, size, sketch))
      return undefined
    },
  }
}

/** Where anything is along an axis of a volume: 1, elsewhere 0, [D, H, W] with that axis of length 1. `counts` [C, D, H, W]. */
export function silhouette(counts: ArrayLike<number>, size: readonly number[], axis: number): Float32Array {
  const inner = size.slice(axis + 1).reduce((product, length) => product * length, 1)
  const length = size[axis]
  const seen = new Float32Array(size.reduce((product, side) => product * side, 1) / length)
  const sites = seen.length * length
  for (let i = 0; i < counts.length; i++) {
    if (counts[i] === 0) continue
    const x = i % sites
    seen[Math.floor(x / (inner * length)) * inner + (x % inner)] = 1
  }
  return seen
}

/** All ways of laying a crop into the volume. */
function waysOf({ shape, size, axes, turns }: Omit<CropSource, 'kind'>): Way[] {
  const volumes = size.length === 3
  const ways: Way[] = volumes
    ? turns
      ? [0, 1, 2].flatMap(a => [0, 1, 2].flatMap(b => (a === b ? [] : [[a, b, 3 - a - b]])))
      : [[0, 1, 2]]
    : axes.flatMap(axis => {
        const [row, column] = sliceAxes[axis]
        const normal = 3 - row - column
        const straight = [normal, row, column]
        return turns ? [straight, [normal, column, row]] : [straight]
      })
  const along = volumes ? [0, 1, 2] : [1, 2]
  const fitting = ways.filter(way => along.every((i, k) => shape[way[i]] >= size[k]))
  const of = volumes ? `the volume of ${shape.join('×')}` : `the slices of ${shape.join('×')}`
  const wanted = `at most as large as ${of} (Z×Y×X)${volumes ? '' : ` normal to ${axes.join(', ')}`}`
  demand(fitting.length > 0, 'cut crops', 'the crop', wanted, size.join('×'))
  const places = fitting.length * shape.reduce((product, length) => product * length, 1)
  demand(places < 2 ** 32, 'cut crops', 'the volume', 'of fewer than 2^32 places for a crop', places)
  return fitting
}
