/** What a page gives to jobs: its files, and ONNX Runtime as WebAssembly, or on the graphics processor where asked for. */
import type { Context } from '../jobs/context.ts'
import type { Watching } from '../jobs/open.ts'
import {
  onnxruntimeWeb,
  onnxruntimeWebgpu,
  type WebDevice,
  type WebOptions,
} from '../runtime/onnxruntime-web.ts'
import { type Held, pageFiles } from './files.ts'

export interface PageOptions extends Watching, WebOptions {
  /**
   * Default `wasm`: the bytes of `saltus sample --device wasm`. `webgpu` draws by the same law, but other bytes, and fails
   * where the page has no adapter.
   */
  readonly device?: WebDevice
  /** What the job may read, by name. */
  readonly files?: Held
}

/** More threads than these gain nothing on networks of this size. */
const mostThreads = 4

/** Threads of the processor that a network may use: one, unless the page is isolated (COOP and COEP). */
export function threadsHere(): number {
  const { crossOriginIsolated = false, navigator } = globalThis as {
    readonly crossOriginIsolated?: boolean
    readonly navigator?: { readonly hardwareConcurrency: number }
  }
  return crossOriginIsolated ? Math.min(mostThreads, navigator?.hardwareConcurrency ?? 1) : 1
}

/** What a job is run with on a page, or in one of its workers: rather there, for the network blocks while it computes. */
export function page({
  device = 'wasm',
  files,
  assets,
  threads = threadsHere(),
  ...watching
}: PageOptions = {}): Context {
  const runtime = device === 'webgpu' ? onnxruntimeWebgpu({ assets }) : onnxruntimeWeb({ assets })
  return { runtime, files: pageFiles(files), threads, ...watching }
}
