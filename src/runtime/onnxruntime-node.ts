/** ONNX Runtime in Node: the processor by default; WebGPU and CUDA where the machine has them. */
import { env, InferenceSession, Tensor } from 'onnxruntime-node'
import { cannot } from '../base/errors.ts'
import type { CompileOptions, Program, Runtime, Value } from './runtime.ts'

export const devices = ['cpu', 'webgpu', 'cuda'] as const
export type Device = (typeof devices)[number]

export function onnxruntimeNode(device: Device = 'cpu'): Runtime {
  if (!devices.includes(device))
    throw new RangeError(cannot('choose a device', 'it', `one of ${devices.join(', ')}`, device))
  return {
    name: 'onnxruntime-node',
    version: env.versions.node ?? env.versions.common,
    device,
    compile: (model, options = {}) => compile(model, device, options),
  }
}

async function compile(model: Uint8Array, device: Device, options: CompileOptions): Promise<Program> {
  const session = await open(model, device, options)
  return {
    async run(feeds) {
      const tensors: Record<string, Tensor> = {}
      for (const [name, { data, shape }] of Object.entries(feeds)) {
        tensors[name] =
          data instanceof Float32Array ? new Tensor('float32', data, shape) : new Tensor('int32', data, shape)
      }
      const results = await session.run(tensors)
      const values: Record<string, Value> = {}
      for (const [name, { dims, data }] of Object.entries(results)) {
        values[name] = { shape: dims, data: data as Float32Array | Int32Array }
      }
      return values
    },
    release: () => session.release(),
  }
}

async function open(
  model: Uint8Array,
  device: Device,
  { threads }: CompileOptions,
): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(model, {
      executionProviders: [device],
      logSeverityLevel: 3,
      ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
    })
  } catch (error) {
    const reason = String(error instanceof Error ? error.message : error).split('\n')[0]
    throw new Error(`Cannot start the network on ${device}: ${reason}`)
  }
}
