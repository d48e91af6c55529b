/**
 * The two-point correlation S2(r): the probability that both ends of a vector r, thrown at random, lie in
 * the phase (Torquato, *Random Heterogeneous Materials*, 2002, §2.2). S2(0) = φ; far apart it is φ².
 */
import { demand } from '../base/errors.ts'
import { pairCounts } from './autocorrelation.ts'
import { demandGrid, type Mask, type PerAxis, perAxis } from './labels.ts'
import type { Work } from './work.ts'

export interface TwoPoint extends PerAxis<Float64Array> {
  /** Mean over all pairs whose distance rounds to r = 0, 1, …; along the axes x, y, z exactly r. */
  readonly radial: Float64Array
}

export interface TwoPointOptions {
  /** Vectors that leave the grid come in again on the other side; else only pairs inside are taken. Default false. */
  readonly periodic?: boolean
  /** The largest distance, in sites; default half of the shortest axis, which is the most where periodic. */
  readonly range?: number
}

/**
 * Counts pairs of sites by Fourier transforms; the counts are rounded to the whole numbers that they are, so
 * the result is that of counting. Arrays [range + 1].
 */
export function* twoPoint(mask: Mask, options: TwoPointOptions = {}): Work<TwoPoint> {
  const what = 'measure the two-point correlation'
  demandGrid(mask, what)
  const { shape } = mask
  const { periodic = false, range = defaultRange(shape) } = options
  const shortest = Math.min(...shape.filter(length => length > 1), Number.MAX_SAFE_INTEGER)
  const most = shortest === Number.MAX_SAFE_INTEGER ? 0 : periodic ? Math.floor(shortest / 2) : shortest - 1
  const wanted = `a whole number from 0 to ${most}`
  demand(Number.isInteger(range) && range >= 0 && range <= most, what, 'the range', wanted, range)
  const [d, h, w] = [...Array(3 - shape.length).fill(1), ...shape]
  const pairs = (z: number, y: number, x: number) =>
    periodic ? d * h * w : (d - Math.abs(z)) * (h - Math.abs(y)) * (w - Math.abs(x))
  const along = [0, 1, 2].map(() => new Float64Array(range + 1).fill(Number.NaN))
  const found = new Float64Array(range + 1)
  const possible = new Float64Array(range + 1)
  yield* pairCounts(mask, { periodic, range }, (count, z, y, x) => {
    const place = [z, y, x]
    const nonzero = place.findIndex(at => at !== 0)
    if (nonzero < 0) for (const curve of along) curve[0] = count / pairs(0, 0, 0)
    else if (place[nonzero] > 0 && place.every((at, axis) => axis === nonzero || at === 0))
      along[nonzero][place[nonzero]] = count / pairs(z, y, x)
    const bin = Math.round(Math.sqrt(z * z + y * y + x * x))
    if (bin > range) return
    const weight = z > 0 ? 2 : 1
    found[bin] += weight * count
    possible[bin] += weight * pairs(z, y, x)
  })
  const radial = found.map((count, r) => count / possible[r])
  return { ...perAxis(shape.length, axis => along[axis + 3 - shape.length]), radial }
}

/** Half of the shortest axis longer than one site. */
export function defaultRange(shape: readonly number[]): number {
  const lengths = shape.filter(length => length > 1)
  return lengths.length === 0 ? 0 : Math.floor(Math.min(...lengths) / 2)
}
