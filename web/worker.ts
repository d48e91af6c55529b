/** The worker of the studio: opens models and runs jobs, one at a time. It has no thought of its own. */
import mjs from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url'
import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url'
import { Cancelled } from '../src/base/errors.ts'
import { massesOf } from '../src/jobs/masses.ts'
import { type Opened, open, type PageOptions, page, type Samples } from '../src/web.ts'
import { pixelsOf } from './paint.ts'
import type { Answer, Asked, ModelPlace, Question, State } from './protocol.ts'

const assets = { mjs: new URL(mjs, import.meta.url).href, wasm: new URL(wasm, import.meta.url).href }

/** What the worker holds between questions. */
const held: { model?: Opened<PageOptions>; samples?: Samples; stop?: AbortController } = {}

const answer = (said: Answer, transfer: Transferable[] = []) => self.postMessage(said, { transfer })

async function opening({ name, from }: ModelPlace): Promise<void> {
  held.model = await open(from, { name, assets })
  answer({ verb: 'opened', description: held.model.description, threads: page().threads ?? 1 })
}

async function generating(asked: Asked): Promise<void> {
  const { model } = held
  if (!model) return
  const stop = new AbortController()
  held.stop = stop
  const look = lookOf(model, asked)
  const samples = await model.generate({
    ...asked,
    signal: stop.signal,
    say: sentence => answer({ verb: 'said', sentence }),
    onStep(image, time, counts) {
      const state = stateOf(counts, { ...look, image, time })
      answer({ verb: 'state', state }, [state.pixels.buffer])
    },
    onProgress: progress => answer({ verb: 'progress', progress }),
  })
  held.samples = samples
  const { counts, shape, fractions, record, said } = samples
  const size = counts.length / shape[0]
  const states = Array.from({ length: shape[0] }, (_, image) =>
    stateOf(counts.subarray(image * size, (image + 1) * size), { ...look, image, time: 0 }),
  )
  const buffers = states.map(({ pixels }) => pixels.buffer)
  answer({ verb: 'drawn', drawn: { states, shape, fractions, record, said } }, buffers)
}

/** How images of a model are shown: their shape, the count that is white, and of a material what its units are. */
function lookOf({ description: { task, data } }: Opened<PageOptions>, { size }: Asked) {
  const [height, width = height] =
    size === undefined ? task.shape.slice(1) : String(size).split(',').map(Number)
  return {
    shape: [task.shape[0], height, width] as const,
    white: Math.max(1, data.largest),
    units: data.material?.units,
  }
}

type Look = ReturnType<typeof lookOf> & Pick<State, 'image' | 'time'>

function stateOf(counts: Int32Array, { image, time, ...look }: Look): State {
  const [masses] = massesOf({ counts, count: 1, shape: look.shape })
  return { image, time, masses, pixels: pixelsOf(counts, look), width: look.shape[2] }
}

function filing(name: string): void {
  if (held.samples) answer({ verb: 'files', files: held.samples.files(name) })
}

self.addEventListener('message', async ({ data }: MessageEvent<Question>) => {
  try {
    if (data.verb === 'open') await opening(data.place)
    else if (data.verb === 'generate') await generating(data.asked)
    else if (data.verb === 'files') filing(data.name)
    else held.stop?.abort()
  } catch (error) {
    const { message } = error instanceof Error ? error : new Error(String(error))
    answer({ verb: 'failed', message, cancelled: error instanceof Cancelled })
  }
})
