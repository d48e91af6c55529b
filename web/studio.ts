/** The models, what is asked of one, and what came of it. */
import { batch, computed, effect, signal } from '@preact/signals'
import type { OutFile } from '../src/jobs/files.ts'
import type { ModelDescription } from '../src/model/description.ts'
import type { WebDevice } from '../src/web.ts'
import { askedBy, jobOf, linkOf } from './link.ts'
import type { Asked, Drawn, ModelPlace, Source, State, Verbs } from './protocol.ts'
import { ask, lives, news, run, running, stopping, trouble } from './work.ts'

/** The models that come with the studio, by their names: those that draw from masses alone. */
const addresses = import.meta.glob<string>(
  [
    '../models/*.onnx',
    '!../models/*classifier*',
    '!../models/*-sr*',
    '!../models/*-pairs*',
    '!../models/communities*',
    '!../models/emoji*',
    '!../models/drift*',
  ],
  {
    query: '?url',
    import: 'default',
    eager: true,
  },
)

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
export const device = signal<WebDevice>('wasm')
/** Every state of every image, in the order of the steps. */
export const films = signal<Films>([])
export const drawn = signal<Drawn | undefined>(undefined)
/** The image whose walk is shown. */
export const chosen = signal(0)

export const modelPlaces = computed(() => [...models, ...own.value])

/** Opens the model that is asked for. */
export async function openModel(name = String(asked.value.model)): Promise<void> {
  const place = modelPlaces.value.find(model => model.name === name)
  description.value = undefined
  if (!place) {
    const names = modelPlaces.value.map(model => model.name).join(', ')
    trouble.value = `Cannot open the model: its name must be one of ${names}, got ${name}`
    return
  }
  const opened = await ask('open', { place, device: device.value })
  if (!opened || name !== String(asked.value.model)) return
  batch(() => {
    if (device.value === 'webgpu' && opened.device === 'wasm')
      news.value =
        'This page has no graphics processor that it may use: drawn in WebAssembly, by the same law'
    description.value = opened.description
    threads.value = opened.threads
    device.value = opened.device
  })
}

// A worker that was started anew knows of no model.
effect(() => {
  if (lives.value > 0) void openModel()
})

/** Another model: what was asked of the one before need not fit it. */
export function chooseModel(name: string): void {
  const { count, seed } = asked.value
  batch(() => {
    asked.value = { model: name, count, seed }
    trouble.value = ''
    drawn.value = undefined
    films.value = []
  })
  void openModel(name)
}

export function chooseDevice(to: WebDevice): void {
  device.value = to
  void openModel()
}

/** A model out of bytes, beside those that come with the studio. */
export function addModel(name: string, bytes: Uint8Array): void {
  own.value = [...own.value.filter(model => model.name !== name), { name, from: bytes }]
  chooseModel(name)
}

export async function openFile(file: File): Promise<void> {
  addModel(file.name.replace(/\.onnx$/i, ''), new Uint8Array(await file.arrayBuffer()))
}

/** Puts a value into the form; undefined or an empty text takes it out. */
export function put(name: string, value: string | number | undefined): void {
  const { [name]: _, ...others } = asked.value
  asked.value = value === undefined || value === '' ? others : { ...others, [name]: value }
}

/** The states of images on their way, in the order of the steps. */
export type Films = readonly (readonly State[])[]

/**
 * Runs a job that draws and shows every state on its way; those of a tile come one by one, and are shown together. Gives
 * what was drawn, and the films with the samples as they are written at their ends.
 */
export async function filmed<V extends 'generate' | 'complete'>(
  verb: V,
  told: Verbs[V][0],
  show: (films: Films) => void,
): Promise<{ done: Drawn; films: Films } | undefined> {
  let [pixels, waiting]: [number, State[]] = [0, []]
  let films: Films = []
  const gather = () => {
    const all = [...films]
    for (const state of waiting) {
      const film = [...(all[state.image] ?? [])]
      pixels += state.pixels.length / 4
      // Beyond the room the last state alone is kept.
      if (pixels > room && film.length > 1) film[film.length - 1] = state
      else film.push(state)
      all[state.image] = film
    }
    waiting = []
    films = all
  }
  const showAll = () => {
    gather()
    if (running.value === verb) show(films)
  }
  const done = await run(verb, told, seen => {
    if (!('state' in seen)) return
    if (waiting.length === 0) setTimeout(showAll, 20)
    waiting.push(seen.state)
  })
  if (!done) return undefined
  gather()
  const whole = done.states.map((state, i) => [...(films[i] ?? []).slice(0, -1), state])
  return { done, films: whole }
}

export async function generate(): Promise<void> {
  if (running.value || stopping.value || !description.value) return
  trouble.value = ''
  try {
    jobOf(asked.value)
    history.replaceState(undefined, '', linkOf(asked.value))
  } catch (error) {
    trouble.value = (error as Error).message
    return
  }
  batch(() => {
    drawn.value = undefined
    films.value = []
    chosen.value = 0
  })
  const found = await filmed('generate', { asked: asked.value, keep: true }, now => {
    films.value = now
  })
  if (!found) return
  batch(() => {
    drawn.value = found.done
    films.value = found.films
    news.value = `Done: ${found.done.said}`
  })
}

/** Asks for what there is as a file of that name, which is then saved. */
export async function take(name: string, of: Source = 'samples'): Promise<void> {
  for (const file of (await ask('files', { name, of }))?.files ?? []) save(file)
}

export function save({ name, bytes }: OutFile): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>]))
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

/** Begins with what the link asks for. */
export async function begin(): Promise<void> {
  try {
    asked.value = { ...asked.value, ...askedBy(location.hash) }
  } catch (error) {
    trouble.value = (error as Error).message
  }
  await openModel()
}
