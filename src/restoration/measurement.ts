// A measurement: what was seen of images through an operator, and how likely an image makes it.
import { demand } from '../base/errors.ts'
import type { Random } from '../base/random.ts'
import { type Likelihood, type LikelihoodDescription, likelihood } from './likelihood.ts'
import { type Operator, type OperatorDescription, operator } from './operator.ts'

/** Plain, serialisable: what was seen, and how. */
export interface MeasurementDescription {
  readonly operator: OperatorDescription
  readonly likelihood: LikelihoodDescription
  /** What one unit gives, [K] or for all: e = gain A n is expected of an image n. */
  readonly gain: number | readonly number[]
  /** [K, C, h, w]: image number i restores the measured one floor(i / each). */
  readonly seen: Float64Array
  /** Default: all restore the first. */
  readonly each?: number
  /** Whether what is seen are the sites without a unit, of images with one at most: the other phase of a material. */
  readonly complement?: boolean
}

export interface Measurement {
  readonly description: MeasurementDescription
  readonly operator: Operator
  readonly likelihood: Likelihood
  /** What was seen for image number i, [C, h, w], and what a unit gives there. */
  seen(image: number): Float64Array
  gain(image: number): number
  /** log P(seen | image number i is this). */
  log(image: ArrayLike<number>, number: number): number
}

/** The measurement of images [C, H, W]. @throws RangeError for what does not fit together */
export function measurement(
  description: MeasurementDescription,
  shape: readonly [number, number, number],
): Measurement {
  const { gain, seen, each = Infinity, complement = false } = description
  const seenBy = operator(description.operator, shape)
  const law = likelihood(description.likelihood)
  const length = seenBy.shape.reduce((product, side) => product * side, 1)
  const count = seen.length / length
  const of = `of ${seenBy.shape.join('×')} numbers each`
  demand(Number.isInteger(count) && count >= 1, 'measure', 'what was seen', of, seen.length)
  const gains = typeof gain === 'number' ? new Array<number>(count).fill(gain) : gain
  const right = gains.length === count && gains.every(g => g > 0 && g < Infinity)
  demand(right, 'measure', 'the gain', 'finite and > 0, for each that was measured', gains)
  const image = new Float64Array(seenBy.size)
  const expected = new Float64Array(length)
  const numberOf = (i: number) => Math.min(count - 1, Math.floor(i / each))
  const one: Measurement = {
    description,
    operator: seenBy,
    likelihood: law,
    gain: i => gains[numberOf(i)],
    seen: i => seen.subarray(numberOf(i) * length, (numberOf(i) + 1) * length),
    log(of, i) {
      for (let x = 0; x < image.length; x++) image[x] = complement ? 1 - of[x] : of[x]
      seenBy.apply(image, expected)
      const g = one.gain(i)
      for (let k = 0; k < length; k++) expected[k] = Math.max(0, expected[k] * g)
      return law.log(one.seen(i), expected)
    },
  }
  return one
}

/** Draws what is seen of an image [C, H, W], [C, h, w]. */
export function measured(
  image: ArrayLike<number>,
  {
    operator: of,
    likelihood: law,
    gain,
  }: Pick<Measurement, 'operator' | 'likelihood'> & { readonly gain: number },
  random: Random,
): Float64Array {
  const expected = new Float64Array(of.shape.reduce((product, side) => product * side, 1))
  of.apply(image, expected)
  return law.draw(
    expected.map(e => Math.max(0, e * gain)),
    random,
  )
}
