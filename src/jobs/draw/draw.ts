/** Draws the images of a drawing, tile by tile, by as many painters as there are. */
import { Cancelled } from '../../base/errors.ts'
import { solver } from '../../sampling/index.ts'
import type { Context } from '../context.ts'
import { type Drawing, imagesOf, type Painter, painter, type TileProgress, tilesOf } from './drawing.ts'
import { blankFilm, type Film } from './film.ts'

export interface Drawn {
  /** [N, C, H, W], of a shard its images alone; the same bytes for any number of workers. */
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
  const { description, frames = [] } = drawing
  const { tile: batch } = description
  const [from, past] = drawing.tiles ?? [0, tilesOf(drawing)]
  const [begin, end] = imagesOf(drawing)
  const size = description.task.shape.reduce((product, length) => product * length, 1)
  const counts = new Int32Array((end - begin) * size)
  const seen = blankFilm({ images: end - begin, frames: frames.length, size })
  const progressOf = gathered(drawing, { ...context, perTile: await callsOf(drawing) })
  if (signal?.aborted) throw cancelled(signal)
  // Threads know no process but those of the house.
  const painters = (rebuild ? undefined : hire?.(drawing, past - from)) ?? [
    await painter(drawing, runtime, { rebuild, threads, onStep }),
  ]
  const close = () => Promise.all(painters.map(one => one.end()))
  const stop = () => void close().catch(() => {})
  signal?.addEventListener('abort', stop)
  let next = from
  let print: Promise<string> | undefined
  async function work({ paint, fingerprint }: Painter): Promise<string> {
    for (let tile = next++; tile < past; tile = next++) {
      const painted = await paint(tile, progressOf())
      const at = tile * batch - begin
      counts.set(painted.counts, at * size)
      seen.counts.set(painted.seen.counts, at * frames.length * size)
      seen.times.set(painted.seen.times, at * frames.length)
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
    await close()
  }
}

/** The end that a signal asks for, with its reason. */
const cancelled = (signal: AbortSignal) => new Cancelled('Drawing was cancelled', { cause: signal.reason })

/** The calls of a tile, where they are known beforehand. */
const callsOf = async (drawing: Drawing): Promise<number | undefined> =>
  drawing.restoration ? (await import('./restored.ts')).callsOf(drawing) : solver(drawing.solver).calls

/** The progress of all tiles from that of each: network calls, or images where nobody knows how many calls it takes. */
function gathered(
  drawing: Drawing,
  { onProgress, perTile }: Pick<Context, 'onProgress'> & { readonly perTile: number | undefined },
): () => TileProgress | undefined {
  const [begin, end] = imagesOf(drawing)
  const images = end - begin
  const calls = perTile && perTile * Math.ceil(images / drawing.description.tile)
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
