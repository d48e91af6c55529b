/** What the worker holds between questions, and how it shows what it makes. */
import type { Context } from '../../src/jobs/context.ts'
import type { Files } from '../../src/jobs/files.ts'
import type { Look as Looked } from '../../src/jobs/look/look.ts'
import { massesOf } from '../../src/jobs/masses.ts'
import type { Opened, PageOptions, Samples } from '../../src/web.ts'
import { type Look, pixelsOf } from '../paint.ts'
import type { Asked, Drawn, Seen, State } from '../protocol.ts'

/** What a job is watched by. */
export interface Watch extends Required<Pick<Context, 'signal' | 'onProgress' | 'say'>> {
  see(seen: Seen, transfer?: Transferable[]): void
}

/** A model that is open, and what it was opened from. */
export interface Model {
  readonly opened: Opened<PageOptions>
  readonly bytes: Uint8Array
  /** In WebAssembly, for where the graphics processor fails. */
  fallback(): Promise<Opened<PageOptions>>
}

export const held: {
  model?: Model
  samples?: Samples
  completed?: Samples
  scan?: Looked & { readonly files: Files; readonly path: string }
  stop?: AbortController
} = {}

/** How images of a model are shown: their shape, the count that is white, and of a material what its units are. */
export function lookOf({ description: { task, data } }: Opened<PageOptions>, { size }: Asked): Look {
  const [height, width = height] =
    size === undefined ? task.shape.slice(1) : String(size).split(',').map(Number)
  return {
    shape: [task.shape[0], height, width],
    white: Math.max(1, data.largest),
    units: data.material?.units,
  }
}

/** A state of an image as it is shown. */
export function stateOf(
  counts: Int32Array,
  { image, time, ...look }: Look & Pick<State, 'image' | 'time'>,
): State {
  const [masses] = massesOf({ counts, count: 1, shape: look.shape })
  return { image, time, masses, pixels: pixelsOf(counts, look), width: look.shape[2] }
}

/** Options of a job that draws: every state on its way is shown. */
export const drawingOptions = (look: Look, { signal, say, onProgress, see }: Watch) => ({
  signal,
  say,
  onProgress,
  onStep(image: number, time: number, counts: Int32Array) {
    const state = stateOf(counts, { ...look, image, time })
    see({ state }, [state.pixels.buffer])
  },
})

/** What samples are. */
export function drawnOf({ counts, shape, fractions, record, said }: Samples, look: Look): Drawn {
  const size = counts.length / shape[0]
  const states = Array.from({ length: shape[0] }, (_, image) =>
    stateOf(counts.subarray(image * size, (image + 1) * size), { ...look, image, time: 0 }),
  )
  return { states, shape, fractions, record, said }
}
