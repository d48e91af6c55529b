// Time grids: where a solver with a fixed number of calls asks for rates.
import { demand } from '../base/errors.ts'
import { exp, log } from '../base/numeric.ts'
import type { JumpProcess } from '../process/process.ts'
import type { Schedule } from '../schedule/schedule.ts'

export interface GridOptions {
  /** Rate calls per image, >= 1. */
  readonly calls: number
  /** tau = rate * t of the last call, > 0; from there one step goes to 0. Above the first tau, a hundredth of that. */
  readonly smallest: number
  /**
   * The calls are even in tau^bend; 0 means even in log tau. Structure of size l forms around tau = l²/4, so even in
   * log tau gives every scale its share; a bend of 0.3 to 0.5 gives more to the large scales, where whole images differ.
   */
  readonly bend: number
  /** With a schedule the calls are even in its coordinate instead, from t = 1 down to its first time. */
  readonly schedule?: Schedule
}

/** Times of the calls 0 … calls - 1, the first 1, falling; 0 from `calls` on. */
export interface Grid {
  readonly calls: number
  time(process: JumpProcess, call: number): number
}

/** Even in tau^bend from t = 1 down to the smallest tau. Throws RangeError for impossible options. */
export function grid({ calls, smallest, bend, schedule }: GridOptions): Grid {
  const what = 'build the time grid'
  demand(Number.isSafeInteger(calls) && calls >= 1, what, 'the number of calls', 'an integer >= 1', calls)
  demand(smallest > 0 && smallest < Infinity, what, 'the smallest tau', 'a number > 0', smallest)
  demand(bend >= 0 && bend <= 4, what, 'the bend', 'in [0, 4]', bend)
  return {
    calls,
    time(process, call) {
      if (call === 0) return 1
      if (call >= calls) return 0
      if (schedule) return scheduled(schedule, call, calls)
      const depth = log(smallest < process.rate ? smallest / process.rate : 0.01)
      const u = call / (calls - 1)
      if (bend === 0) return exp(u * depth)
      return exp(log(1 - u * (1 - exp(bend * depth))) / bend)
    },
  }
}

/** The times of Blackout where the schedule is its own: t_T = 1 first, t_1 last. */
function scheduled(schedule: Schedule, call: number, calls: number): number {
  const time = schedule.time(1 - call / (calls - 1))
  demand(time > 0, 'tell the time of a call', 'the first time of the schedule', '> 0', time)
  return time
}
