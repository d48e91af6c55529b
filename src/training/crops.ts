/** Crops of a material at random places, turned and mirrored: a channel of units for every phase but one. */
import { demand } from '../base/errors.ts'
import { below } from '../base/random.ts'
import type { ImageSource } from './source.ts'

/** Axes of a volume [Z, Y, X] that slices can be normal to. */
export type SliceAxis = 'x' | 'y' | 'z'

/** Labels of a material and how crops are cut out of it; plain data. */
export interface CropSource {
  readonly kind: 'crops'
  /** [Z, Y, X]: c + 1 where a unit of channel c is, 0 where none is. */
  readonly labels: Uint8Array
  readonly shape: readonly [number, number, number]
  /** Height and width of a crop, in voxels. */
  readonly size: readonly [number, number]
  /** Channels of a crop. */
  readonly channels: number
  /** What the slices may be normal to. */
  readonly axes: readonly SliceAxis[]
  /** Whether crops are mirrored at random along both of their axes. */
  readonly flips: boolean
  /** Whether crops are turned at random by quarters: their axes change places. */
  readonly turns: boolean
}

/** The axes [row, column] of slices normal to an axis, as places in [Z, Y, X]; the normal is what is left. */
export const sliceAxes: Record<SliceAxis, readonly [number, number]> = { z: [1, 2], y: [0, 2], x: [0, 1] }

/** How rows and columns of a crop lie in the volume. */
interface Way {
  readonly normal: number
  readonly row: number
  readonly column: number
}

/**
 * Crops whose place, axis, mirroring and turn are uniform over all that there are. Only ways in which a crop fits
 * are taken.
 *
 * @throws RangeError where no crop fits.
 */
export function randomCrops(source: Omit<CropSource, 'kind'>): ImageSource {
  const { labels, shape, size, channels, flips } = source
  const [height, width] = size
  const strides = [shape[1] * shape[2], shape[2], 1]
  const ways = waysOf(source)
  const places = ways.map(
    way => shape[way.normal] * (shape[way.row] - height + 1) * (shape[way.column] - width + 1),
  )
  const all = places.reduce((sum, n) => sum + n, 0)
  return {
    draw(_position, { random, out }) {
      let place = below(random, all)
      let choice = 0
      while (place >= places[choice]) place -= places[choice++]
      const { normal, row, column } = ways[choice]
      const columns = shape[column] - width + 1
      const rows = shape[row] - height + 1
      let at = (place % columns) * strides[column]
      at += (Math.floor(place / columns) % rows) * strides[row]
      at += Math.floor(place / (columns * rows)) * strides[normal]
      const mirrored = flips ? below(random, 4) : 0
      let [down, right] = [strides[row], strides[column]]
      if (mirrored & 1) {
        at += (height - 1) * down
        down = -down
      }
      if (mirrored & 2) {
        at += (width - 1) * right
        right = -right
      }
      out.fill(0)
      const sites = height * width
      for (let y = 0, x = 0; y < height; y++, at += down)
        for (let i = 0, from = at; i < width; i++, x++, from += right) {
          const label = labels[from]
          if (label > 0 && label <= channels) out[(label - 1) * sites + x] = 1
        }
      return undefined
    },
  }
}

/** All ways of laying a crop into the volume. */
function waysOf({ shape, size: [height, width], axes, turns }: Omit<CropSource, 'kind'>): Way[] {
  const ways = axes.flatMap(axis => {
    const [row, column] = sliceAxes[axis]
    const normal = 3 - row - column
    const straight = { normal, row, column }
    return turns ? [straight, { normal, row: column, column: row }] : [straight]
  })
  const fitting = ways.filter(({ row, column }) => shape[row] >= height && shape[column] >= width)
  const wanted = `at most as large as the slices of ${shape.join('×')} (Z×Y×X) normal to ${axes.join(', ')}`
  demand(fitting.length > 0, 'cut crops', 'the crop', wanted, `${height}×${width}`)
  const places = fitting.reduce(
    (sum, { normal, row, column }) => sum + shape[normal] * shape[row] * shape[column],
    0,
  )
  demand(places < 2 ** 32, 'cut crops', 'the volume', 'of fewer than 2^32 places for a crop', places)
  return fitting
}
