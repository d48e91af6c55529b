// The paper's sampler, DSD alg. 2: at most one jump per unit and step, under a CFL condition.

import { demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import type { JumpProcess } from '../process/process.ts'
import type { Schedule } from '../schedule/schedule.ts'
import type { Solver } from './solver.ts'

export interface CflOptions {
  /** epsilon in (0, 1]: no unit leaves its site in one step with a probability above it. */
  readonly fraction?: number
  /** With a schedule and its number of steps, no step goes beyond the next time of the schedule. */
  readonly schedule?: { readonly times: Schedule; readonly steps: number }
  /** See `ReverseStep.noise`; default 1, the paper's walk. 0 makes no hop that is undone again: far fewer calls. */
  readonly noise?: number
  /** Whether the last step is `JumpProcess.settle`; default false: it hops, as in the paper. */
  readonly settle?: boolean
}

/** Below this tau a net flow is taken to the end at its rates. */
const NEAR = 0.02

/**
 * DSD alg. 2: from t = 1 down, dt = min(t, epsilon / fastest unit), then every site draws one multinomial of its units
 * over {stay, jumps} with probabilities ratio * rate * dt.
 *
 * Deviation from DSD alg. 2: the step is chosen per image, not per batch, so that an image's law does not depend on its
 * neighbours. The mean rate of a unit is J * rate at every t, so J * rate / epsilon calls are the least it can do with:
 * about 3,200 for a digit of 28 x 28 sites between periodic sides at epsilon = 0.15. With noise below 1 there is no such
 * least; no step is then longer than epsilon t, for where nothing flows now something may later.
 */
export function cfl(options: CflOptions = {}): Solver {
  demandGiven('build the CFL solver', { options }, { options: 'object' })
  const { fraction = 0.15, schedule, noise = 1, settle = false } = options
  const what = 'build the CFL solver'
  demand(fraction > 0 && fraction <= 1, what, 'the fraction', 'in (0, 1]', fraction)
  demand(noise >= 0 && noise <= 8, what, 'the noise', 'in [0, 8]', noise)
  if (schedule !== undefined) {
    const { steps } = schedule
    demand(
      Number.isSafeInteger(steps) && steps >= 1,
      what,
      'the steps of the schedule',
      'an integer >= 1',
      steps,
    )
  }
  return {
    description: {
      kind: 'cfl',
      fraction,
      noise,
      settle,
      ...(schedule && { schedule: schedule.times.description, steps: schedule.steps }),
    },
    start: () => 1,
    advance(process, image, origin) {
      const { counts, time, random } = image
      image.memory ??= new Float64Array(counts.length * process.jumps)
      const rates = image.memory as Float64Array
      process.rates(counts, origin, { time, noise, out: rates })
      let to = hopping(process, counts, { rates, time, fraction, noise })
      if (schedule) to = Math.max(to, below(schedule.times, schedule.steps, time))
      // Rates so large that dt vanishes beside t.
      if (to === time) to = 0
      if (to === 0 && settle && process.settle) process.settle(counts, origin, { time, random })
      else process.hop(counts, rates, { span: process.rate * (time - to), random })
      return to
    },
  }
}

/** The time to which no unit hops with a probability above epsilon at these rates. */
export function hopping(
  process: JumpProcess,
  counts: Int32Array,
  { rates, time, fraction, noise }: { rates: Float64Array; time: number; fraction: number; noise: number },
): number {
  const fastest = process.rate * process.fastest(counts, rates, time)
  // An empty image, or one whose units all stay: it is done.
  let limit = fastest > 0 ? fraction / fastest : time
  // A net flow that is 0 need not stay so: the rates change as fast as t itself does.
  if (noise < 1 && process.rate * time > NEAR) limit = Math.min(limit, fraction * time)
  return limit < time ? time - limit : 0
}

/** The last time of the schedule's steps that lies below t; 0 below all of them. */
function below(times: Schedule, steps: number, t: number): number {
  for (let k = Math.ceil(times.coordinate(t) * steps); k > 0; k--) {
    const time = times.time(k / steps)
    if (time < t) return time
  }
  return 0
}
