/**
 * The two-point correlation S2(r): the probability that both ends of a vector r, thrown at random, lie in
 * the phase (Torquato, *Random Heterogeneous Materials*, 2002, §2.2). S2(0) = φ; far apart it is φ².
 */
import { demand } from '../base/errors.ts'
import { pairCounts } from './autocorrelation.ts'
import { demandGrid, type Mask, type PerAxis, perAxis, spacingOf } from './labels.ts'
import { type Work, within } from './work.ts'

export interface TwoPoint extends PerAxis<Float64Array> {
  /** Mean over all pairs whose distance rounds to r = 0, 1, … times the shortest side of a site. */
  readonly radial: Float64Array
}

export interface TwoPointOptions {
  /** Vectors that leave the grid come in again on the other side; else only pairs inside are taken. Default false. */
  readonly periodic?: boolean
  /** The largest distance, in shortest sides of a site; default half of the shortest axis, which is the most where periodic. */
  readonly range?: number
  /** Lengths of the sides of a site, [axes]; default 1. */
  readonly spacing?: readonly number[]
  /** 1 at the sites of the sample: pairs inside it alone are taken; default all. Not with periodic sides. */
  readonly inside?: Mask
}

/**
 * Counts pairs of sites by Fourier transforms; the counts are rounded to the whole numbers that they are, so
 * the result is that of counting. `radial` [range + 1]; along an axis at 0, 1, … sites, as far as the range goes.
 */
export function* twoPoint(mask: Mask, options: TwoPointOptions = {}): Work<TwoPoint> {
  const what = 'measure the two-point correlation'
  demandGrid(mask, what)
  const { shape } = mask
  const { periodic = false, inside } = options
  const sides = spacingOf(shape, options.spacing, what)
  const range = options.range ?? defaultRange(shape, sides)
  const step = stepOf(shape, sides)
  const most = shape.reduce(
    (least, n, axis) => (n === 1 ? least : Math.min(least, extent(n, sides[axis] / step, periodic))),
    Number.MAX_SAFE_INTEGER,
  )
  const largest = most === Number.MAX_SAFE_INTEGER ? 0 : most
  demand(
    Number.isInteger(range) && range >= 0 && range <= largest,
    what,
    'the range',
    `a whole number from 0 to ${largest}`,
    range,
  )
  demand(!inside || !periodic, what, 'the sides', 'not periodic where not all is sample', 'periodic ones')
  const pad = Array(3 - shape.length).fill(1)
  const lengths = [...pad, ...shape]
  const spacing = [...pad.map(() => step), ...sides].map(side => side / step)
  const reach = lengths.map((n, axis) => (n === 1 ? 0 : Math.floor(range / spacing[axis] + 1e-9)))
  const frame: Frame = { lengths, spacing, range, periodic, reach: reach as [number, number, number] }
  const found = yield* within(gathered(mask, frame), 0, inside ? 0.5 : 1)
  const possible = inside ? yield* within(gathered(inside, frame), 0.5, 0.5) : allPairs(frame)
  const ratio = (a: Float64Array, b: Float64Array) => a.map((count, r) => count / b[r])
  return {
    ...perAxis(shape.length, axis => {
      const at = axis + pad.length
      const curve = ratio(found.along[at], possible.along[at])
      return curve.length > 1
        ? curve
        : Float64Array.from({ length: range + 1 }, (_, r) => (r === 0 ? curve[0] : Number.NaN))
    }),
    radial: ratio(found.radial, possible.radial),
  }
}

/** The farthest distance of two sites along an axis in steps; half of the axis where periodic. */
const extent = (length: number, side: number, periodic: boolean): number =>
  Math.floor((periodic ? length / 2 : length - 1) * side + 1e-9)

interface Frame {
  /** Of z, y, x: sites, and their sides over the step. */
  readonly lengths: readonly number[]
  readonly spacing: readonly number[]
  readonly range: number
  readonly periodic: boolean
  readonly reach: readonly [number, number, number]
}

/** Numbers of pairs along z, y, x at 0, 1, … sites, and of all by their distance in steps. */
interface Pairs {
  readonly along: readonly Float64Array[]
  readonly radial: Float64Array
}

/** Adds the number of pairs that lie a vector apart where it belongs. */
function collector({ reach, spacing, range }: Frame): Pairs & {
  add(count: number, z: number, y: number, x: number): void
} {
  const along = reach.map(most => new Float64Array(most + 1))
  const radial = new Float64Array(range + 1)
  const [hz, hy, hx] = spacing.map(side => side * side)
  return {
    along,
    radial,
    add(count, z, y, x) {
      if (y === 0 && x === 0) along[0][z] = count
      if (z === 0 && x === 0 && y >= 0) along[1][y] = count
      if (z === 0 && y === 0 && x >= 0) along[2][x] = count
      const bin = Math.round(Math.sqrt(hz * z * z + hy * y * y + hx * x * x))
      if (bin <= range) radial[bin] += z > 0 ? 2 * count : count
    },
  }
}

function* gathered(mask: Mask, frame: Frame): Work<Pairs> {
  const pairs = collector(frame)
  yield* pairCounts(mask, frame, pairs.add)
  return pairs
}

/** All pairs that there are in the grid. */
function allPairs(frame: Frame): Pairs {
  const { lengths, periodic, reach } = frame
  const [d, h, w] = lengths
  const [rz, ry, rx] = reach
  const pairs = collector(frame)
  for (let z = 0; z <= rz; z++)
    for (let y = -ry; y <= ry; y++)
      for (let x = -rx; x <= rx; x++)
        pairs.add(periodic ? d * h * w : (d - z) * (h - Math.abs(y)) * (w - Math.abs(x)), z, y, x)
  return pairs
}

/** The shortest side of a site along an axis longer than one site. */
export function stepOf(shape: readonly number[], spacing: readonly number[]): number {
  const open = spacing.filter((_, axis) => shape[axis] > 1)
  return (open.length > 0 ? open : spacing).reduce((least, side) => Math.min(least, side))
}

/** Half of the shortest axis longer than one site, in shortest sides of a site. */
export function defaultRange(
  shape: readonly number[],
  spacing: readonly number[] = shape.map(() => 1),
): number {
  const step = stepOf(shape, spacing)
  const lengths = shape.flatMap((n, axis) => (n > 1 ? [(n * spacing[axis]) / step] : []))
  return lengths.length === 0 ? 0 : Math.floor(lengths.reduce((least, n) => Math.min(least, n)) / 2)
}
