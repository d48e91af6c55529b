// Time grids: where a solver with a fixed number of calls asks for origins.

import { demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { exp, log } from '../base/numeric.ts'
import type { JumpProcess } from '../process/process.ts'
import type { Schedule } from '../schedule/schedule.ts'

export interface GridOptions {
  /** Calls per image, >= 1; default 32. */
  readonly calls?: number
  /** tau = rate * t of the last call, > 0, default 0.3; from there one step goes to 0. Above the first tau, a hundredth of that. */
  readonly smallest?: number
  /**
   * Call k of K lies at log tau = log tau_1 + (k / (K - 1))^bend (log smallest - log tau_1), bend in (0, 8], default 1.6:
   * above 1 the calls lie closer where tau is large, where whole images are decided.
   */
  readonly bend?: number
  /** With a schedule the calls are even in its coordinate instead, from t = 1 down to its first time. */
  readonly schedule?: Schedule
}

/** Times of the calls 0 … calls - 1, the first 1, falling; 0 from `calls` on. */
export interface Grid {
  readonly description: Readonly<Record<string, unknown>>
  readonly calls: number
  time(process: JumpProcess, call: number): number
}

/** Throws RangeError for impossible options. */
export function grid(options: GridOptions = {}): Grid {
  demandGiven('build the grid of times', { options }, { options: 'object' })
  const { calls = 32, smallest = 0.3, bend = 1.6, schedule } = options
  const what = 'build the time grid'
  demand(Number.isSafeInteger(calls) && calls >= 1, what, 'the number of calls', 'an integer >= 1', calls)
  demand(smallest > 0 && smallest < Infinity, what, 'the smallest tau', 'a number > 0', smallest)
  demand(bend > 0 && bend <= 8, what, 'the bend', 'in (0, 8]', bend)
  return {
    description: { calls, ...(schedule ? { schedule: schedule.description } : { smallest, bend }) },
    calls,
    time(process, call) {
      if (call === 0) return 1
      if (call >= calls) return 0
      if (schedule) return scheduled(schedule, call, calls)
      const depth = log(smallest < process.rate ? smallest / process.rate : 0.01)
      return exp((call / (calls - 1)) ** bend * depth)
    },
  }
}

/** The times of Blackout where the schedule is its own: t_T = 1 first, t_1 last. */
function scheduled(schedule: Schedule, call: number, calls: number): number {
  const time = schedule.time(1 - call / (calls - 1))
  demand(time > 0, 'tell the time of a call', 'the first time of the schedule', '> 0', time)
  return time
}
