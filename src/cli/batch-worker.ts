/** Worker: draws corrupted batches for the steps it is asked for. */
import { parentPort, workerData } from 'node:worker_threads'
import { type BoundaryName, lattice } from '../lattice/index.ts'
import { type ProcessDescription, process as processOf } from '../process/index.ts'
import { type ScheduleDescription, schedule } from '../schedule/index.ts'
import { type BatchOptions, batches } from '../training/batches.ts'
import { scenes } from '../training/masks.ts'
import { imageSource, type SourceDescription } from '../training/sources.ts'

/** What the worker is started with; the images lie in shared memory. */
export interface BatchWorkerData extends Omit<BatchOptions, 'process' | 'schedule' | 'scene' | 'source'> {
  readonly process: ProcessDescription
  readonly source: SourceDescription
  /** Where units walk in random holes: the lattice, and how many holes there are. */
  readonly holes?: {
    readonly lengths: readonly number[]
    readonly boundary: BoundaryName
    readonly count: number
  }
  readonly schedule: ScheduleDescription
}

const data = workerData as BatchWorkerData
const { holes, seed } = data
const walk = processOf(data.process)
const scene =
  holes &&
  scenes({
    lattice: lattice(holes.lengths, holes.boundary),
    channels: walk.channels,
    seed,
    count: holes.count,
  })
const next = batches({
  ...data,
  process: walk,
  source: imageSource(data.source, seed),
  schedule: schedule(data.schedule),
  scene,
})

parentPort?.on('message', (step: number) => {
  const feeds = next(step)
  parentPort?.postMessage(
    { step, feeds },
    Object.values(feeds).map(({ data }) => data.buffer as ArrayBuffer),
  )
})
