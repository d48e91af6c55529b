/** Batches drawn ahead of the training loop by a worker thread, so that the network never waits. */
import { Worker } from 'node:worker_threads'
import type { BatchData, BatchSource } from '../jobs/train/batch-source.ts'
import type { Feeds } from '../training/batches.ts'

/** Keeps `depth` batches drawn or being drawn, from the step asked for onwards. */
export function batchesAhead(workerData: BatchData, { depth = 4 }: { depth?: number } = {}): BatchSource {
  const worker = new Worker(new URL('./batch-worker.js', import.meta.url), { workerData })
  const ready = new Map<number, Promise<Feeds>>()
  const waiting = new Map<number, { resolve(feeds: Feeds): void; reject(error: Error): void }>()
  worker.on('message', ({ step, feeds }: { step: number; feeds: Feeds }) => {
    waiting.get(step)?.resolve(feeds)
    waiting.delete(step)
  })
  let failure: Error | undefined
  worker.on('error', error => {
    failure = error as Error
    for (const { reject } of waiting.values()) reject(failure)
    waiting.clear()
  })
  const ask = (step: number) => {
    const feeds = new Promise<Feeds>((resolve, reject) => {
      if (failure) reject(failure)
      else waiting.set(step, { resolve, reject })
    })
    feeds.catch(() => {})
    ready.set(step, feeds)
    worker.postMessage(step)
  }
  return {
    next(step) {
      for (let s = step; s < step + depth; s++) if (!ready.has(s)) ask(s)
      const feeds = ready.get(step) as Promise<Feeds>
      ready.delete(step)
      return feeds
    },
    close: () => worker.terminate(),
  }
}
