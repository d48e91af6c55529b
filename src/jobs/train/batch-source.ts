/** Where the batches of a training run come from, as plain data that can be told to a worker thread. */
import { type ProcessDescription, process as processOf } from '../../process/index.ts'
import { type ScheduleDescription, schedule } from '../../schedule/index.ts'
import { type BatchOptions, batches, type Feeds } from '../../training/batches.ts'
import { imageSource, type SourceDescription } from '../../training/sources.ts'

/** What batches are drawn from. */
export interface BatchData extends Omit<BatchOptions, 'process' | 'schedule' | 'source'> {
  readonly process: ProcessDescription
  readonly source: SourceDescription
  readonly schedule: ScheduleDescription
}

export interface BatchSource {
  next(step: number): Promise<Feeds>
  close(): Promise<unknown>
}

/** Draws the batch of a step. */
export const drawer = (data: BatchData): ((step: number) => Feeds) =>
  batches({
    ...data,
    process: processOf(data.process),
    source: imageSource(data.source, data.seed),
    schedule: schedule(data.schedule),
  })

/** Batches drawn in this thread, as they are asked for. */
export function batchesHere(data: BatchData): BatchSource {
  const next = drawer(data)
  return { next: async step => next(step), close: async () => {} }
}
