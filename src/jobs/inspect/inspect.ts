/** The job `inspect`: what a model has learned and what not, by measures that need no other model. */
import { UsageError } from '../../base/errors.ts'
import type { LoopRow } from '../../inspection/index.ts'
import type { Context } from '../context.ts'
import { type InspectJob, type MeasureName, measureNames } from './fields.ts'
import {
  type DimensionRow,
  dimensionsOf,
  type Gap,
  gapOf,
  loopsOf,
  type ScaleTable,
  scalesOf,
} from './measures.ts'
import { attributesOf, type ProbeTable, type Probing, probesOf } from './probes.ts'
import { type Subject, subjectOf } from './subject.ts'

/** What was found; a measure that the model or the data do not allow is left out. */
export interface Inspection {
  readonly model: string
  /** Where the images come from, and how many there are. */
  readonly images: { readonly from: string; readonly count: number }
  readonly conservativity?: readonly LoopRow[]
  readonly dimension?: readonly DimensionRow[]
  readonly scales?: ScaleTable
  readonly gap?: Gap
  readonly probe?: ProbeTable
}

/** Inspects a model. @throws RangeError for images that are not the model's, UsageError, Cancelled */
export async function inspect(job: InspectJob, context: Context): Promise<Inspection> {
  const { only = measureNames, attributes, data } = job
  if (attributes !== undefined && data === undefined)
    throw new UsageError('Cannot inspect: data must be given where attributes are, got nothing', {
      field: 'data',
    })
  const subject = await subjectOf(job, context)
  try {
    const known = attributesOf(subject, job, context)
    const found: Record<string, unknown> = {}
    for (const [i, name] of only.entries()) {
      const tell = (share: number) =>
        context.onProgress?.({ done: Math.floor(100 * (i + share)), total: 100 * only.length, words: name })
      found[name] = await measures[name](subject, job, { known, context, tell })
      tell(1)
    }
    const { name, images, own } = subject
    return { model: name, images: { from: own ? 'samples' : String(data), count: images.count }, ...found }
  } finally {
    await subject.program.release()
  }
}

type Measure = (subject: Subject, job: InspectJob, how: Probing) => Promise<unknown>

const measures: Readonly<Record<MeasureName, Measure>> = {
  conservativity: async (subject, job, { tell }) =>
    subject.process.reached ? loopsOf(subject, job, tell) : undefined,
  dimension: (subject, job, { tell }) => dimensionsOf(subject, job, tell),
  scales: async (subject, job) => scalesOf(subject, job),
  gap: (subject, job, { context, tell }) => gapOf(subject, job, context, tell),
  probe: (subject, job, how) => probesOf(subject, job, how),
}
