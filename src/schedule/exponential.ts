// Times even in their logarithm: t = start^(1 - u).

import { demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { exp, log } from '../base/numeric.ts'
import { type Schedule, scheduleOf } from './schedule.ts'

/** t = start^(1 - u) from `start`, in [1e-300, 1), to 1. DSD's exponential schedule starts at 1e-5. */
export function exponential(options: { start?: number } = {}): Schedule {
  demandGiven('build the exponential schedule', { options }, { options: 'object' })
  const { start = 1e-5 } = options
  const allowed = Number.isFinite(start) && start >= 1e-300 && start < 1
  demand(allowed, 'build the exponential schedule', 'the start', 'in [1e-300, 1)', start)
  const depth = -log(start)
  return scheduleOf(
    { kind: 'exponential', start },
    {
      height: u => exp(-(1 - u) * depth),
      derivative: u => depth * exp(-(1 - u) * depth),
      inverse: height => 1 + log(height) / depth,
    },
  )
}
