/**
 * ONNX Runtime in Node: the processor by default; WebGPU and CUDA where the machine has them.
 *
 * The native library is an optional dependency: it has no binary for some machines (Intel Macs), and its install script fails
 * where it cannot reach outside the registry. Without it the processor is served by WebAssembly.
 */
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import type { InferenceSession } from 'onnxruntime-node'
import { cannot } from '../base/errors.ts'
import { onnxruntimeWeb } from './onnxruntime-web.ts'
import type { CompileOptions, Program, Runtime, Value } from './runtime.ts'

type Library = typeof import('onnxruntime-node')

export const devices = ['cpu', 'wasm', 'webgpu', 'cuda'] as const
export type Device = (typeof devices)[number]

/** What a device needs, in the words of an error. */
const needs: Readonly<Record<Exclude<Device, 'wasm'>, string>> = {
  cpu: 'one that ONNX Runtime can run',
  webgpu: 'one that a Vulkan, Metal or Direct3D 12 driver can run',
  cuda: 'one that CUDA 12 and its libraries for ONNX Runtime can run (see the README)',
}

/** The native library, or why it is not to be had. */
const native = loaded()

function loaded(): Library | Error {
  try {
    return createRequire(import.meta.url)('onnxruntime-node') as Library
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

/** What to do where there is no native library. */
const remedy = 'npm install --ignore-scripts onnxruntime-node@1.30.0'

/** A runtime that computes on a device. Throws RangeError for another device, and Error where that has no library here. */
export function onnxruntimeNode(device: Device = 'cpu'): Runtime {
  if (!devices.includes(device))
    throw new RangeError(cannot('choose a device', 'it', `one of ${devices.join(', ')}`, device))
  if (device === 'wasm') return onnxruntimeWeb()
  if (native instanceof Error) return withoutNative(device, native)
  const library = native
  let tried = device !== 'webgpu'
  return {
    name: 'onnxruntime-node',
    version: library.env.versions.node ?? library.env.versions.common,
    device,
    async compile(model, options = {}) {
      if (!tried) tryElsewhere(model, device)
      tried = true
      return compile(library, model, { ...options, device })
    },
  }
}

/** WebAssembly in place of the native processor; other devices are the native library's alone. */
function withoutNative(device: Exclude<Device, 'wasm'>, { message }: Error): Runtime {
  const reason = message.split('\n')[0]
  if (device === 'cpu') {
    const note = `No native ONNX Runtime is here (${reason}): WebAssembly computes, several times slower. Where there is one: ${remedy}`
    return { ...onnxruntimeWeb(), note }
  }
  throw new Error(
    cannot(`start the network on ${device}`, 'onnxruntime-node', `installed (${remedy})`, reason),
  )
}

interface NativeOptions extends CompileOptions {
  readonly device: Exclude<Device, 'wasm'>
}

async function compile(library: Library, model: Uint8Array, options: NativeOptions): Promise<Program> {
  const { Tensor } = library
  const session = await open(library, model, options)
  return {
    async run(feeds) {
      const tensors: Record<string, InstanceType<Library['Tensor']>> = {}
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
  { env, InferenceSession: sessions }: Library,
  model: Uint8Array,
  { device, threads }: NativeOptions,
): Promise<InferenceSession> {
  // Before the first session, or it has no effect: what fails is told by our errors, once.
  env.logLevel = 'fatal'
  try {
    return await sessions.create(model, {
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
function tryElsewhere(model: Uint8Array, device: NativeOptions['device']): void {
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
function refused(device: NativeOptions['device'], message: string): Error {
  const reason = message.replace(/^\S*onnxruntime_src\/.* was false\. /, '').trim()
  return new Error(cannot(`start the network on ${device}`, 'it', needs[device], reason.split('\n')[0]))
}
