// Order two without another call: the origin goes on between two calls as it changed since the calls before.
import { demand } from '../base/errors.ts'
import { exp, log } from '../base/numeric.ts'
import { type AncestralOptions, step } from './ancestral.ts'
import { grid } from './grid.ts'
import type { Solver } from './solver.ts'

export interface MultistepOptions extends AncestralOptions {
  /** beta in (0, 1], default 1: below 1 the velocity is damped. */
  readonly damping?: number
}

/** The least origin whose logarithm is taken. */
const LEAST = 1e-12

/** A step counts as at most so many times as long as the last. */
const LONGER = 2

interface Memory {
  /** v of the last call, and room for the next. */
  velocity: Float64Array
  spare: Float64Array
  /** The logarithm of the time of the last call. */
  last: number
}

/**
 * The generalised heavy ball of order 2 (Wizadwongsa et al. 2023, arXiv 2307.11118), on the logarithm f of the origin, with
 * steps h in log tau, of which the last is as long as this one there:
 *
 *     v_n = (1 - beta) v_(n-1) + beta f_n,      the step goes with  (2 + beta) / (2 beta) v_n - (2 - beta) / (2 beta) v_(n-1),
 *
 * which is the two-step rule of Adams and Bashforth, (3 f_n - f_(n-1)) / 2, at beta = 1 (DPM-Solver++ 2M is its kin,
 * arXiv 2206.00927). For x' = λ x it is stable down to λ h = -(2 - beta) on the real axis. Steps that differ in length scale
 * the difference v_n - v_(n-1) by their ratio, at most 2. The last step takes the last origin as it is.
 */
export function multistep(options: MultistepOptions = {}): Solver {
  const { noise = 1, settle = true, damping = 1 } = options
  const times = grid(options)
  const what = 'build the multistep solver'
  demand(damping > 0 && damping <= 1, what, 'the damping', 'in (0, 1]', damping)
  demand(noise >= 0 && noise <= 8, what, 'the noise', 'in [0, 8]', noise)
  return {
    description: { kind: 'multistep', ...times.description, noise, settle, damping },
    calls: times.calls,
    start: () => 1,
    advance(process, image, origin) {
      const to = times.time(process, image.step + 1)
      const now = log(image.time)
      const memory = image.memory as Memory | undefined
      if (!memory) {
        const velocity = Float64Array.from(origin, logOf)
        image.memory = { velocity, spare: velocity.slice(), last: now } satisfies Memory
      }
      const led = memory && to > 0 ? lead(memory, origin, { now, next: log(to), damping }) : origin
      step(process, image, led, { to, noise, settle })
      return to
    },
  }
}

const logOf = (value: number) => log(Math.max(LEAST, value))

/** The origin to go with, from the one told now; the memory moves on. */
function lead(
  memory: Memory,
  origin: Float32Array,
  { now, next, damping }: { now: number; next: number; damping: number },
): Float64Array {
  const { velocity: old, spare: velocity } = memory
  const beyond = heavyBall(damping, Math.min(LONGER, (now - next) / (memory.last - now)))
  for (let i = 0; i < velocity.length; i++) velocity[i] = (1 - damping) * old[i] + damping * logOf(origin[i])
  for (let i = 0; i < old.length; i++) old[i] = exp(velocity[i] + beyond * (velocity[i] - old[i]))
  // What was the last velocity holds the answer until the next call, when it is overwritten.
  Object.assign(memory, { velocity, spare: old, last: now } satisfies Memory)
  return old
}

/** How much of v_n - v_(n-1) is carried on beyond v_n, for a step `ratio` times as long as the last. */
export const heavyBall = (damping: number, ratio: number): number => (ratio * (2 - damping)) / (2 * damping)
