// Solvers from their descriptions: so that what is to be drawn can be told to another thread, or kept in a file.

import { cannot } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { type ScheduleDescription, schedule } from '../schedule/index.ts'
import { type AncestralOptions, ancestral } from './ancestral.ts'
import { type CflOptions, cfl } from './cfl.ts'
import { type CyclesOptions, cycled } from './cycled.ts'
import { type MultistepOptions, multistep } from './multistep.ts'
import type { Solver, SolverDescription } from './solver.ts'
import { type VariationalOptions, variational } from './variational.ts'

const builders: Readonly<Record<string, (description: SolverDescription) => Solver>> = {
  ancestral: description => ancestral(rebuilt(description) as AncestralOptions),
  multistep: description => multistep(rebuilt(description) as MultistepOptions),
  variational: description => variational(rebuilt(description) as VariationalOptions),
  cycled: ({ of, ...options }) =>
    cycled(solver(of as SolverDescription), options as unknown as CyclesOptions),
  cfl({ fraction, noise, settle, schedule: times, steps }) {
    const within = times
      ? { times: schedule(times as ScheduleDescription), steps: steps as number }
      : undefined
    const told = { fraction, noise, settle } as CflOptions
    return cfl({ ...told, schedule: within })
  },
}

/** The options of a description, with the schedule that it describes where there is one. */
function rebuilt(description: SolverDescription): object {
  const { schedule: times } = description
  return { ...description, ...(times ? { schedule: schedule(times as ScheduleDescription) } : {}) }
}

/** Rebuilds a solver from its plain description. Throws RangeError for an unknown kind. */
export function solver(description: SolverDescription): Solver {
  demandGiven('rebuild the solver', { description }, { description: { kind: 'text' } })
  const { kind } = description
  if (!Object.hasOwn(builders, kind))
    throw new RangeError(
      cannot('rebuild the solver', 'its kind', `one of ${Object.keys(builders).join(', ')}`, kind),
    )
  return builders[kind](description)
}
