/** Opens models and draws, on the graphics processor where that is asked for and works. */
import asyncifyMjs from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url'
import asyncifyWasm from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url'
import mjs from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url'
import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url'
import { Cancelled } from '../../src/base/errors.ts'
import { fetched } from '../../src/web/files.ts'
import { type Opened, open, type PageOptions, page, type Samples } from '../../src/web.ts'
import type { Drawn, Verbs } from '../protocol.ts'
import { drawingOptions, drawnOf, held, lookOf, type Watch } from './held.ts'

const here = (address: string) => new URL(address, import.meta.url).href
export const assets = { mjs: here(mjs), wasm: here(wasm) }
const graphics = { mjs: here(asyncifyMjs), wasm: here(asyncifyWasm) }

export async function opening(
  { place: { name, from }, device }: Verbs['open'][0],
  { say }: Pick<Watch, 'say'>,
): Promise<Verbs['open'][1]> {
  const bytes = typeof from === 'string' ? await fetched(from) : from
  const fallback = () => open(bytes, { name, assets })
  const gpu = device === 'webgpu' && (await adapter())
  if (device === 'webgpu' && !gpu) say(`This page has no graphics processor: ${law}`)
  const opened = gpu
    ? await open(bytes, { name, assets: graphics, device: 'webgpu', threads: 1 })
    : await fallback()
  held.model = { opened, bytes, fallback }
  return { description: opened.description, threads: page().threads ?? 1, device: gpu ? 'webgpu' : 'wasm' }
}

const law = 'it is drawn in WebAssembly, by the same law'

async function adapter(): Promise<boolean> {
  const { gpu } = navigator as { gpu?: { requestAdapter(): Promise<unknown> } }
  try {
    return Boolean(await gpu?.requestAdapter())
  } catch {
    return false
  }
}

/** Draws with the open model; where the graphics processor fails, in WebAssembly. */
export async function drawnBy(
  draw: (model: Opened<PageOptions>) => Promise<Samples>,
  { say }: Watch,
): Promise<Samples> {
  if (!held.model) throw new Error('Cannot draw: a model must be open, got none')
  try {
    return await draw(held.model.opened)
  } catch (error) {
    const { message } = error as Error
    const lost = /webgpu|gpu|device/i.test(message) && !(error instanceof Cancelled)
    if (!lost) throw error
    held.model = { ...held.model, opened: await held.model.fallback() }
    say(`The graphics processor failed: ${law}`)
    return draw(held.model.opened)
  }
}

export async function generating({ asked, keep }: Verbs['generate'][0], watch: Watch): Promise<Drawn> {
  const look = held.model && lookOf(held.model.opened, asked)
  const samples = await drawnBy(
    model => model.generate({ ...asked, ...drawingOptions(look ?? lookOf(model, asked), watch) }),
    watch,
  )
  if (keep) held.samples = samples
  return drawnOf(samples, lookOf(held.model!.opened, asked))
}
