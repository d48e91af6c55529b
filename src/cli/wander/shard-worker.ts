/** Worker: one shard of the units of a walk. */
import { parentPort, workerData } from 'node:worker_threads'
import { finish } from '../../base/work.ts'
import { wander } from '../../physics/wander.ts'

const result = finish(wander(workerData))
parentPort?.postMessage(
  result,
  [result.counts, result.gone, result.unborn, result.left, result.exit].map(
    ({ buffer }) => buffer as ArrayBuffer,
  ),
)
