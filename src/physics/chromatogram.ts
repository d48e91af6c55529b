/**
 * Two parameters per analyte from a measured breakthrough curve or peak, through the Laplace solution of the column.
 *
 * A fit costs some hundred evaluations of an inverse transform of some tens of terms: milliseconds, where the full
 * equations take seconds.
 */
import { cannot, demand } from '../base/errors.ts'
import { dispersiveColumn, type ElutionLaw, elutionDensity, elutionShare, kineticColumn } from './elution.ts'
import { type FittedCurve, fitCurve } from './least-squares.ts'

export type ColumnModel = 'kinetic' | 'dispersive'

export interface Trace {
  /** Rising. */
  readonly times: ArrayLike<number>
  readonly values: ArrayLike<number>
}

export interface AnalyteOptions {
  /** Time of a molecule that is never adsorbed, L/u, in the unit of the times. */
  readonly dead: number
  /** kinetic: κ and k_d, no diffusion (arXiv 2501.00001). dispersive: R and Pe, sorption at equilibrium. */
  readonly model: ColumnModel
  /** What was let in: a step (breakthrough) or a pulse (a peak, with a straight line below it). */
  readonly input: 'step' | 'pulse'
  /** How the noise grows: not at all, or as that of counts. Default constant. */
  readonly noise?: 'constant' | 'counts'
}

/** A value with its interval of 95 %. */
export interface Interval {
  readonly value: number
  readonly low: number
  readonly high: number
}

export interface Analyte {
  /** adsorb and desorb (per unit of time), or retardation and peclet. */
  readonly parameters: Readonly<Record<string, Interval>>
  readonly law: ElutionLaw
  readonly mean: number
  readonly deviation: number
  /** Plateau of a step, area of a pulse. */
  readonly amount: number
  readonly fitted: Float64Array
  /** Root mean square of the residuals over the amplitude of the curve. */
  readonly rms: number
}

/** Fits one analyte. Throws RangeError for traces that do not show it whole, or come before the dead time. */
export function fitAnalyte(trace: Trace, options: AnalyteOptions): Analyte {
  const { dead, model, input, noise = 'constant' } = options
  demandTrace(trace)
  const { mean, variance } = input === 'step' ? stepMoments(trace) : pulseMoments(trace)
  const what = 'fit an analyte'
  demand(dead > 0, what, 'the dead time', 'above 0', dead)
  demand(mean > dead, what, 'the mean time', `later than the dead time ${dead}`, mean)
  const lawAt = lawOf(model, dead)
  const retained = mean / dead - 1
  const start =
    model === 'kinetic'
      ? [retained, (2 * dead * retained) / variance]
      : [retained, (2 * mean ** 2) / variance]
  const basis = basisOf(trace, input, lawAt)
  const many = trace.times.length
  let weights = new Float64Array(many).fill(1)
  let found = fitCurve({ values: trace.values, weights, basis, start: start.map(Math.log) })
  for (let again = 0; again < 2 && noise === 'counts'; again++) {
    weights = Float64Array.from(found.fitted, value => 1 / Math.sqrt(Math.max(1, value)))
    found = fitCurve({ values: trace.values, weights, basis, start: found.parameters })
  }
  return analyteOf(found, { trace, model, law: lawAt(found.parameters) })
}

/** Parameters are log(mean/t₀ − 1) and log k_d, or log Pe. */
function lawOf(model: ColumnModel, dead: number): (parameters: readonly number[]) => ElutionLaw {
  return ([a, b]) => {
    const [retained, second] = [Math.exp(a), Math.exp(b)]
    if (model === 'dispersive') return dispersiveColumn({ dead, retardation: 1 + retained, peclet: second })
    return kineticColumn({ dead, adsorb: retained * second, desorb: second })
  }
}

function basisOf({ times }: Trace, input: 'step' | 'pulse', lawAt: (p: readonly number[]) => ElutionLaw) {
  if (input === 'step') return (p: readonly number[]) => [elutionShare(lawAt(p), times)]
  const level = Float64Array.from(times, () => 1)
  const tilt = Float64Array.from(times, t => (t - times[0]) / (times[times.length - 1] - times[0]))
  return (p: readonly number[]) => [elutionDensity(lawAt(p), times), level, tilt]
}

function analyteOf(
  { parameters, errors, amplitudes, fitted }: FittedCurve,
  { trace, model, law }: { trace: Trace; model: ColumnModel; law: ElutionLaw },
): Analyte {
  const interval = (of: (parameter: number) => number, k: number): Interval => {
    const [low, value, high] = [-1.96, 0, 1.96].map(z => of(parameters[k] + z * errors[k]))
    return { value, low, high }
  }
  const retained = interval(Math.exp, 0)
  const second = interval(Math.exp, 1)
  const shifted = ({ value, low, high }: Interval): Interval => ({
    value: 1 + value,
    low: 1 + low,
    high: 1 + high,
  })
  let [sum, most, least] = [0, -Infinity, Infinity]
  for (let i = 0; i < fitted.length; i++) {
    sum += (trace.values[i] - fitted[i]) ** 2
    most = Math.max(most, fitted[i])
    least = Math.min(least, fitted[i])
  }
  // κ = (mean/t₀ − 1) k_d: its relative error is that of both together.
  const both = Math.exp(1.96 * Math.hypot(errors[0], errors[1]))
  const adsorb = retained.value * second.value
  return {
    parameters:
      model === 'kinetic'
        ? { adsorb: { value: adsorb, low: adsorb / both, high: adsorb * both }, desorb: second }
        : { retardation: shifted(retained), peclet: second },
    law,
    mean: law.mean,
    deviation: Math.sqrt(law.variance),
    amount: amplitudes[0],
    fitted,
    rms: Math.sqrt(sum / fitted.length) / (most - least),
  }
}

/**
 * One value for what several analytes have in common (the Péclet number of a column, where they diffuse alike), from
 * independent intervals: the mean of logarithms, weighted by their precision.
 */
export function pooled(intervals: readonly Interval[]): Interval {
  demand(intervals.length > 0, 'pool intervals', 'the intervals', 'one at least', intervals.length)
  let [sum, precision] = [0, 0]
  for (const { value, low, high } of intervals) {
    const weight = (3.92 / Math.log(high / low)) ** 2
    sum += weight * Math.log(value)
    precision += weight
  }
  const [value, wide] = [sum / precision, 1.96 / Math.sqrt(precision)]
  return { value: Math.exp(value), low: Math.exp(value - wide), high: Math.exp(value + wide) }
}

/** Peaks apart: (t₂ − t₁)/(2(σ₁ + σ₂)), 1.5 for peaks that are separate down to the baseline. */
export function resolution(
  a: Pick<Analyte, 'mean' | 'deviation'>,
  b: Pick<Analyte, 'mean' | 'deviation'>,
): number {
  return Math.abs(b.mean - a.mean) / (2 * (a.deviation + b.deviation))
}

function demandTrace({ times, values }: Trace): void {
  const what = 'fit an analyte'
  demand(times.length === values.length, what, 'times and values', 'of one length', [
    times.length,
    values.length,
  ])
  for (let i = 1; i < times.length; i++)
    if (!(times[i] > times[i - 1]))
      throw new RangeError(
        cannot(what, 'the times', 'rising', `${times[i - 1]} before ${times[i]} in row ${i + 1}`),
      )
}

/** Mean ∫(1 − y/plateau) dt from time 0 on, and about the variance; the plateau is the mean of the last twentieth. */
function stepMoments({ times, values }: Trace): { mean: number; variance: number } {
  const many = times.length
  const level = (from: number, to: number) => {
    let sum = 0
    for (let i = from; i < to; i++) sum += values[i]
    return sum / (to - from)
  }
  const last = Math.max(1, Math.floor(many / 20))
  const plateau = level(many - last, many)
  const before = level(many - 2 * last, many - last)
  demand(
    plateau > 0 && Math.abs(before / plateau - 1) < 0.04,
    'fit an analyte',
    'the breakthrough curve',
    'one that reaches its plateau',
    `${before.toPrecision(4)} before ${plateau.toPrecision(4)} at the end`,
  )
  let [mean, early, late] = [times[0], times[0], times[0]]
  for (let i = 1; i < many; i++) {
    const dt = times[i] - times[i - 1]
    const reached = (values[i] + values[i - 1]) / (2 * plateau)
    mean += dt * (1 - reached)
    if (reached < 0.16) early += dt
    if (reached < 0.84) late += dt
  }
  // As far apart as ± one standard deviation; by time spent below, which noise hardly changes.
  return { mean, variance: Math.max((late - early) / 2, 1e-3 * mean) ** 2 }
}

/** Mean and variance of a peak above the straight line between its ends. */
function pulseMoments({ times, values }: Trace): { mean: number; variance: number } {
  const last = times.length - 1
  let [area, first, second] = [0, 0, 0]
  for (let i = 0; i < last; i++) {
    const share = (times[i] - times[0]) / (times[last] - times[0])
    const above = Math.max(0, values[i] - (1 - share) * values[0] - share * values[last])
    const weight = above * (times[i + 1] - times[i])
    area += weight
    first += weight * times[i]
    second += weight * times[i] ** 2
  }
  demand(area > 0, 'fit an analyte', 'the peak', 'higher than the line between its ends', area)
  const mean = first / area
  return { mean, variance: Math.max(second / area - mean ** 2, (1e-4 * mean) ** 2) }
}
