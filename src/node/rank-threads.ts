/** The ranks of a training run as threads of this process: this one is the first. */
import { Worker } from 'node:worker_threads'
import { cannot } from '../base/errors.ts'
import type { RankWork } from '../jobs/train/rank-work.ts'
import { addSums } from '../training/exact-sum.ts'
import type { At, Ranks, Sums } from '../training/ranks.ts'
import type { RankData } from './rank-worker.ts'

/** Starts the threads of all ranks but the first. */
export function rankThreads(work: RankWork, size: number): Ranks {
  const others = Array.from({ length: size - 1 }, (_, i) => rankThread({ ...work, rank: i + 1, size }))
  return {
    rank: 0,
    size,
    async sum(at, own) {
      const theirs = others.map(({ ask }) => ask(at))
      for (const sums of theirs) sums.catch(() => {})
      const sums = await own(at)
      for (const other of await Promise.all(theirs)) addSums(sums, other)
      return sums
    },
    close: () => Promise.all(others.map(({ end }) => end())),
  }
}

function rankThread(workerData: RankData): { ask(at: At): Promise<Sums>; end(): Promise<void> } {
  const worker = new Worker(new URL('./rank-worker.js', import.meta.url), { workerData })
  let waiting: { resolve(sums: Sums): void; reject(error: Error): void } | undefined
  let gone: Error | undefined
  const fail = (reason: string) => {
    gone ??= new Error(
      cannot('train', `the thread of rank ${workerData.rank}`, 'alive', reason.split('\n')[0]),
    )
    waiting?.reject(gone)
  }
  worker.on('message', (sums: Sums) => waiting?.resolve(sums))
  worker.on('error', error => fail((error as Error).message))
  const ended = new Promise<void>(resolve => {
    worker.on('exit', status => {
      fail(`exit status ${status}`)
      resolve()
    })
  })
  return {
    ask: at =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject }
        if (gone) reject(gone)
        else worker.postMessage(at)
      }),
    end() {
      worker.postMessage('end')
      return ended
    },
  }
}
