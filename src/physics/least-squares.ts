/**
 * Curves fitted to data: amplitudes solved for, the other parameters by Levenberg–Marquardt (Marquardt 1963), standard
 * errors from the curvature at the end.
 */
import { inverse, Matrix, solve } from 'ml-matrix'
import { demand } from '../base/errors.ts'

export interface CurveFit {
  readonly values: ArrayLike<number>
  /** One over the standard deviation of each value, up to a common factor. */
  readonly weights: ArrayLike<number>
  /** Curves [terms][points] whose sum, with amplitudes to be found, is the model at some parameters. */
  readonly basis: (parameters: readonly number[]) => readonly ArrayLike<number>[]
  /** Solved for (default), or one: the model is the sum of the curves itself. */
  readonly amplitudes?: 'free' | 'one'
  readonly start: readonly number[]
  /** Default 40. */
  readonly iterations?: number
}

export interface FittedCurve {
  readonly parameters: number[]
  /** Standard errors of the parameters, the noise estimated from the residuals. */
  readonly errors: number[]
  /** Covariances of the parameters, [parameters][parameters]. */
  readonly covariance: number[][]
  readonly amplitudes: number[]
  readonly fitted: Float64Array
  /** Root mean square of the weighted residuals. */
  readonly rms: number
}

/** Fits parameters and amplitudes (variable projection: Golub & Pereyra 1973). Throws RangeError with too few values. */
export function fitCurve(fit: CurveFit): FittedCurve {
  const { values, weights, basis, start, iterations = 40, amplitudes = 'free' } = fit
  const many = values.length
  demand(many > start.length + 3, 'fit a curve', 'the values', `more than ${start.length + 3}`, many)
  const at = (parameters: readonly number[]) => {
    const curves = basis(parameters)
    const own = amplitudes === 'one' ? curves.map(() => 1) : project(curves, values, weights)
    return { amplitudes: own, fitted: summed(curves, own) }
  }
  const misfit = ({ fitted }: Projected) => {
    let sum = 0
    for (let i = 0; i < many; i++) sum += (weights[i] * (values[i] - fitted[i])) ** 2
    return Number.isFinite(sum) ? sum : Infinity
  }
  let parameters = [...start]
  let now = at(parameters)
  let sum = misfit(now)
  let damping = 1e-3
  for (let k = 0; k < iterations; k++) {
    const { information, pull } = curvature(at, parameters, { values, weights, now })
    let fallen = 0
    while (fallen === 0 && damping < 1e8) {
      const step = solve(damped(information, damping), pull).to1DArray()
      // Parameters are logarithms as a rule: no step by more than e¹.
      const next = parameters.map((value, p) => value + Math.max(-1, Math.min(1, step[p])))
      const there = at(next)
      const misfitThere = misfit(there)
      if (misfitThere < sum) {
        fallen = sum - misfitThere
        ;[parameters, now, sum] = [next, there, misfitThere]
        damping /= 9
      } else damping *= 11
    }
    if (fallen <= 1e-9 * sum) break
  }
  const free = many - start.length - (amplitudes === 'one' ? 0 : now.amplitudes.length)
  const covariance = inverse(curvature(at, parameters, { values, weights, now }).information)
    .mul(sum / free)
    .to2DArray()
  const errors = covariance.map((row, p) => Math.sqrt(row[p]))
  const { fitted } = now
  return { parameters, errors, covariance, amplitudes: now.amplitudes, fitted, rms: Math.sqrt(sum / many) }
}

function damped(information: Matrix, damping: number): Matrix {
  const matrix = information.clone()
  for (let p = 0; p < matrix.rows; p++) matrix.set(p, p, matrix.get(p, p) * (1 + damping))
  return matrix
}

interface Projected {
  readonly amplitudes: number[]
  readonly fitted: Float64Array
}

/** The best amplitudes at some parameters. */
function project(
  curves: readonly ArrayLike<number>[],
  values: ArrayLike<number>,
  weights: ArrayLike<number>,
): number[] {
  const terms = curves.length
  const normal = Matrix.zeros(terms, terms)
  const right = Matrix.zeros(terms, 1)
  for (let a = 0; a < terms; a++)
    for (let i = 0; i < values.length; i++) {
      const weighted = curves[a][i] * weights[i] ** 2
      right.set(a, 0, right.get(a, 0) + weighted * values[i])
      for (let b = 0; b <= a; b++) normal.set(a, b, normal.get(a, b) + weighted * curves[b][i])
    }
  for (let a = 0; a < terms; a++) {
    normal.set(a, a, normal.get(a, a) || 1)
    for (let b = 0; b < a; b++) normal.set(b, a, normal.get(a, b))
  }
  return solve(normal, right).to1DArray()
}

function summed(curves: readonly ArrayLike<number>[], amplitudes: readonly number[]): Float64Array {
  const sum = new Float64Array(curves[0].length)
  curves.forEach((curve, a) => {
    for (let i = 0; i < sum.length; i++) sum[i] += amplitudes[a] * curve[i]
  })
  return sum
}

/** JᵀJ and Jᵀ(values − fitted), J by central differences of the projected model. */
function curvature(
  at: (parameters: readonly number[]) => Projected,
  parameters: readonly number[],
  { values, weights, now }: { values: ArrayLike<number>; weights: ArrayLike<number>; now: Projected },
): { information: Matrix; pull: Matrix } {
  const step = 1e-5
  const slopes = parameters.map((_, p) => {
    const moved = (by: number) => at(parameters.map((value, q) => (p === q ? value + by : value))).fitted
    const [up, down] = [moved(step), moved(-step)]
    return up.map((value, i) => (weights[i] * (value - down[i])) / (2 * step))
  })
  const along = (slope: Float64Array, other: (i: number) => number) =>
    slope.reduce((sum, value, i) => sum + value * other(i), 0)
  return {
    information: new Matrix(slopes.map(a => slopes.map(b => along(a, i => b[i])))),
    pull: new Matrix(slopes.map(a => [along(a, i => weights[i] * (values[i] - now.fitted[i]))])),
  }
}
