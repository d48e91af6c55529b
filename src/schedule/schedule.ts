// What a schedule is: where on the axis of time t the even coordinate u in [0, 1] puts its points.
import { demand } from '../base/errors.ts'

/** Enough to rebuild a schedule: plain and serialisable, as it stands in a model file. */
export type ScheduleDescription =
  | { readonly kind: 'logit'; readonly tau1: number; readonly tau2: number }
  | { readonly kind: 'power'; readonly exponent: number }
  | { readonly kind: 'cosine'; readonly offset: number }
  | { readonly kind: 'exponential'; readonly start: number }
  | { readonly kind: 'designed'; readonly u: readonly number[]; readonly t: readonly number[] }

/**
 * A strictly increasing map from u in [0, 1] to t in [time(0), 1], time(1) = 1. Training draws u evenly and weighs the
 * loss by `slope`; a network sees u; samplers may step evenly in u.
 */
export interface Schedule {
  readonly description: ScheduleDescription
  /** u in [0, 1] -> t in [time(0), 1]; exactly 1 at u = 1. */
  time(u: number): number
  /** The inverse, t in [0, 1] -> u in [0, 1]; 0 for every t up to time(0). */
  coordinate(t: number): number
  /** dt/du, positive inside (0, 1); at the very ends it may be 0. */
  slope(u: number): number
}

/** An increasing function of u with its derivative and its inverse; the scale is of no account. */
export interface Curve {
  height(u: number): number
  derivative(u: number): number
  inverse(height: number): number
}

/** Points on which a schedule is tried before it is trusted. */
const TRIALS = 256

/** The schedule t = height(u) / height(1): its end is 1 exactly. It does not build unless it rises everywhere. */
export function scheduleOf(description: ScheduleDescription, curve: Curve): Schedule {
  const top = curve.height(1)
  const lowest = curve.height(0) / top
  const made: Schedule = {
    description,
    time: u => curve.height(inUnit('tell the time', 'u', u)) / top,
    coordinate(t) {
      inUnit('tell the coordinate', 't', t)
      return t <= lowest ? 0 : t === 1 ? 1 : Math.min(1, Math.max(0, curve.inverse(t * top)))
    },
    slope: u => curve.derivative(inUnit('tell the slope', 'u', u)) / top,
  }
  const what = `build the ${description.kind} schedule`
  demand(lowest >= 0, what, 'the time at u = 0', '>= 0', lowest)
  for (let i = 1; i <= TRIALS; i++) {
    const u = i / TRIALS
    demand(
      made.time(u) > made.time(u - 1 / TRIALS),
      what,
      `the time at u = ${u}`,
      'above the one before',
      made.time(u),
    )
    const middle = u - 0.5 / TRIALS
    demand(made.slope(middle) > 0, what, `the slope at u = ${middle}`, '> 0', made.slope(middle))
  }
  return made
}

function inUnit(what: string, thing: string, value: number): number {
  demand(value >= 0 && value <= 1, what, thing, 'in [0, 1]', value)
  return value
}
