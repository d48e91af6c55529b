// An origin drawn towards what was measured: the nearest image to it, in relative entropy, that explains both.
import { exp, log } from '../base/numeric.ts'
import type { Measurement } from './measurement.ts'

export interface PullOptions {
  /** Number of the image, for what was seen of it. */
  readonly image: number
  /**
   * φ > 0: how far a clean count may lie from its origin, its variance over its mean. Multinomial counts have 1; at early times,
   * where whole images are open, counts lie much farther.
   */
  readonly open: number
  /** Whether the numbers are probabilities of one unit, default false: then they stay below 1, and no mass is kept. */
  readonly phases?: boolean
  /** Default 10. */
  readonly rounds?: number
  /** Where the rounds begin, [C, H, W], such as where they ended for an origin much like this one; default: at the origin. */
  readonly begin?: ArrayLike<number>
}

/** No probability is nearer to 0 or 1, and no count less. */
const LEAST = 1e-9

/** Newton's steps of a round: how many, none farther in the logarithm, and where they end. */
const STEPS = 5
const FARTHEST = 2
const NEAR = 1e-3

/**
 * Changes an origin D [C, H, W] in place to the n that makes least
 *
 *     KL(n ‖ D) / φ - log P(y | gain A n),          Σ_x n(x) = Σ_x D(x) in each channel,
 *
 * which is the most probable image where n_0 given n_t scatters about D with variance φ D. Each round minimises a bound that
 * touches it and in which no site knows of another: with s₊ = gain Aᵀ on, s₋ = gain Aᵀ back at the last n (see `Likelihood`),
 *
 *     (log n - log D) / φ + s₋ r^p - s₊ r^(p-1) = 0,    r = n / last n,
 *
 * by Newton's method in log n. With φ → ∞ that is the step of Richardson and Lucy n s₊ / s₋ (p = 0), which keeps mass where
 * column sums are 1; with φ = 0 nothing moves. For probabilities the relative entropy is that of a unit there and of none, in
 * logits. Rounds are as few as stopping early needs: what noise is in y is fitted last.
 */
export function pull(
  origin: Float64Array,
  measurement: Measurement,
  { image, open, phases = false, rounds = 10, begin }: PullOptions,
): void {
  if (!(open > 0)) return
  const { operator, likelihood, description } = measurement
  const gain = measurement.gain(image)
  const { size, shape } = operator
  const { power } = likelihood
  const seen = measurement.seen(image)
  const [expected, on, back] = [0, 1, 2].map(() => new Float64Array(shape[0] * shape[1] * shape[2]))
  const [plus, minus] = [new Float64Array(size), new Float64Array(size)]
  const flip = phases && description.complement === true
  if (flip) complement(origin)
  const masses = phases ? undefined : massesOf(origin, shape[0])
  const from = origin.map(phases ? logit : d => log(Math.max(LEAST, d)))

  /** Where next to nothing is expected nothing is looked for. */
  const least = phases ? -Infinity : log(1e-4)

  if (begin) {
    for (let x = 0; x < size; x++) if (from[x] > least) origin[x] = flip ? 1 - begin[x] : begin[x]
    if (masses) keep(origin, masses)
  }

  /** The number of site x where both sides are equal, by Newton's method in u: the left side rises all along. */
  function balance(x: number): void {
    const last = origin[x]
    const [draws, holds] = [gain * plus[x], gain * minus[x]]
    let u = phases ? logit(last) : log(Math.max(LEAST, last))
    let value = last
    for (let step = 0; step < STEPS; step++) {
      const r = Math.max(LEAST, value) / Math.max(LEAST, last)
      const draw = power === 0 ? draws / r : draws
      const hold = power === 0 ? holds : holds * r
      const slope = 1 / open + (phases ? 1 - value : 1) * (power === 0 ? draw : hold)
      const by = ((u - from[x]) / open + hold - draw) / slope
      u -= by > FARTHEST ? FARTHEST : by < -FARTHEST ? -FARTHEST : by
      value = phases ? 1 / (1 + exp(-u)) : exp(u)
      if (Math.abs(by) < NEAR) break
    }
    origin[x] = value
  }

  for (let round = 0; round < rounds; round++) {
    operator.apply(origin, expected)
    for (let i = 0; i < expected.length; i++) expected[i] *= gain
    likelihood.sides(seen, expected, { on, back })
    operator.adjoint(on, plus)
    operator.adjoint(back, minus)
    for (let x = 0; x < size; x++) if (from[x] > least && (plus[x] !== 0 || minus[x] !== 0)) balance(x)
    if (masses) keep(origin, masses)
  }
  if (flip) complement(origin)
}

function complement(field: Float64Array): void {
  for (let x = 0; x < field.length; x++) field[x] = 1 - field[x]
}

function logit(value: number): number {
  const p = Math.min(1 - LEAST, Math.max(LEAST, value))
  return log(p / (1 - p))
}

function massesOf(image: Float64Array, channels: number): number[] {
  const sites = image.length / channels
  return Array.from({ length: channels }, (_, c) => {
    let mass = 0
    for (let x = c * sites; x < (c + 1) * sites; x++) mass += image[x]
    return mass
  })
}

/** Scales every channel to its mass. */
function keep(image: Float64Array, masses: readonly number[]): void {
  const sites = image.length / masses.length
  const now = massesOf(image, masses.length)
  masses.forEach((mass, c) => {
    if (now[c] > 0 && mass > 0) for (let x = c * sites; x < (c + 1) * sites; x++) image[x] *= mass / now[c]
  })
}
