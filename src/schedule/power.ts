// Times that are a power of the coordinate: t = u^p.

import { demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { exp, log } from '../base/numeric.ts'
import { type Schedule, scheduleOf } from './schedule.ts'

/** t = u^exponent, exponent in [1, 64]: 1 is linear; the DSD paper uses 4 for rocks and 5 for electrodes. */
export function power(options: { exponent?: number } = {}): Schedule {
  demandGiven('build the power schedule', { options }, { options: 'object' })
  const { exponent = 1 } = options
  const allowed = Number.isFinite(exponent) && exponent >= 1 && exponent <= 64
  demand(allowed, 'build the power schedule', 'the exponent', 'in [1, 64]', exponent)
  return scheduleOf(
    { kind: 'power', exponent },
    {
      height: u => raised(u, exponent),
      derivative: u => exponent * raised(u, exponent - 1),
      inverse: height => (exponent === 1 ? height : exp(log(height) / exponent)),
    },
  )
}

/** base^exponent for base in [0, 1] and exponent >= 0. */
function raised(base: number, exponent: number): number {
  if (!Number.isInteger(exponent)) return exp(exponent * log(base))
  let product = 1
  for (let i = 0; i < exponent; i++) product *= base
  return product
}
