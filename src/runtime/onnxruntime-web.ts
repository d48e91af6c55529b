/** ONNX Runtime as WebAssembly: in a browser, and in Node wherever there is no native one. */
import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm'
import { cannot } from '../base/errors.ts'
import type { CompileOptions, Program, Runtime, Value } from './runtime.ts'

type Library = Pick<typeof import('onnxruntime-web/wasm'), 'env' | 'InferenceSession' | 'Tensor'>

/** What a page may compute on. */
export const webDevices = ['wasm', 'webgpu'] as const
export type WebDevice = (typeof webDevices)[number]

/** Addresses of the two files of ONNX Runtime, `ort-wasm-simd-threaded.mjs` and `.wasm`, or of the folder of both. */
export type Assets = string | { readonly mjs?: string; readonly wasm?: string }

export interface WebOptions {
  /** Default: beside the module, where ONNX Runtime looks for them. */
  readonly assets?: Assets
}

/** The runtime on the processor, in WebAssembly. One thread, unless `compile` is told of more and the page is isolated. */
export function onnxruntimeWeb({ assets }: WebOptions = {}): Runtime {
  return {
    name: 'onnxruntime-web',
    version: env.versions.web ?? env.versions.common,
    device: 'wasm',
    compile: (model, options) =>
      compileBy({ env, InferenceSession, Tensor }, model, { ...options, assets, device: 'wasm' }),
  }
}

/** The runtime on the graphics processor; what serves it is loaded when the first network is compiled. */
export function onnxruntimeWebgpu({ assets }: WebOptions = {}): Runtime {
  return {
    ...onnxruntimeWeb(),
    device: 'webgpu',
    async compile(model, options) {
      const library = await import('onnxruntime-web/webgpu')
      return compileBy(library, model, { ...options, assets, device: 'webgpu' })
    },
  }
}

interface Compiling extends CompileOptions, WebOptions {
  readonly device: WebDevice
}

/**
 * What waits for a library, by its settings. It keeps what it is given on one stack and waits in between: of two runs at the
 * same time one took the other's memory for its own.
 */
const waiting = new WeakMap<object, Promise<unknown>>()

/** Work with a library, when all that was asked of it before is done. */
function inTurn<T>({ env: of }: Library, work: () => Promise<T>): Promise<T> {
  const turn = (waiting.get(of) ?? Promise.resolve()).then(work)
  waiting.set(
    of,
    turn.catch(() => {}),
  )
  return turn
}

async function compileBy(library: Library, model: Uint8Array, options: Compiling): Promise<Program> {
  const session = await inTurn(library, () => open(library, model, options))
  return {
    async run(feeds) {
      const tensors: Record<string, Tensor> = {}
      for (const [name, { data, shape }] of Object.entries(feeds))
        tensors[name] =
          data instanceof Float32Array
            ? new library.Tensor('float32', data, shape)
            : new library.Tensor('int32', data, shape)
      const results = await inTurn(library, () => session.run(tensors))
      const values: Record<string, Value> = {}
      for (const [name, { dims, data }] of Object.entries(results))
        values[name] = { shape: dims, data: data as Float32Array | Int32Array }
      return values
    },
    release: () => inTurn(library, () => session.release()),
  }
}

async function open(
  { env: settings, InferenceSession: sessions }: Library,
  model: Uint8Array,
  { threads = 1, assets, device }: Compiling,
): Promise<InferenceSession> {
  // They have an effect before the first session alone.
  settings.wasm.numThreads = threads
  if (assets !== undefined) settings.wasm.wasmPaths = assets
  settings.logLevel = 'fatal'
  try {
    return await sessions.create(model, { executionProviders: [device], logSeverityLevel: 4 })
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).split('\n')[0]
    throw new Error(cannot(`start the network on ${device}`, 'it', 'one that ONNX Runtime can run', reason))
  }
}
