/** The solver that a job asks for. */
import { refused } from '../../base/errors.ts'
import type { ModelDescription } from '../../model/description.ts'
import { process as processOf, type Rebuild } from '../../process/index.ts'
import { type SolverDescription, solver } from '../../sampling/index.ts'
import type { DrawingJob } from '../generate/fields.ts'

type Kind = NonNullable<DrawingJob['solver']>

/** Fields that only some solvers know. */
const ofSome = {
  calls: ['ancestral', 'multistep'],
  damping: ['multistep'],
  cfl: ['cfl'],
} as const satisfies Partial<Record<keyof DrawingJob, readonly Kind[]>>

/** The solver that suits the model where none is named: of few calls another one than of many, if the model says so. */
function usual(
  { sampling, few }: ModelDescription,
  { solver: named, calls }: Partial<DrawingJob>,
): SolverDescription {
  return few && named === undefined && calls !== undefined && calls <= Number(few.calls) ? few : sampling
}

/**
 * What a job leaves open is as the model has it. The labels of a material end with one decision on all of them by any
 * solver. @throws UsageError for a field of another solver
 */
export function solverOf(
  job: Partial<DrawingJob>,
  description: ModelDescription,
  rebuild: Rebuild = processOf,
): SolverDescription {
  const { data, process, task } = description
  const sampling = usual(description, job)
  const { solver: named, calls, noise, damping, cfl: fraction } = job
  const kind = named ?? (sampling.kind as Kind)
  for (const [field, solvers] of Object.entries(ofSome)) {
    const value = job[field as keyof typeof ofSome]
    if (value !== undefined && !(solvers as readonly Kind[]).includes(kind))
      throw refused('draw', field, `left out with the solver ${kind}`, value)
  }
  if (noise !== undefined && rebuild(process).motion === 0)
    throw refused('draw', 'noise', 'left out with a model whose units do not walk', noise)
  if (kind === 'multistep' && task.noise !== undefined)
    throw refused(
      'draw',
      'solver',
      'another than multistep with this model, which draws each origin anew',
      kind,
    )
  if (kind === 'cfl' && sampling.kind !== kind && 'schedule' in sampling)
    throw refused(
      'draw',
      'solver',
      'another than cfl with this model, whose calls have times of their own',
      kind,
    )
  const told = { calls, noise, damping, fraction }
  const given = Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined))
  const settle = kind === 'cfl' ? data.material !== undefined : sampling.settle
  return solver({ ...sampling, ...given, settle, kind }).description
}
