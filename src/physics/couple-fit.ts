/**
 * Coefficients of interdiffusion fitted to the measured points themselves: forward analysis (as pyDiffusion does by hand).
 *
 * log D̃ is a polynomial of the composition in each phase; its numbers, and the place of the Matano plane, are those whose
 * profile (`couple-forward.ts`) is nearest to the points. Nothing is differentiated: where a polynomial of low degree will
 * do, the intervals are several times as narrow as those of splines.
 */
import { Matrix, solve } from 'ml-matrix'
import { demand } from '../base/errors.ts'
import { denBroeder, matanoPlane, normalisedFraction } from './couple.ts'
import { composition, type ForwardPhase, forwardProfile } from './couple-forward.ts'
import { fitCurve } from './least-squares.ts'
import { type Profile, type ProfileOptions, profile } from './profile.ts'
import { type SmoothOptions, smoothed } from './smoothed.ts'

export interface CoupleFitOptions extends Pick<SmoothOptions, 'gaps'> {
  /** Seconds. */
  readonly time: number
  /** Of the polynomial in each phase, 0 to 6. */
  readonly degrees: readonly number[]
  /** One over the standard deviation of each fraction, in the order of the positions; default alike. */
  readonly weights?: ArrayLike<number>
}

export interface FittedCouple {
  /** D̃ at a mole fraction with its interval of 95 %, m²/s; NaN in gaps. */
  at(fraction: number): { readonly value: number; readonly low: number; readonly high: number }
  /** Mole fractions of the profile at the measured positions, rising, [positions]. */
  readonly fitted: Float64Array
  /** Root mean square of measured − fitted. */
  readonly rms: number
}

/** Fits a couple of constant molar volume. Throws RangeError as `profile()` does. */
export function fitCouple(options: ProfileOptions, more: CoupleFitOptions): FittedCouple {
  const { time, degrees, gaps = [], weights } = more
  const couple = profile(options)
  const { positions, fractions, left, right, turned } = couple
  const what = 'fit a couple'
  demand(time > 0 && time < Infinity, what, 'the time', 'above 0 s', time)
  demand(degrees.length === gaps.length + 1, what, 'the degrees', `${gaps.length + 1}, one a phase`, degrees)
  demand(
    degrees.every(d => Number.isInteger(d) && d >= 0 && d <= 6),
    what,
    'every degree',
    'a whole number from 0 to 6',
    degrees,
  )
  const step = right - left
  // Without a gap nothing needs to be near at first.
  const rough = gaps.length > 0 ? smoothed(options, { gaps }).profile : undefined
  const edges = rough ? edgesOf(rough) : [[0, 1] as const]
  const [plane, begin] = begins(couple, time)
  const root = Math.sqrt(time)
  const width = Math.sqrt(begin) * root
  const model = (p: readonly number[]) => {
    const made = forwardProfile(phasesOf(p, { edges, degrees, begin }))
    const at = positions.map(x => (x - plane - p[p.length - 1] * width) / root)
    return composition(made, at).map(y => left + step * y)
  }
  const start = [...startOf(rough, { time, edges, degrees, begin }), 0]
  const many = positions.length
  const own = Float64Array.from({ length: many }, (_, i) => weights?.[turned ? many - 1 - i : i] ?? 1)
  const found = fitCurve({
    values: fractions,
    weights: own,
    basis: p => [model(p)],
    amplitudes: 'one',
    start,
  })
  const squares = found.fitted.reduce((sum, n, i) => sum + (n - fractions[i]) ** 2, 0)
  return {
    fitted: found.fitted,
    rms: Math.sqrt(squares / many),
    at(fraction) {
      const Y = (fraction - left) / step
      const gradient = gradientOf(Y, { edges, degrees })
      const sum = (of: (i: number) => number) => gradient.reduce((all, g, i) => all + g * of(i), 0)
      const value = Math.log(begin) + sum(i => found.parameters[i])
      const error = 1.96 * Math.sqrt(sum(i => sum(j => found.covariance[i][j])))
      return { value: Math.exp(value), low: Math.exp(value - error), high: Math.exp(value + error) }
    },
  }
}

interface Model {
  /** Normalised compositions where each phase begins and ends. */
  readonly edges: readonly (readonly [number, number])[]
  readonly degrees: readonly number[]
}

/** Powers of −1 … 1 over the phase that holds Y, 0 for the parameters of the others; NaN in a gap. */
function gradientOf(Y: number, { edges, degrees }: Model): number[] {
  const own = edges.findIndex(([from, to]) => Y >= from && Y <= to)
  return degrees.flatMap((degree, p) =>
    Array.from({ length: degree + 1 }, (_, power) => {
      if (own < 0) return Number.NaN
      return p === own ? scaled(Y, edges[p]) ** power : 0
    }),
  )
}

const scaled = (Y: number, [from, to]: readonly [number, number]) => (2 * Y - from - to) / (to - from)

function phasesOf(
  p: readonly number[],
  { edges, degrees, begin }: Model & { begin: number },
): ForwardPhase[] {
  let at = 0
  return degrees.map((degree, phase) => {
    const own = p.slice(at, at + degree + 1)
    at += degree + 1
    const coefficient = (Y: number) => {
      const x = scaled(Y, edges[phase])
      // Steps of the fit may go far: no overflow, no underflow.
      const power = own.reduceRight((sum, c) => sum * x + c, 0)
      return begin * Math.exp(Math.max(-30, Math.min(30, power)))
    }
    return { from: edges[phase][0], to: edges[phase][1], coefficient }
  })
}

/** Where phases end: on both sides of each interface of the smoothed profile. */
function edgesOf(rough: Profile): (readonly [number, number])[] {
  const { phases } = rough
  const Y = normalisedFraction(rough).map(y => Math.min(1, Math.max(0, y)))
  return phases.map((first, p) => [p === 0 ? 0 : Y[first], p + 1 < phases.length ? Y[phases[p + 1] - 1] : 1])
}

/**
 * Polynomials through log D̃ of the smoothed profile: near enough that interfaces are within a point of where they belong,
 * since the misfit jumps where one passes a point.
 */
function startOf(rough: Profile | undefined, more: Model & { time: number; begin: number }): number[] {
  const { time, begin, edges, degrees } = more
  if (!rough) return degrees.flatMap(degree => Array<number>(degree + 1).fill(0))
  const Y = normalisedFraction(rough)
  const D = denBroeder(rough, time)
  return degrees.flatMap((degree, p) => {
    const [from, to] = edges[p]
    const inside = [...Y.keys()].filter(
      i => Y[i] > Math.max(from, 0.01) && Y[i] < Math.min(to, 0.99) && D[i] > 0,
    )
    demand(
      inside.length > degree,
      'fit a couple',
      `phase ${p + 1}`,
      `of more than ${degree} points`,
      inside.length,
    )
    const powers = inside.map(i => Array.from({ length: degree + 1 }, (_, k) => scaled(Y[i], edges[p]) ** k))
    return solve(new Matrix(powers), Matrix.columnVector(inside.map(i => Math.log(D[i] / begin)))).to1DArray()
  })
}

/** The Matano plane, and the constant D̃ that would have let as much pass it: ∫₋∞^x_M Y dx = √(D̃t/π). */
function begins(couple: Profile, time: number): [number, number] {
  const { positions, fractions, left, right } = couple
  const plane = matanoPlane(couple)
  let passed = 0
  for (let i = 1; i < positions.length && positions[i] <= plane; i++)
    passed += ((fractions[i] + fractions[i - 1]) / 2 - left) * (positions[i] - positions[i - 1])
  return [plane, (Math.PI * (passed / (right - left)) ** 2) / time]
}
