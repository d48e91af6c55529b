/** ONNX Runtime in Node: the processor by default; WebGPU and CUDA where the machine has them. */
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { env, InferenceSession, Tensor } from 'onnxruntime-node'
import { cannot } from '../base/errors.ts'
import type { CompileOptions, Program, Runtime, Value } from './runtime.ts'

export const devices = ['cpu', 'webgpu', 'cuda'] as const
export type Device = (typeof devices)[number]

/** What a device needs, in the words of an error. */
const needs: Readonly<Record<Device, string>> = {
  cpu: 'one that ONNX Runtime can run',
  webgpu: 'one that a Vulkan, Metal or Direct3D 12 driver can run',
  cuda: 'one that CUDA 12 and its libraries for ONNX Runtime can run (see the README)',
}

export function onnxruntimeNode(device: Device = 'cpu'): Runtime {
  if (!devices.includes(device))
    throw new RangeError(cannot('choose a device', 'it', `one of ${devices.join(', ')}`, device))
  let tried = device !== 'webgpu'
  return {
    name: 'onnxruntime-node',
    version: env.versions.node ?? env.versions.common,
    device,
    async compile(model, options = {}) {
      if (!tried) tryElsewhere(model, device)
      tried = true
      return compile(model, device, options)
    },
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
  // Before the first session, or it has no effect: what fails is told by our errors, once.
  env.logLevel = 'fatal'
  try {
    return await InferenceSession.create(model, {
      executionProviders: [device],
      logSeverityLevel: 4,
      ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
    })
  } catch (error) {
    throw refused(device, error instanceof Error ? error.message : String(error))
  }
}

/** Reads a model, opens it on a device, and tells why it cannot. */
const trial = `
const { env, InferenceSession } = require(process.argv[1])
env.logLevel = 'fatal'
async function open() {
  const chunks = []
  for await (const chunk of process.stdin) chunks.push(chunk)
  const options = { executionProviders: [process.argv[2]], logSeverityLevel: 4 }
  await InferenceSession.create(new Uint8Array(Buffer.concat(chunks)), options)
}
open().then(() => process.exit(0), error => {
  process.stdout.write(error.message)
  process.exitCode = 1
})`

/**
 * Opens the model in another process first. The library behind WebGPU writes to standard error by itself where it finds
 * no driver, and a broken driver may end the process: neither shall happen here.
 */
function tryElsewhere(model: Uint8Array, device: Device): void {
  const library = createRequire(import.meta.url).resolve('onnxruntime-node')
  const args = ['--input-type=commonjs', '-e', trial, library, device]
  const { status, signal, stdout, error } = spawnSync(process.execPath, args, {
    input: model,
    stdio: ['pipe', 'pipe', 'ignore'],
    encoding: 'utf8',
  })
  if (status !== 0) throw refused(device, stdout || error?.message || `an end by ${signal ?? status}`)
}

/** The reason of ONNX Runtime, without the place in its sources that it may begin with. */
function refused(device: Device, message: string): Error {
  const reason = message.replace(/^\S*onnxruntime_src\/.* was false\. /, '').trim()
  return new Error(cannot(`start the network on ${device}`, 'it', needs[device], reason.split('\n')[0]))
}
