/** Draws images on worker threads, or on another device from this thread. */
import { availableParallelism } from 'node:os'
import { Cancelled } from '../base/errors.ts'
import { type Device, onnxruntimeNode } from '../runtime/onnxruntime-node.ts'
import { type SampleProgress, solver } from '../sampling/index.ts'
import { type Drawing, type Painter, painter, type TileProgress, tilesOf } from './drawing.ts'
import { blankFilm, type Film } from './movie-frames.ts'
import { painterThread } from './painter-thread.ts'

export interface DrawOptions {
  /** Default: the processor. */
  readonly device?: Device
  /** Threads of the processor, each with a network of its own; default: its cores. Never more than tiles. */
  readonly workers?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: SampleProgress) => void
}

export interface Drawn {
  /** [N, C, H, W]; the same bytes for any number of workers. */
  readonly counts: Int32Array
  /** The images on their way, at the times asked for. */
  readonly seen: Film
  readonly fingerprint: string
}

/**
 * Draws the images of a drawing. Throws Cancelled when `signal` asked for an end, RangeError where the model does not
 * take what it is to be told, and an Error of one line where a worker cannot go on.
 */
export async function draw(drawing: Drawing, options: DrawOptions = {}): Promise<Drawn> {
  const { device = 'cpu', workers = availableParallelism(), signal } = options
  const { masses, description, frames = [] } = drawing
  const tiles = tilesOf(drawing)
  const size = description.task.shape.reduce((product, length) => product * length, 1)
  const counts = new Int32Array(masses.length * size)
  const seen = blankFilm({ images: masses.length, frames: frames.length, size })
  const progressOf = gathered(drawing, options)
  if (signal?.aborted) throw new Cancelled('Drawing was cancelled')
  const painters =
    device === 'cpu'
      ? Array.from({ length: Math.max(1, Math.min(workers, tiles)) }, () => painterThread(drawing))
      : [await painter(drawing, onnxruntimeNode(device))]
  const end = () => Promise.all(painters.map(one => one.end()))
  const stop = () => void end().catch(() => {})
  signal?.addEventListener('abort', stop)
  let next = 0
  let print: Promise<string> | undefined
  async function work({ paint, fingerprint }: Painter): Promise<string> {
    for (let tile = next++; tile < tiles; tile = next++) {
      const painted = await paint(tile, progressOf())
      counts.set(painted.counts, tile * description.tile * size)
      seen.counts.set(painted.seen.counts, tile * description.tile * frames.length * size)
      seen.times.set(painted.seen.times, tile * description.tile * frames.length)
    }
    // The first with nothing left to do tells the numerics.
    print ??= fingerprint()
    return print
  }
  try {
    const [first] = await Promise.all(painters.map(work))
    return { counts, seen, fingerprint: first }
  } finally {
    signal?.removeEventListener('abort', stop)
    await end()
  }
}

/** The progress of all tiles from that of each. */
function gathered(drawing: Drawing, { onProgress }: DrawOptions): () => TileProgress | undefined {
  const { calls: perTile } = solver(drawing.solver)
  const expectedCalls = perTile && perTile * tilesOf(drawing)
  const done = { calls: 0, images: 0 }
  return () => {
    if (!onProgress) return undefined
    const before = { calls: 0, images: 0 }
    return ({ calls, images }) => {
      done.calls += calls - before.calls
      done.images += images - before.images
      Object.assign(before, { calls, images })
      onProgress({ ...done, expectedCalls, total: drawing.masses.length })
    }
  }
}
