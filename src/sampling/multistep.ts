// Order two without another call: the origin goes on between two calls as it changed since the calls before.

import { demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { expm1, log } from '../base/numeric.ts'
import { type AncestralOptions, demandGrain, step } from './ancestral.ts'
import { grid } from './grid.ts'
import type { Solver } from './solver.ts'

export interface MultistepOptions extends AncestralOptions {
  /** beta in (0, 1], default 1: below 1 the velocity is damped. */
  readonly damping?: number
}

/** A step counts as at most so many times as long as the last. */
const LONGER = 2

/** What is carried from call to call. */
export interface Momentum {
  /** v of the last call. */
  readonly velocity: Float64Array
  /** The time of the last call. */
  readonly time: number
}

/**
 * The generalised heavy ball of order 2 (Wizadwongsa et al. 2023, arXiv 2307.11118) on the origin f, with steps h in
 * log tau, of which the last is as long as this one there:
 *
 *     v_n = (1 - beta) v_(n-1) + beta f_n,      the step goes with  v_n + (2 - beta) / (2 beta) (v_n - v_(n-1)),
 *
 * which is the two-step rule of Adams and Bashforth, (3 f_n - f_(n-1)) / 2, at beta = 1 (DPM-Solver++ 2M is its kin,
 * arXiv 2206.00927). For x' = λ x it is stable down to λ h = -(2 - beta) on the real axis. Steps that differ in length scale
 * the difference by their ratio, at most 2, and where they are long by `lateness`. What would be below 0 is 0. The last step
 * takes the last origin as it is.
 *
 * The order is that of smooth paths, of very many units. Where single units jump, the origin jumps with them, and what is
 * cut off at 0 leaves order one, with an error some times smaller (docs/notes/solvers.md).
 */
export function multistep(options: MultistepOptions = {}): Solver {
  demandGiven('build the multistep solver', { options }, { options: 'object' })
  const { noise = 1, settle = true, damping = 1, grain } = options
  const times = grid(options)
  const what = 'build the multistep solver'
  demand(damping > 0 && damping <= 1, what, 'the damping', 'in (0, 1]', damping)
  demand(noise >= 0 && noise <= 8, what, 'the noise', 'in [0, 8]', noise)
  demandGrain(what, grain)
  return {
    description: { kind: 'multistep', ...times.description, noise, settle, damping, ...(grain && { grain }) },
    calls: times.calls,
    weighs: true,
    start: () => 1,
    time: times.time,
    advance(process, image, origin) {
      const to = times.time(process, image.step + 1)
      const { time, memory } = image
      const { led, momentum } = lead(memory as Momentum | undefined, origin, { time, to, damping })
      image.memory = momentum
      step(process, image, led, { to, noise, settle, grain })
      return to
    },
  }
}

/** The origin to go with from `time` to `to`, from the one told now and what was carried; and what is carried on. */
export function lead(
  before: Momentum | undefined,
  origin: ArrayLike<number>,
  { time, to, damping }: { readonly time: number; readonly to: number; readonly damping: number },
): { led: ArrayLike<number>; momentum: Momentum } {
  const velocity = Float64Array.from(origin)
  const momentum = { velocity, time }
  if (!before) return { led: origin, momentum }
  for (let i = 0; i < velocity.length; i++)
    velocity[i] = (1 - damping) * before.velocity[i] + damping * origin[i]
  if (to === 0) return { led: origin, momentum }
  const ratio = Math.min(LONGER, log(time / to) / log(before.time / time))
  const beyond = heavyBall(damping, ratio) * lateness(to / time)
  const led = new Float64Array(velocity.length)
  for (let i = 0; i < led.length; i++)
    led[i] = Math.max(0, velocity[i] + beyond * (velocity[i] - before.velocity[i]))
  return { led, momentum }
}

/** How much of v_n - v_(n-1) is carried on beyond v_n, for a step `ratio` times as long as the last. */
export const heavyBall = (damping: number, ratio: number): number => (ratio * (2 - damping)) / (2 * damping)

/**
 * From t to s = share * t what is known of a mode grows by the factor e^h, h = 2 λ (t - s) (λ its decay in t), and the origins
 * late in the step count the more: their mean place in it is (h - 1 + e^-h) / (h (1 - e^-h)). That is halfway in a short step,
 * as the rule above has it, and later in a long one: here over a half. The modes that are decided at t have λ t of about 2.
 */
export function lateness(share: number): number {
  const h = 4 * (1 - share)
  return h < 1e-3 ? 1 + h / 6 : (-2 * (h + expm1(-h))) / (h * expm1(-h))
}
