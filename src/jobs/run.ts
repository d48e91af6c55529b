/** Any job, by its kind: how a record, a file of JSON or a link is run. */
import { cannot, UsageError } from '../base/errors.ts'
import { completePlan } from './complete/complete.ts'
import { completeSchema } from './complete/fields.ts'
import type { Context } from './context.ts'
import { generateSchema } from './generate/asking.ts'
import { generatePlan } from './generate/generate.ts'
import type { Plan } from './generate/samples.ts'
import { restoreSchema } from './restore/fields.ts'
import { restorePlan } from './restore/restore.ts'
import { checked } from './schema.ts'

type Planned = Pick<Context, 'files' | 'say'>

/** Jobs that draw: each checks plain data, and plans what they ask for. */
const kinds: Readonly<Record<string, (data: object, context: Planned) => Plan | Promise<Plan>>> = {
  generate: (data, context) => generatePlan(checked('run the job', generateSchema, data), context),
  complete: (data, context) => completePlan(checked('run the job', completeSchema, data), context),
  restore: (data, context) => restorePlan(checked('run the job', restoreSchema, data), context),
}

/** The plan of a job that is plain data. @throws UsageError naming what is wrong with it */
export async function planOf(job: unknown, context: Planned): Promise<Plan> {
  const { kind } = (typeof job === 'object' && job !== null ? job : {}) as { kind?: unknown }
  const known = Object.keys(kinds)
  if (typeof kind !== 'string' || !Object.hasOwn(kinds, kind))
    throw new UsageError(cannot('run the job', 'its kind', `one of ${known.join(', ')}`, kind))
  return kinds[kind](job as object, context)
}
