/** Worker: draws corrupted batches for the steps it is asked for. */
import { parentPort, workerData } from 'node:worker_threads'
import { type BatchData, drawer } from '../jobs/train/batch-source.ts'

// The images lie in shared memory.
const next = drawer(workerData as BatchData)

parentPort?.on('message', (step: number) => {
  const feeds = next(step)
  parentPort?.postMessage(
    { step, feeds },
    Object.values(feeds).map(({ data }) => data.buffer as ArrayBuffer),
  )
})
