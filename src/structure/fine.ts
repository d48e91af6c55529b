/**
 * The lattice on which balls are centred: twice as fine as the sites, on their centres, faces, edges and corners, so that
 * a slab of w sites has a ball of diameter w, be w even or odd.
 *
 * Lengths are in halves of the shortest side of a site, so radii are diameters in such sides; sites of cubes have whole
 * squared radii.
 */
import { distances } from './distance.ts'
import { type Mask, spacingOf } from './labels.ts'
import { type Work, within } from './work.ts'

export interface BallOptions {
  /** Lengths of the sides of a site, [axes]; default 1. */
  readonly spacing?: readonly number[]
  /**
   * What a ball may not touch. `boxes`: all of a site beyond the phase, so that walls along the axes are where they are
   * drawn. `centres`: the centre of such a site, so that curved walls are where they were before they were cut into
   * sites. Default `boxes`.
   */
  readonly walls?: 'boxes' | 'centres'
}

/** [D, H, W] of the sites and of the fine lattice. */
export interface Fine {
  readonly sites: readonly number[]
  readonly shape: readonly number[]
  /** The squared side of a site along each axis over the shortest one's. */
  readonly squares: readonly number[]
  /** The shortest side, in the unit of `spacing`. */
  readonly side: number
  /** How much of a squared radius a site's centre may be off and still be held: a wall's centre never is. */
  readonly reach: number
}

export function fineOf(shape: readonly number[], { spacing, walls = 'boxes' }: BallOptions): Fine {
  const sides = spacingOf(shape, spacing, 'measure the sizes of pores')
  const pad = Array(3 - shape.length).fill(1)
  const sites = [...pad, ...shape]
  const open = sides.filter((_, axis) => shape[axis] > 1)
  const side = open.reduce((least, next) => Math.min(least, next), open[0] ?? sides[0])
  return {
    sites,
    shape: sites.map(length => (length === 1 ? 1 : 2 * length + 1)),
    squares: [...pad, ...sides.map((next, axis) => (shape[axis] === 1 ? 1 : (next / side) ** 2))],
    side,
    // Rounding in single precision is 6e-8.
    reach: walls === 'boxes' ? 1 + 3e-7 : 1 - 3e-7,
  }
}

/** The squared distance of every place of the fine lattice to the nearest wall, `nowhere` without any. */
export function* squaredRadii(
  mask: Mask,
  fine: Fine,
  walls: NonNullable<BallOptions['walls']>,
): Work<Float32Array> {
  const field = yield* within(walls === 'boxes' ? boxes(mask, fine) : centres(mask, fine), 0, 0.05)
  const spacing = fine.squares.map(Math.sqrt)
  const work = distances({ data: field, shape: fine.shape }, spacing)
  for (;;) {
    const { done, value } = work.next()
    if (done) return value
    yield 0.05 + 0.95 * value
  }
}

/** 1 at the places 2i, 2i + 1, 2i + 2 along every axis of each site i outside the phase; axes of one site stay. */
export function* boxes({ data }: Mask, { sites: [depth, height, width], shape }: Fine): Work<Uint8Array> {
  const field = new Uint8Array(shape[0] * shape[1] * shape[2])
  const reach = (length: number, at: number) => (length === 1 ? [0, 0] : [2 * at, 2 * at + 2])
  for (let z = 0; z < depth; z++) {
    for (let y = 0; y < height; y++) {
      const [z0, z1] = reach(depth, z)
      const [y0, y1] = reach(height, y)
      const row = (z * height + y) * width
      for (let x = 0; x < width; x++) {
        if (data[row + x]) continue
        // A run of them at once.
        const [x0] = reach(width, x)
        while (x + 1 < width && !data[row + x + 1]) x++
        const [, x1] = reach(width, x)
        for (let c = z0; c <= z1; c++)
          for (let b = y0; b <= y1; b++) {
            const at = (c * shape[1] + b) * shape[2]
            field.fill(1, at + x0, at + x1 + 1)
          }
      }
    }
    yield z / depth
  }
  return field
}

/** 1 at the centre of each site outside the phase. */
function* centres({ data }: Mask, fine: Fine): Work<Uint8Array> {
  const { sites, shape } = fine
  const field = new Uint8Array(shape[0] * shape[1] * shape[2])
  const [depth, height, width] = sites
  for (let z = 0; z < depth; z++) {
    for (let y = 0; y < height; y++) {
      const row = (z * height + y) * width
      const first = centreOf(fine, z, y)
      const step = width === 1 ? 1 : 2
      for (let x = 0; x < width; x++) if (!data[row + x]) field[first + x * step] = 1
    }
    yield z / depth
  }
  return field
}

/** The fine place of the centre of site [z, y, 0]; the next ones along the row are two places apart. */
export function centreOf({ sites, shape }: Fine, z: number, y: number): number {
  const centre = (axis: number, at: number) => (sites[axis] === 1 ? 0 : 2 * at + 1)
  return (centre(0, z) * shape[1] + centre(1, y)) * shape[2] + centre(2, 0)
}

/** So many places are gone through without a pause. */
const piece = 10_000_000

/** Places in rising order of their values, those alone that `keep` marks; values alike to a millionth of the largest may change places. */
export function* byValue(values: Float32Array, keep: Uint8Array): Work<Int32Array> {
  let [largest, whole] = [0, true]
  for (let i = 0; i < values.length; i++) {
    if (!keep[i]) continue
    if (values[i] > largest) largest = values[i]
    if (whole && values[i] !== Math.floor(values[i])) whole = false
  }
  const scale = whole && largest < 2 ** 22 ? 1 : 2 ** 21 / largest
  const start = new Int32Array(Math.floor(largest * scale) + 2)
  yield 0.3
  for (let i = 0; i < values.length; i++) {
    if (keep[i]) start[Math.floor(values[i] * scale) + 1]++
    if (i % piece === 0) yield 0.3
  }
  for (let bucket = 1; bucket < start.length; bucket++) start[bucket] += start[bucket - 1]
  yield 0.6
  const order = new Int32Array(start[start.length - 1])
  for (let i = 0; i < values.length; i++) {
    if (keep[i]) order[start[Math.floor(values[i] * scale)]++] = i
    if (i % piece === 0) yield 0.6
  }
  return order
}
