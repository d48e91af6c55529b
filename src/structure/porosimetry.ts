/**
 * Porosimetry as with mercury: a fluid that does not wet comes in through one face of the grid, as the union of balls that
 * lie in the phase and can be moved there from the face without leaving it (Hilpert & Miller 2001, Adv. Water Resour. 24,
 * 243–255). At a diameter d it fills all that such balls of d reach; what lies behind narrower throats fills at their width.
 *
 * The widest ball that gets to a centre is found by going in from the face, widest first. Of equal centres those at the
 * rim of their region are enough: what is not in the region is nearest to its rim.
 */
import { demand } from '../base/errors.ts'
import { nowhere } from './distance.ts'
import { type BallOptions, byValue, centreOf, type Fine, fineOf, squaredRadii } from './fine.ts'
import { demandGrid, type Mask } from './labels.ts'
import { painted } from './painter.ts'
import { type Work, within } from './work.ts'

export interface PorosimetryOptions extends BallOptions {
  /** The axis across whose face the fluid comes in. */
  readonly axis: number
  /** Whether it comes in through the last plane across it instead of the first one. Default false. */
  readonly last?: boolean
}

export interface Intrusion {
  /** The diameter at which the fluid reaches every site, in the unit of `spacing`; 0 where it never does and outside the phase. */
  readonly diameter: Float32Array
  /** The diameter at which it reaches the opposite face; 0 where it never does, Infinity without walls. */
  readonly breakthrough: number
}

export function* porosimetry(mask: Mask, options: PorosimetryOptions): Work<Intrusion> {
  const what = 'measure the intrusion'
  demandGrid(mask, what)
  const { axis, last = false, walls = 'boxes' } = options
  const axes = mask.shape.length
  demand(Number.isInteger(axis) && axis >= 0 && axis < axes, what, 'the axis', `from 0 to ${axes - 1}`, axis)
  const fine = fineOf(mask.shape, options)
  const radii = yield* within(squaredRadii(mask, fine, walls), 0, 0.3)
  if (radii[0] === nowhere) {
    const diameter = Float32Array.from(mask.data, own => (own ? Number.POSITIVE_INFINITY : 0))
    return { diameter, breakthrough: Number.POSITIVE_INFINITY }
  }
  const way = { axis: axis + 3 - axes, last }
  yield* within(reached(radii, fine.shape, way), 0.3, 0.3)
  const rim = yield* within(rims(radii, fine.shape), 0.6, 0.05)
  const order = yield* within(byValue(radii, rim), 0.65, 0.05)
  const squares = yield* within(painted(fine, radii, order), 0.7, 0.3)
  return {
    diameter: diameters(mask, squares, { fine, radii }),
    breakthrough: fine.side * Math.sqrt(widestAt(radii, fine.shape, { ...way, last: !last })),
  }
}

interface Face {
  readonly axis: number
  readonly last: boolean
}

/** The places of a face of a grid [D, H, W]. */
function placesOf(shape: readonly number[], { axis, last }: Face): Int32Array {
  const stride = shape.slice(axis + 1).reduce((product, length) => product * length, 1)
  const size = shape[0] * shape[1] * shape[2]
  const offset = last ? (shape[axis] - 1) * stride : 0
  return Int32Array.from({ length: size / shape[axis] }, (_, i) => {
    const outer = Math.floor(i / stride)
    return outer * stride * shape[axis] + offset + (i % stride)
  })
}

/** Replaces each squared radius by that of the widest ball that gets there from the face. */
function* reached(radii: Float32Array, shape: readonly number[], face: Face): Work<void> {
  const [, height, width] = shape
  let largest = 0
  for (let i = 0; i < radii.length; i++) if (radii[i] > largest) largest = radii[i]
  yield 0
  const levels = Math.min(Math.max(1, Math.ceil(largest)), 2 ** 21)
  const scale = levels / Math.max(1, largest)
  // Places that wait, in a list for each size.
  const head = new Int32Array(levels + 1).fill(-1)
  const next = new Int32Array(radii.length)
  const met = new Uint8Array(radii.length)
  const push = (place: number, value: number) => {
    met[place] = 1
    radii[place] = value
    const level = Math.floor(value * scale)
    next[place] = head[level]
    head[level] = place
  }
  for (const place of placesOf(shape, face)) if (radii[place] > 0) push(place, radii[place])
  let done = 0
  for (let level = levels; level >= 0; level--)
    while (head[level] >= 0) {
      const place = head[level]
      head[level] = next[place]
      const value = radii[place]
      const x = place % width
      const line = (place / width) | 0
      const y = line % height
      const z = (line / height) | 0
      for (let side = 0; side < 6; side++) {
        const axis = side >> 1
        const up = side & 1
        const at = axis === 0 ? z : axis === 1 ? y : x
        if (up ? at === shape[axis] - 1 : at === 0) continue
        const step = axis === 0 ? width * height : axis === 1 ? width : 1
        const other = up ? place + step : place - step
        if (met[other] || radii[other] === 0) continue
        push(other, radii[other] < value ? radii[other] : value)
      }
      if (++done % 500_000 === 0) yield Math.min(1, done / radii.length)
    }
  for (let i = 0; i < radii.length; i++) if (!met[i]) radii[i] = 0
}

/** 1 at the places beside one of a smaller value. */
function* rims(values: Float32Array, shape: readonly number[]): Work<Uint8Array> {
  const [depth, height, width] = shape
  const rim = new Uint8Array(values.length)
  for (let z = 0; z < depth; z++) {
    for (let y = 0; y < height; y++) {
      const row = (z * height + y) * width
      for (let x = 0; x < width; x++) {
        const i = row + x
        const own = values[i]
        if (own === 0) continue
        const smaller =
          (x > 0 && values[i - 1] < own) ||
          (x < width - 1 && values[i + 1] < own) ||
          (y > 0 && values[i - width] < own) ||
          (y < height - 1 && values[i + width] < own) ||
          (z > 0 && values[i - width * height] < own) ||
          (z < depth - 1 && values[i + width * height] < own)
        if (smaller) rim[i] = 1
      }
    }
    yield z / depth
  }
  return rim
}

function diameters(
  { data }: Mask,
  squares: Float32Array,
  { fine, radii }: { fine: Fine; radii: Float32Array },
): Float32Array {
  const [depth, height, width] = fine.sites
  const step = width === 1 ? 1 : 2
  const found = new Float32Array(data.length)
  for (let z = 0; z < depth; z++)
    for (let y = 0; y < height; y++) {
      const row = (z * height + y) * width
      const centre = centreOf(fine, z, y)
      for (let x = 0; x < width; x++) {
        if (!data[row + x]) continue
        const own = radii[centre + x * step]
        found[row + x] = fine.side * Math.sqrt(own > squares[row + x] ? own : squares[row + x])
      }
    }
  return found
}

function widestAt(values: Float32Array, shape: readonly number[], face: Face): number {
  let widest = 0
  for (const place of placesOf(shape, face)) if (values[place] > widest) widest = values[place]
  return widest
}
