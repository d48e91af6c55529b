/**
 * Whether a runtime can train on packed convolutions: found out by trying.
 *
 * The packed operators are internal to ONNX Runtime and depend on its version and on the processor. So the
 * block is read off the layout itself, and a convolution with its gradients must come out the same both ways.
 */
import { demandGiven } from '../base/given.ts'
import { random } from '../base/random.ts'
import { encodeGraph, encodePrinted } from '../model/file.ts'
import type { Runtime, Value } from '../runtime/runtime.ts'
import {
  convolution,
  gradient,
  input,
  multiply,
  type PrintedGraph,
  sizeOf,
  type Tensor,
  total,
} from '../tensor/index.ts'
import { packedDomain } from '../tensor/packed.ts'

/** The block of channels to pack by, or why there is none. */
export type Packing = { readonly block: number } | { readonly block: undefined; readonly reason: string }

/** Largest difference allowed between packed and standard results, relative to the largest standard value. */
const tolerance = 1e-4

/** Tries packed convolutions on the runtime; takes some milliseconds, never throws. */
export async function probeBlock(runtime: Runtime): Promise<Packing> {
  demandGiven('try the runtime', { runtime }, { runtime: 'runtime' })
  const none = (reason: string): Packing => ({ block: undefined, reason })
  if (runtime.device !== 'cpu') return none(`${runtime.device} has no packed convolutions`)
  try {
    const block = await blockOf(runtime)
    if (block === undefined) return none('the layout of packed channels is unknown')
    const error = await packedError(runtime, block)
    return error <= tolerance ? { block } : none(`packed convolutions differ by ${error.toExponential(1)}`)
  } catch (error) {
    return none(error instanceof Error ? error.message : String(error))
  }
}

/** The channels of one block of the runtime's layout, if it is the one we know. Packs [1, 64, 1, 2] with the values 0, 1, 2, …: where the 1 goes, a block of channels ends. */
export async function blockOf(runtime: Runtime): Promise<number | undefined> {
  const [channels, width] = [64, 2]
  const value = (name: string) => ({ name, type: 'float32' as const, shape: [1, channels, 1, width] })
  const node = { op: 'ReorderInput', domain: packedDomain, inputs: ['x'], outputs: ['y'], attributes: {} }
  const graph: PrintedGraph = {
    nodes: [node],
    initializers: [],
    inputs: [value('x')],
    outputs: [value('y')],
  }
  const iota = Float32Array.from({ length: channels * width }, (_, i) => i)
  const { y } = await once(runtime, encodePrinted(graph), { x: { shape: value('x').shape, data: iota } })
  const block = y.data.indexOf(1)
  const expected = iota.map(
    (_, i) =>
      (Math.floor(i / (block * width)) * block + (i % block)) * width + (Math.floor(i / block) % width),
  )
  return block > 1 && channels % block === 0 && expected.every((v, i) => v === y.data[i]) ? block : undefined
}

/** The largest relative difference that packing makes to a convolution and its gradients, on random numbers. */
async function packedError(runtime: Runtime, block: number): Promise<number> {
  const [n, h, w, ci, co] = [block, 5, 6, 2 * block, 3 * block]
  const shapes = { x: [n, ci, h, w], kernel: [co, ci, 3, 3], bias: [co], weights: [n, co, h, w] }
  const outputs = () => {
    const { x, kernel, bias, weights } = tensors(shapes)
    const y = convolution(x, kernel, { periodic: [false, true], bias })
    const [dx, dk] = gradient(total(multiply(multiply(y, y), weights)), [x, kernel])
    return { y, dx, dk }
  }
  const rng = random(1)
  const feeds: Record<string, Value> = {}
  for (const [name, shape] of Object.entries(shapes)) {
    feeds[name] = { shape, data: Float32Array.from({ length: sizeOf(shape) }, () => 2 * rng.uniform() - 1) }
  }
  const standard = await once(runtime, encodeGraph(outputs()), feeds)
  const packed = await once(runtime, encodeGraph(outputs(), { block }), feeds)
  return Math.max(...Object.keys(standard).map(name => difference(packed[name].data, standard[name].data)))
}

function tensors<K extends string>(shapes: Record<K, number[]>): Record<K, Tensor> {
  const entries = Object.entries<number[]>(shapes).map(([name, shape]) => [name, input(name, shape)])
  return Object.fromEntries(entries) as Record<K, Tensor>
}

/** Runs a model one time. */
async function once(
  runtime: Runtime,
  model: Uint8Array,
  feeds: Record<string, Value>,
): Promise<Record<string, Value>> {
  const program = await runtime.compile(model)
  try {
    return await program.run(feeds)
  } finally {
    await program.release()
  }
}

/** max |a − b| / max |b|; Infinity where anything is not finite. */
function difference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [apart, size] = [0, 0]
  for (let i = 0; i < b.length; i++) {
    if (!Number.isFinite(a[i])) return Number.POSITIVE_INFINITY
    apart = Math.max(apart, Math.abs(a[i] - b[i]))
    size = Math.max(size, Math.abs(b[i]))
  }
  return apart / size
}
