/**
 * Fields of real numbers as counts and back: count = grain · (value + offset), to the nearest whole number, so that
 * value = count / grain − offset, to half a unit. Whatever sum a field has, further rows of *slack* make a total of it that is the same for all:
 * counts + slack = total.
 */
import { cannot, demand } from '../../src/base/errors.ts'
import { nearestIntegers } from '../../src/walk/integers.ts'

export interface Coding {
  /** Units for each 1 of a value, > 0. */
  readonly grain: number
  /** Added to every value, which is then at least 0. */
  readonly offset: number
  /** Rows behind the field that hold what is missing of `total`; 0: none. */
  readonly rows: number
  /** Units of a field and its slack; of no meaning without rows. */
  readonly total: number
}

const what = 'make counts of a field'

/**
 * The counts of a field. With `sum` they have exactly that one: what the field's own sum is beyond it is taken off every value alike, and the largest
 * remainders are rounded up. @throws RangeError for values that are not finite or below −offset (by more than half a unit)
 */
export function counted(
  field: ArrayLike<number>,
  { grain, offset }: Pick<Coding, 'grain' | 'offset'>,
  sum?: number,
): Int32Array {
  const wanted = Float64Array.from(field, value => grain * (value + offset))
  const odd = wanted.findIndex(value => !Number.isFinite(value))
  demand(odd < 0, what, `value ${odd}`, 'a finite number', field[odd])
  const low = wanted.findIndex(value => Math.round(value) < 0)
  demand(low < 0, what, `value ${low}`, `at least ${-offset} (--offset)`, field[low])
  if (sum === undefined) return Int32Array.from(wanted, value => Math.round(value))
  const beyond = (wanted.reduce((a, b) => a + b, 0) - sum) / wanted.length
  const out = new Int32Array(wanted.length)
  nearestIntegers(
    wanted.map(value => value - beyond),
    { total: sum },
    out,
  )
  return out
}

/** The field that counts stand for: `counted` of it gives them back exactly. */
export const valued = (
  counts: ArrayLike<number>,
  { grain, offset }: Pick<Coding, 'grain' | 'offset'>,
): Float64Array => Float64Array.from(counts, n => n / grain - offset)

/** Counts [height, width] and rows of slack behind them, which is spread as evenly as whole units can be. @throws RangeError where the counts are more than the total */
export function withSlack(
  counts: ArrayLike<number>,
  { rows, total }: Pick<Coding, 'rows' | 'total'>,
  width: number,
): Int32Array {
  const out = new Int32Array(counts.length + rows * width)
  out.set(counts)
  if (rows === 0) return out
  const slack = total - out.reduce((a, b) => a + b, 0)
  if (slack < 0) throw new RangeError(cannot(what, 'its units', `at most ${total} (--slack)`, total - slack))
  const sites = rows * width
  for (let s = 0; s < sites; s++)
    out[counts.length + s] = Math.floor(slack / sites) + (s < slack % sites ? 1 : 0)
  return out
}

/** What is in front of the slack. */
export const withoutSlack = <T extends Int32Array | Float64Array>(
  counts: T,
  { rows }: Pick<Coding, 'rows'>,
  width: number,
): T => counts.slice(0, counts.length - rows * width) as T

/** The means over blocks of `block`² sites of a field [side, side], each at all sites of its block. @throws RangeError where blocks do not fit */
export function blurred(
  field: ArrayLike<number>,
  { side, block }: { readonly side: number; readonly block: number },
): Float64Array {
  demand(side % block === 0, 'blur a field', 'the block', `a divisor of ${side}`, block)
  const sums = new Float64Array(field.length)
  const corner = (x: number) => {
    const [row, column] = [Math.floor(x / side), x % side]
    return (row - (row % block)) * side + column - (column % block)
  }
  for (let x = 0; x < field.length; x++) sums[corner(x)] += field[x] / block ** 2
  return sums.map((_, x) => sums[corner(x)])
}

/** A field [side, side] mirrored in its diagonal. */
export const swapped = (field: ArrayLike<number>, side: number): Float64Array =>
  Float64Array.from({ length: field.length }, (_, x) => field[(x % side) * side + Math.floor(x / side)])
