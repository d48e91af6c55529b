/** Batches drawn ahead of the training loop by a worker thread, so that the network never waits. */
import { Worker } from 'node:worker_threads'
import type { Feeds } from '../training/batches.ts'
import type { BatchWorkerData } from './batch-worker.ts'

export interface BatchSource {
  next(step: number): Promise<Feeds>
  close(): Promise<number>
}

/** Keeps `depth` batches drawn or being drawn, from the step asked for onwards. */
export function batchesAhead(
  workerData: BatchWorkerData,
  { depth = 4 }: { depth?: number } = {},
): BatchSource {
  const worker = new Worker(new URL('./batch-worker.js', import.meta.url), { workerData })
  const ready = new Map<number, Promise<Feeds>>()
  const waiting = new Map<number, (feeds: Feeds) => void>()
  let failed: (error: Error) => void = () => {}
  const failure = new Promise<never>((_, reject) => {
    failed = reject
  })
  failure.catch(() => {})
  worker.on('message', ({ step, feeds }: { step: number; feeds: Feeds }) => {
    waiting.get(step)?.(feeds)
    waiting.delete(step)
  })
  worker.on('error', error => failed(error as Error))
  const ask = (step: number) => {
    ready.set(step, new Promise(resolve => waiting.set(step, resolve)))
    worker.postMessage(step)
  }
  return {
    next(step) {
      for (let s = step; s < step + depth; s++) if (!ready.has(s)) ask(s)
      const feeds = ready.get(step) as Promise<Feeds>
      ready.delete(step)
      return Promise.race([feeds, failure])
    },
    close: () => worker.terminate(),
  }
}
