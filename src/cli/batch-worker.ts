/** Worker: draws corrupted batches for the steps it is asked for. */
import { parentPort, workerData } from 'node:worker_threads'
import { type ProcessDescription, process as processOf } from '../process/index.ts'
import { type ScheduleDescription, schedule } from '../schedule/index.ts'
import { type BatchOptions, batches } from '../training/batches.ts'
import { imageSource, type SourceDescription } from '../training/sources.ts'

/** What the worker is started with; the images lie in shared memory. */
export interface BatchWorkerData extends Omit<BatchOptions, 'process' | 'schedule' | 'source'> {
  readonly process: ProcessDescription
  readonly source: SourceDescription
  readonly schedule: ScheduleDescription
}

const data = workerData as BatchWorkerData
const next = batches({
  ...data,
  process: processOf(data.process),
  source: imageSource(data.source, data.seed),
  schedule: schedule(data.schedule),
})

parentPort?.on('message', (step: number) => {
  const feeds = next(step)
  parentPort?.postMessage(
    { step, feeds },
    Object.values(feeds).map(({ data }) => data.buffer as ArrayBuffer),
  )
})
