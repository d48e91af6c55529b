// Solvers from their descriptions: so that what is to be drawn can be told to another thread, or kept in a file.
import { cannot } from '../base/errors.ts'
import { type ScheduleDescription, schedule } from '../schedule/index.ts'
import { type BridgeOptions, bridge } from './bridge.ts'
import { cfl } from './cfl.ts'
import { type LeapOptions, leap } from './leap.ts'
import type { Solver, SolverDescription } from './solver.ts'

const builders: Readonly<Record<string, (description: SolverDescription) => Solver>> = {
  leap: description => leap(description as LeapOptions),
  bridge: description => bridge(description as BridgeOptions),
  cfl({ fraction, schedule: times, steps }) {
    const within = times
      ? { times: schedule(times as ScheduleDescription), steps: steps as number }
      : undefined
    return cfl({ fraction: fraction as number, schedule: within })
  },
}

/** Rebuilds a solver from its plain description. Throws RangeError for an unknown kind. */
export function solver(description: SolverDescription): Solver {
  const { kind } = description
  if (!Object.hasOwn(builders, kind))
    throw new RangeError(
      cannot('rebuild the solver', 'its kind', `one of ${Object.keys(builders).join(', ')}`, kind),
    )
  return builders[kind](description)
}
