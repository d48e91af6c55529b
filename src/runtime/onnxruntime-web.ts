/** ONNX Runtime as WebAssembly: in a browser, and in Node wherever there is no native one. */
import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm'
import { cannot } from '../base/errors.ts'
import type { CompileOptions, Program, Runtime, Value } from './runtime.ts'

/** The runtime on the processor, in WebAssembly. One thread, unless `compile` is told of more and the page is isolated. */
export function onnxruntimeWeb(): Runtime {
  return {
    name: 'onnxruntime-web',
    version: env.versions.web ?? env.versions.common,
    device: 'wasm',
    compile,
  }
}

async function compile(model: Uint8Array, { threads = 1 }: CompileOptions = {}): Promise<Program> {
  const session = await open(model, threads)
  return {
    async run(feeds) {
      const tensors: Record<string, Tensor> = {}
      for (const [name, { data, shape }] of Object.entries(feeds))
        tensors[name] =
          data instanceof Float32Array ? new Tensor('float32', data, shape) : new Tensor('int32', data, shape)
      const results = await session.run(tensors)
      const values: Record<string, Value> = {}
      for (const [name, { dims, data }] of Object.entries(results))
        values[name] = { shape: dims, data: data as Float32Array | Int32Array }
      return values
    },
    release: () => session.release(),
  }
}

async function open(model: Uint8Array, threads: number): Promise<InferenceSession> {
  // They have an effect before the first session alone.
  env.wasm.numThreads = threads
  env.logLevel = 'fatal'
  try {
    return await InferenceSession.create(model, { executionProviders: ['wasm'], logSeverityLevel: 4 })
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).split('\n')[0]
    throw new Error(cannot('start the network on wasm', 'it', 'one that ONNX Runtime can run', reason))
  }
}
