// The adapter: what it computes, and one line where a device cannot.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { encodeGraph } from '../../src/model/file.ts'
import { type Device, onnxruntimeNode } from '../../src/runtime/onnxruntime-node.ts'
import { add, input, multiply } from '../../src/tensor/index.ts'

const x = input('x', [2, 3])
const model = encodeGraph({ y: add(multiply(x, x), 1) })
const feeds = { x: { shape: [2, 3], data: Float32Array.of(0, 1, 2, 3, 4, 0.5) } }
const squares = [1, 2, 5, 10, 17, 1.25]

const complaint = (device: Device) =>
  new RegExp(`^Cannot start the network on ${device}: it must be one that .* can run.*, got ".+"$`)

/** Compiles and runs the model on a device in a process of its own, with nothing on the machine to find drivers by. */
function alone(device: Device, environment: NodeJS.ProcessEnv = {}) {
  const adapter = fileURLToPath(new URL('../../dist/src/runtime/onnxruntime-node.js', import.meta.url))
  const script = `
import(process.argv[1]).then(async ({ onnxruntimeNode }) => {
  const bytes = Uint8Array.from(Buffer.from(process.argv[2], 'base64'))
  const program = await onnxruntimeNode(process.argv[3]).compile(bytes)
  const { y } = await program.run({ x: { shape: [2, 3], data: Float32Array.of(0, 1, 2, 3, 4, 0.5) } })
  await program.release()
  console.log(JSON.stringify([...y.data]))
}).catch(error => console.log(error.message))`
  const args = ['-e', script, adapter, Buffer.from(model).toString('base64'), device]
  const env = { ...process.env, ...environment }
  return spawnSync(process.execPath, args, { encoding: 'utf8', env })
}

describe('onnxruntimeNode()', () => {
  it('runs a graph, and gives data and shape', async () => {
    const program = await onnxruntimeNode().compile(model, { threads: 1 })
    expect(await program.run(feeds)).toEqual({ y: { shape: [2, 3], data: Float32Array.from(squares) } })
    await program.release()
  })

  it('computes the same by WebAssembly, where that is asked for', async () => {
    const runtime = onnxruntimeNode('wasm')
    expect(runtime).toMatchObject({ name: 'onnxruntime-web', device: 'wasm' })
    const program = await runtime.compile(model)
    expect(await program.run(feeds)).toEqual({ y: { shape: [2, 3], data: Float32Array.from(squares) } })
    await program.release()
    await expect(runtime.compile(Uint8Array.of(1, 2, 3))).rejects.toThrow(
      /^Cannot start the network on wasm: it must be one that ONNX Runtime can run, got /,
    )
  })

  it('names itself, its version and its device', () => {
    expect(onnxruntimeNode('cuda')).toMatchObject({
      name: 'onnxruntime-node',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      device: 'cuda',
    })
  })

  it('refuses a device that it does not know', () => {
    expect(() => onnxruntimeNode('abacus' as Device)).toThrow(
      'Cannot choose a device: it must be one of cpu, wasm, webgpu, cuda, got "abacus"',
    )
  })

  it('refuses what is no model in one line', async () => {
    await expect(onnxruntimeNode().compile(Uint8Array.of(1, 2, 3))).rejects.toThrow(complaint('cpu'))
  })

  // Where there is such a device it must compute the same; where there is none, nothing but our line may be seen.
  it.each(['webgpu', 'cuda'] as const)('computes on %s, or says in one line alone why not', device => {
    const { stdout, stderr } = alone(device)
    if (stdout.startsWith('[')) expect(JSON.parse(stdout)).toEqual(squares)
    else {
      expect(stdout.trimEnd()).toMatch(complaint(device))
      expect(stderr).toBe('')
    }
  })

  it.skipIf(process.platform !== 'linux')('says in one line that no driver of WebGPU is there', () => {
    const none = '/nowhere.json'
    const { stdout, stderr } = alone('webgpu', { VK_ICD_FILENAMES: none, VK_DRIVER_FILES: none })
    expect(stdout.trimEnd()).toMatch(complaint('webgpu'))
    expect(stderr).toBe('')
  })
})
