/** What a machine with Node gives to jobs: its files, ONNX Runtime, and threads that draw. */
import { availableParallelism, totalmem } from 'node:os'
import { demandGiven } from '../base/given.ts'
import type { Context } from '../jobs/context.ts'
import type { Files } from '../jobs/files.ts'
import { type Device, onnxruntimeNode } from '../runtime/onnxruntime-node.ts'
import type { Ranks } from '../training/ranks.ts'
import { batchesAhead } from './batch-ahead.ts'
import { isFolder, readBytes } from './files.ts'
import { filesBelow } from './folders.ts'
import { modelBytes } from './models.ts'
import { painterThread } from './painter-thread.ts'
import { rankThreads } from './rank-threads.ts'

/** The files of this machine, paths as the shell has them; models by path, or by the name of a shipped one. */
export const machineFiles: Files = {
  read: readBytes,
  below: path => (isFolder(path) ? filesBelow(path) : undefined),
  model: modelBytes,
}

export interface MachineOptions extends Pick<Context, 'signal' | 'onProgress' | 'say' | 'threads'> {
  /** Default: the processor. */
  readonly device?: Device
  /** Threads of the processor that draw, each with a network of its own; default: its cores. They change no byte. */
  readonly workers?: number
  /** Ranks of a training run: so many threads, or those of `mpi()`; they change no byte. Default: one, of many threads. */
  readonly ranks?: number | Ranks
}

/** What a job is run with on this machine. */
export function machine(options: MachineOptions = {}): Context {
  demandGiven('use this machine', { options }, { options: 'object' })
  const { device = 'cpu', workers = availableParallelism(), ranks, ...watching } = options
  const runtime = onnxruntimeNode(device)
  const { note } = runtime
  return {
    runtime: {
      ...runtime,
      // Said where it matters: when a network is asked for.
      compile(model, options) {
        if (note) watching.say?.(note)
        return runtime.compile(model, options)
      },
    },
    files: machineFiles,
    memory: totalmem(),
    ...watching,
    batches: batchesAhead,
    ...(ranks !== undefined && {
      ranks: work => (typeof ranks === 'number' ? rankThreads(work, ranks) : ranks),
    }),
    ...(device === 'cpu' && {
      painters: (drawing, tiles) =>
        Array.from({ length: Math.max(1, Math.min(workers, tiles)) }, () => painterThread(drawing)),
    }),
  }
}
