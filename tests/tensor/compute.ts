// Runs graphs for the tests, and compares what comes out with what was wanted.
import { expect } from 'vitest'
import { type EncodeOptions, encodeGraph } from '../../src/model/file.ts'
import { onnxruntimeNode } from '../../src/runtime/onnxruntime-node.ts'
import type { Program, Value } from '../../src/runtime/runtime.ts'
import type { Tensor } from '../../src/tensor/index.ts'

/** The graph compiled for the processor, on one thread: tests share the machine. */
export function compiled(outputs: Record<string, Tensor>, options: EncodeOptions = {}): Promise<Program> {
  return onnxruntimeNode('cpu').compile(encodeGraph(outputs, options), { threads: 1 })
}

/** Runs the graph of the outputs once; the shapes that come out must be those that the graph promised. */
export async function compute(
  outputs: Record<string, Tensor>,
  feeds: Record<string, Value>,
  options: EncodeOptions = {},
): Promise<Record<string, Value>> {
  const program = await compiled(outputs, options)
  const results = await program.run(feeds)
  await program.release()
  for (const [name, { shape }] of Object.entries(outputs)) expect(results[name].shape, name).toEqual(shape)
  return results
}

/** A feed of numbers. */
export function floats(shape: readonly number[], values: ArrayLike<number>): Value {
  return { shape, data: Float32Array.from(values) }
}

/**
 * The largest distance of two lists, relative to the largest number of the second; Infinity where the lengths
 * differ or anything is not finite.
 */
export function apart(got: ArrayLike<number>, wanted: ArrayLike<number>): number {
  if (got.length !== wanted.length) return Number.POSITIVE_INFINITY
  let [distance, size] = [0, 0]
  for (let i = 0; i < wanted.length; i++) {
    if (!Number.isFinite(got[i]) || !Number.isFinite(wanted[i])) return Number.POSITIVE_INFINITY
    distance = Math.max(distance, Math.abs(got[i] - wanted[i]))
    size = Math.max(size, Math.abs(wanted[i]))
  }
  return distance === 0 ? 0 : distance / size
}
