/** Worker: a rank of a training run, which computes the gradients of its micro-batches. */
import { parentPort, workerData } from 'node:worker_threads'
import { type RankWork, rank } from '../jobs/train/rank-work.ts'
import { onnxruntimeNode } from '../runtime/onnxruntime-node.ts'
import type { At } from '../training/ranks.ts'

/** What the thread is started with. */
export interface RankData extends RankWork {
  readonly rank: number
  readonly size: number
}

const { rank: number, size, ...work } = workerData as RankData
const computing = rank(work, { runtime: onnxruntimeNode(), rank: number, size })

parentPort?.on('message', async (question: At | 'end') => {
  const { own, close } = await computing
  if (question === 'end') {
    await close()
    parentPort?.close()
    return
  }
  const sums = await own(question)
  parentPort?.postMessage(sums, [sums.buffer as ArrayBuffer])
})
