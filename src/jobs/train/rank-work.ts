/** What a rank of a training run is told, as plain data, and how it comes to its gradients. */
import type { Runtime } from '../../runtime/runtime.ts'
import { type At, pieceSums, type Sums } from '../../training/ranks.ts'
import { type BatchData, drawer } from './batch-source.ts'

export interface RankWork {
  /** The graph of the gradients of a micro-batch. */
  readonly graph: Uint8Array
  readonly batches: BatchData
  /** Micro-batches of a step, of all ranks together. */
  readonly pieces: number
}

/** A network has one thread on every rank: bits must not depend on how many ranks there are. */
export const rankThreads = 1

/** A rank in this thread. */
export async function rank(
  { graph, batches, pieces }: RankWork,
  { runtime, rank, size }: { readonly runtime: Runtime; readonly rank: number; readonly size: number },
): Promise<{ own(at: At): Promise<Sums>; close(): Promise<unknown> }> {
  const gradients = await runtime.compile(graph, { threads: rankThreads })
  const draw = drawer(batches)
  const own = pieceSums({ gradients, next: async piece => draw(piece), pieces, rank, size })
  return { own, close: () => gradients.release() }
}
