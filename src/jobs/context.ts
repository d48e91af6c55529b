/** What a job is run with: whatever the door has. */
import type { Rebuild } from '../process/index.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { Ranks } from '../training/ranks.ts'
import type { Drawing, Onlooker, Painter } from './draw/drawing.ts'
import type { Files } from './files.ts'
import type { BatchData, BatchSource } from './train/batch-source.ts'
import type { RankWork } from './train/rank-work.ts'

export interface Progress {
  /** Done of `total`, in one unit or another: network calls where they are known beforehand. */
  readonly done: number
  readonly total: number
  /** A few words on how it goes: `3/16 images`. */
  readonly words?: string
}

export interface Context {
  readonly runtime: Runtime
  readonly files: Files
  /** Ends the work with `Cancelled`. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: Progress) => void
  /** Sees the images on their way, as long as they are painted in this thread. */
  readonly onStep?: Onlooker
  /** Builds the process of a model; a function of your own for processes of your own. Default: those of `process`. */
  readonly rebuild?: Rebuild
  /** Takes a sentence that the user should know, each once. Default: nobody listens. */
  readonly say?: (sentence: string) => void
  /** Whoever draws the tiles of a drawing side by side, for at most so many tiles. Default: one, in this thread. */
  readonly painters?: (drawing: Drawing, tiles: number) => readonly Painter[]
  /** Who draws the batches of a training run ahead of its steps. Default: this thread, between them. */
  readonly batches?: (data: BatchData) => BatchSource
  /** Bytes that what is drawn may take; default: 8 GiB. */
  readonly memory?: number
  /** Who computes the gradients of a training run; their number changes no bit. Default: one, with threads as it likes. */
  readonly ranks?: (work: RankWork) => Ranks | Promise<Ranks>
  /** Threads of the processor for one network; default: the runtime's own choice. */
  readonly threads?: number
}
