// Schedules: from the even coordinate u to the time t. Rebuilds any of them from its description.
import { cannot } from '../base/errors.ts'
import { cosine } from './cosine.ts'
import { designed } from './designed.ts'
import { exponential } from './exponential.ts'
import { logit } from './logit.ts'
import { power } from './power.ts'
import type { Schedule, ScheduleDescription } from './schedule.ts'

export { cosine } from './cosine.ts'
export { design, designed, type MeasuredFall } from './designed.ts'
export { exponential } from './exponential.ts'
export { logit } from './logit.ts'
export { power } from './power.ts'
export type { Schedule, ScheduleDescription } from './schedule.ts'
export { type WalkTimes, walkTimes } from './walk-times.ts'

const builders = { logit, power, cosine, exponential, designed }

/** The schedule of that description, checked like any other: it may come from a file. */
export function schedule(description: ScheduleDescription): Schedule {
  const kind = description?.kind
  if (!Object.hasOwn(builders, kind ?? ''))
    throw new RangeError(
      cannot('build the schedule', 'its kind', `one of ${Object.keys(builders).join(', ')}`, kind),
    )
  const build = builders[kind] as (options: ScheduleDescription) => Schedule
  return build(description)
}
