/** Draws the images of a drawing, tile by tile, by as many painters as there are. */
import { Cancelled } from '../../base/errors.ts'
import type { Context } from '../context.ts'
import { type Drawing, type Painter, painter, type TileProgress, tilesOf } from './drawing.ts'
import { blankFilm, type Film } from './film.ts'
import { callsOf } from './restored.ts'

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
export async function draw(drawing: Drawing, context: Context): Promise<Drawn> {
  const { runtime, painters: hire, rebuild, signal, threads, onStep } = context
  const { masses, description, frames = [] } = drawing
  const tiles = tilesOf(drawing)
  const size = description.task.shape.reduce((product, length) => product * length, 1)
  const counts = new Int32Array(masses.length * size)
  const seen = blankFilm({ images: masses.length, frames: frames.length, size })
  const progressOf = gathered(drawing, context)
  if (signal?.aborted) throw cancelled(signal)
  // Threads know no process but those of the house.
  const painters = (rebuild ? undefined : hire?.(drawing, tiles)) ?? [
    await painter(drawing, runtime, { rebuild, threads, onStep }),
  ]
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

/** The end that a signal asks for, with its reason. */
const cancelled = (signal: AbortSignal) => new Cancelled('Drawing was cancelled', { cause: signal.reason })

/** The progress of all tiles from that of each: network calls, or images where nobody knows how many calls it takes. */
function gathered(drawing: Drawing, { onProgress }: Context): () => TileProgress | undefined {
  const perTile = callsOf(drawing)
  const { length: images } = drawing.masses
  const calls = perTile && perTile * tilesOf(drawing)
  const done = { calls: 0, images: 0 }
  return () => {
    if (!onProgress) return undefined
    const before = { calls: 0, images: 0 }
    return now => {
      done.calls += now.calls - before.calls
      done.images += now.images - before.images
      Object.assign(before, now)
      if (calls === undefined) onProgress({ done: done.images, total: images })
      else onProgress({ done: done.calls, total: calls, words: `${done.images}/${images} images` })
    }
  }
}
