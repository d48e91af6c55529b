// Steps back in time, and what they must be.
import { demand } from '../base/errors.ts'
import { demandDraw } from './given.ts'
import type { ReverseStep } from './process.ts'

/** The duration of a step; throws RangeError or TypeError for one that does not go back in time. */
export function duration(verb: string, step: ReverseStep): number {
  demandDraw(verb, step)
  const { from, to } = step
  demand(from > 0 && from <= 1, verb, 'the time it starts from', 'in (0, 1]', from)
  demand(to >= 0 && to < from, verb, 'the time it goes to', `in [0, ${from})`, to)
  return from - to
}
