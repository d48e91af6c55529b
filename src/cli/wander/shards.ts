/** A walk on several threads: the units in shards, and their sums. */
import { Worker } from 'node:worker_threads'
import { Cancelled } from '../../base/errors.ts'
import { drive } from '../../base/work.ts'
import { demandKept, type Wandered, type Wandering, wander } from '../../physics/wander.ts'

export interface ShardsOptions {
  readonly workers: number
  readonly signal?: AbortSignal
  readonly onProgress?: (share: number) => void
}

/** Shards are small, so that progress shows and no thread waits long for the last one. */
const perWorker = 8

/** Lets all units wander; the result has the same bytes for any number of workers. */
export async function wanderOn(run: Wandering, options: ShardsOptions): Promise<Wandered> {
  const { workers, signal, onProgress } = options
  if (workers === 1) return drive(wander(run), { signal, onProgress })
  const many = Math.max(1, Math.min(run.units, workers * perWorker))
  const edge = (k: number) => Math.floor((run.units * k) / many)
  const sum = empty(run)
  let [next, done] = [0, 0]
  const lane = async () => {
    while (next < many) {
      const k = next++
      const shard = [edge(k), edge(k + 1)] as const
      add(sum, await inWorker({ ...run, shard }, signal), edge(k))
      onProgress?.(++done / many)
    }
  }
  await Promise.all(Array.from({ length: workers }, lane))
  demandKept(sum, run.units)
  return sum
}

function inWorker(run: Wandering, signal?: AbortSignal): Promise<Wandered> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) throw new Cancelled('The walk was stopped')
    const worker = new Worker(new URL('./shard-worker.js', import.meta.url), { workerData: run })
    const stop = () => {
      worker.terminate()
      reject(new Cancelled('The walk was stopped'))
    }
    signal?.addEventListener('abort', stop, { once: true })
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', () => signal?.removeEventListener('abort', stop))
  })
}

function empty({ network, units, times = [] }: Wandering): Wandered & { events: number } {
  return {
    counts: new Int32Array(times.length * network.nodes),
    gone: new Int32Array(times.length * network.exits.length),
    unborn: new Int32Array(times.length),
    left: new Float64Array(units),
    exit: new Int8Array(units),
    events: 0,
  }
}

function add(sum: Wandered & { events: number }, part: Wandered, from: number): void {
  for (const name of ['counts', 'gone', 'unborn'] as const)
    for (let i = 0; i < sum[name].length; i++) sum[name][i] += part[name][i]
  sum.left.set(part.left, from)
  sum.exit.set(part.exit, from)
  sum.events += part.events
}
