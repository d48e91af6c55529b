/** The state of the studio, and what is done with it. */
import { batch, computed, signal } from '@preact/signals'
import type { Progress } from '../src/jobs/context.ts'
import type { OutFile } from '../src/jobs/files.ts'
import type { ModelDescription } from '../src/model/description.ts'
import { client } from './client.ts'
import { askedBy, jobOf, linkOf } from './link.ts'
import type { Answer, Asked, Drawn, ModelPlace, State } from './protocol.ts'

/** The models that come with the studio, by their names. */
const addresses = import.meta.glob<string>(['../models/*.onnx', '!../models/*classifier*'], {
  query: '?url',
  import: 'default',
  eager: true,
})

export const models: readonly ModelPlace[] = Object.entries(addresses).map(([path, address]) => ({
  name: path.replace(/^.*\/|\.onnx$/g, ''),
  from: new URL(address, location.href).href,
}))

/** Most pixels of the frames that are kept of a drawing. */
const room = 2 ** 25

/** What is asked for, as it stands in the form. */
export const asked = signal<Asked>({ model: 'mnist', count: 16, seed: 0 })
export const own = signal<readonly ModelPlace[]>([])
export const description = signal<ModelDescription | undefined>(undefined)
export const threads = signal(1)
export const running = signal(false)
/** A job that was cancelled is not out of the worker yet. */
export const stopping = signal(false)
export const progress = signal<Progress | undefined>(undefined)
/** Seconds left of the drawing, where it is known. */
export const left = signal<number | undefined>(undefined)
/** Every state of every image, in the order of the steps. */
export const films = signal<readonly (readonly State[])[]>([])
export const drawn = signal<Drawn | undefined>(undefined)
/** What went wrong, and what should be known, in a sentence each. */
export const trouble = signal('')
export const news = signal('')
/** The image whose walk is shown. */
export const chosen = signal(0)

export const places = computed(() => [...models, ...own.value])

const kept = { pixels: 0, began: 0, waiting: [] as State[] }

const worker = client({ onAnswer, onAnew: () => openModel(String(asked.value.model)) })

function onAnswer(answer: Answer): void {
  batch(() => {
    if (answer.verb === 'drawn' || answer.verb === 'failed') stopping.value = false
    if (answer.verb === 'opened') {
      description.value = answer.description
      threads.value = answer.threads
    } else if (answer.verb === 'progress' && running.value) onProgress(answer.progress)
    else if (answer.verb === 'state' && running.value) onState(answer.state)
    else if (answer.verb === 'drawn' && running.value) {
      showStates()
      running.value = false
      drawn.value = answer.drawn
      films.value = films.value.map((film, i) => [...film.slice(0, -1), answer.drawn.states[i]])
      news.value = `Done: ${answer.drawn.said}`
    } else if (answer.verb === 'files') answer.files.forEach(save)
    else if (answer.verb === 'said') news.value = answer.sentence
    else if (answer.verb === 'failed') onFailed(answer)
  })
}

function onFailed({ message, cancelled }: Extract<Answer, { verb: 'failed' }>): void {
  running.value = false
  if (!cancelled) trouble.value = message
}

function onProgress(now: Progress): void {
  progress.value = now
  const seconds = (performance.now() - kept.began) / 1000
  left.value = now.done > 0 ? (seconds * (now.total - now.done)) / now.done : undefined
}

/** The images of a tile come one by one, and are shown together. */
function onState(state: State): void {
  if (kept.waiting.length === 0) setTimeout(showStates, 20)
  kept.waiting.push(state)
}

function showStates(): void {
  if (kept.waiting.length === 0 || !running.value) return
  const all = [...films.value]
  for (const state of kept.waiting) {
    const film = [...(all[state.image] ?? [])]
    kept.pixels += state.pixels.length / 4
    // Beyond the room the last state alone is kept.
    if (kept.pixels > room && film.length > 1) film[film.length - 1] = state
    else film.push(state)
    all[state.image] = film
  }
  kept.waiting = []
  films.value = all
}

/** Opens a model by its name. */
export function openModel(name: string): void {
  const place = places.value.find(model => model.name === name)
  description.value = undefined
  if (place) worker.ask({ verb: 'open', place })
  else
    trouble.value = `Cannot open the model: its name must be one of ${places.value.map(model => model.name).join(', ')}, got ${name}`
}

/** Another model: what was asked of the one before need not fit it. */
export function chooseModel(name: string): void {
  const { count, seed } = asked.value
  batch(() => {
    asked.value = { model: name, count, seed }
    trouble.value = ''
    drawn.value = undefined
    films.value = []
  })
  openModel(name)
}

export async function openFile(file: File): Promise<void> {
  const name = file.name.replace(/\.onnx$/i, '')
  const place = { name, from: new Uint8Array(await file.arrayBuffer()) }
  own.value = [...own.value.filter(model => model.name !== name), place]
  chooseModel(name)
}

/** Puts a value into the form; undefined or an empty text takes it out. */
export function put(name: string, value: string | number | undefined): void {
  const { [name]: _, ...others } = asked.value
  asked.value = value === undefined || value === '' ? others : { ...others, [name]: value }
}

export function generate(): void {
  if (running.value || stopping.value || !description.value) return
  trouble.value = ''
  try {
    jobOf(asked.value)
    history.replaceState(undefined, '', linkOf(asked.value))
  } catch (error) {
    trouble.value = (error as Error).message
    return
  }
  kept.pixels = 0
  kept.waiting = []
  kept.began = performance.now()
  batch(() => {
    running.value = true
    drawn.value = undefined
    progress.value = undefined
    left.value = undefined
    films.value = []
    chosen.value = 0
    news.value = 'Drawing'
  })
  worker.ask({ verb: 'generate', asked: asked.value })
}

/** No further frame is shown; the worker stops at its next call, or is ended. */
export function cancel(): void {
  if (!running.value) return
  batch(() => {
    running.value = false
    stopping.value = true
    news.value = 'Cancelled'
  })
  worker.cancel()
}

/** Asks for the samples as a file of that name, which is then saved. */
export const take = (name: string): void => worker.ask({ verb: 'files', name })

function save({ name, bytes }: OutFile): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>]))
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

/** Begins with what the link asks for. */
export function begin(): void {
  try {
    asked.value = { ...asked.value, ...askedBy(location.hash) }
  } catch (error) {
    trouble.value = (error as Error).message
  }
  openModel(String(asked.value.model))
}
