/**
 * A rising smooth curve through noisy values: cubic B-splines on even knots with a penalty on third differences (Eilers &
 * Marx 1996, P-splines), and on coefficients that fall (Bollaerts, Eilers & van Mechelen 2006), by which the curve rises.
 * How smooth it is: by generalised cross-validation (Craven & Wahba 1979) unless it is said.
 */
import { inverse, Matrix, solve } from 'ml-matrix'
import { demand } from '../base/errors.ts'

export interface MonotoneSpline {
  /** The curve and its slope at a place. */
  at(x: number): number
  slope(x: number): number
  /** The weight of the penalty that was used. */
  readonly penalty: number
  /** The same smoothness through other values at the same places. */
  again(values: ArrayLike<number>, weights?: ArrayLike<number>): MonotoneSpline
}

export interface MonotoneOptions {
  /** Spans between knots, default a third of the points, at most 60. */
  readonly spans?: number
  readonly penalty?: number
  /** Of the values, default 1. */
  readonly weights?: ArrayLike<number>
}

/** How much worse than the least score one may be that is chosen for its smoothness. */
const TOLERANCE = 1.05

/** Weight of the penalty on coefficients that fall. */
const RISING = 1e6

/** Fits the spline to values at rising places. */
export function monotoneSpline(
  places: ArrayLike<number>,
  values: ArrayLike<number>,
  options: MonotoneOptions = {},
): MonotoneSpline {
  const many = places.length
  const { spans = Math.max(8, Math.min(60, Math.floor(many / 3))) } = options
  demand(
    many >= 8 && values.length === many,
    'smooth a profile',
    'the values',
    'as many as places, 8 or more',
    many,
  )
  const low = places[0]
  const width = (places[many - 1] - low) / spans
  const size = spans + 3
  const basis = Matrix.zeros(many, size)
  for (let i = 0; i < many; i++) {
    const { first, weights } = basisAt((places[i] - low) / width, spans)
    weights.forEach((weight, k) => {
      basis.set(i, first + k, weight)
    })
  }
  const even = new Float64Array(many).fill(1)
  const rough = differences(size, [-1, 3, -3, 1])
  const penalty = options.penalty ?? chosen({ basis, rough, values, weights: options.weights ?? even })
  const fit = (data: ArrayLike<number>, weights: ArrayLike<number> = even): MonotoneSpline => {
    const { gram, right } = normal(basis, data, weights)
    const coefficients = risen(Matrix.add(gram, Matrix.mul(rough, penalty)), right)
    const value = (x: number, derived: boolean) => {
      const u = Math.min(spans, Math.max(0, (x - low) / width))
      const { first, weights: shares, slopes } = basisAt(u, spans)
      const used = derived ? slopes : shares
      return used.reduce((sum, share, k) => sum + share * coefficients[first + k], 0)
    }
    return { at: x => value(x, false), slope: x => value(x, true) / width, penalty, again: fit }
  }
  return fit(values, options.weights)
}

/** BᵀWB and BᵀWy. */
function normal(basis: Matrix, values: ArrayLike<number>, weights: ArrayLike<number>) {
  const weighted = basis.clone()
  for (let i = 0; i < basis.rows; i++) weighted.mulRow(i, weights[i])
  const turned = weighted.transpose()
  return { gram: turned.mmul(basis), right: turned.mmul(Matrix.columnVector(Array.from(values))) }
}

/** The four cubic B-splines that are not 0 at u spans from the left, and their slopes by u. */
function basisAt(u: number, spans: number): { first: number; weights: number[]; slopes: number[] } {
  const first = Math.min(spans - 1, Math.floor(u))
  const t = u - first
  const s = 1 - t
  return {
    first,
    weights: [s ** 3 / 6, (3 * t ** 3 - 6 * t ** 2 + 4) / 6, (3 * s ** 3 - 6 * s ** 2 + 4) / 6, t ** 3 / 6],
    slopes: [-(s ** 2) / 2, (3 * t ** 2 - 4 * t) / 2, (-3 * s ** 2 + 4 * s) / 2, t ** 2 / 2],
  }
}

/** DᵀD of the differences with those weights. */
function differences(size: number, weights: readonly number[]): Matrix {
  const D = Matrix.zeros(size - weights.length + 1, size)
  for (let i = 0; i < D.rows; i++)
    weights.forEach((weight, k) => {
      D.set(i, i + k, weight)
    })
  return D.transpose().mmul(D)
}

/** The solution whose coefficients rise: falling pairs are penalised until none falls that did not before. */
function risen(matrix: Matrix, right: Matrix): number[] {
  const falling = new Set<number>()
  for (let round = 0; round < 30; round++) {
    const full = matrix.clone()
    for (const k of falling)
      for (const [a, b] of [
        [0, 0],
        [1, 1],
        [0, 1],
        [1, 0],
      ])
        full.set(k + a, k + b, full.get(k + a, k + b) + (a === b ? RISING : -RISING))
    const found = solve(full, right).to1DArray()
    const before = falling.size
    for (let k = 0; k + 1 < found.length; k++) if (found[k + 1] < found[k] - 1e-12) falling.add(k)
    if (falling.size === before) return found
  }
  throw new RangeError('Cannot smooth a profile: it must rise, got none that can be made to')
}

interface Choice {
  readonly basis: Matrix
  readonly rough: Matrix
  readonly values: ArrayLike<number>
  readonly weights: ArrayLike<number>
}

/** Among 10^−4 … 10^6 in steps of √10 the largest penalty whose score residual/(n − trace)² is near the least. */
function chosen({ basis, rough, values, weights }: Choice): number {
  const { gram, right } = normal(basis, values, weights)
  const scores: { penalty: number; score: number }[] = []
  for (let exponent = -4; exponent <= 6; exponent += 0.5) {
    const penalty = 10 ** exponent
    const inverted = inverse(
      Matrix.add(Matrix.add(gram, Matrix.eye(gram.rows).mul(1e-12)), Matrix.mul(rough, penalty)),
    )
    const trace = inverted.mmul(gram).trace()
    const fitted = basis.mmul(inverted.mmul(right)).to1DArray()
    const residual = fitted.reduce((sum, value, i) => sum + weights[i] * (values[i] - value) ** 2, 0)
    scores.push({ penalty, score: residual / (values.length - trace) ** 2 })
  }
  const least = Math.min(...scores.map(({ score }) => score))
  // Slopes ask for smoother curves than values do: the smoothest one that is hardly worse.
  return Math.max(...scores.filter(({ score }) => score <= TOLERANCE * least).map(({ penalty }) => penalty))
}
