// The models that come with the program: each is read, and draws an image of exactly the mass that is asked for.
import { describe, expect, it } from 'vitest'
import { originFunction } from '../../src/model/origin.ts'
import { loadModel, newShipped } from '../../src/node/models.ts'
import { process } from '../../src/process/index.ts'
import { onnxruntimeNode } from '../../src/runtime/onnxruntime-node.ts'
import { sample, solver } from '../../src/sampling/index.ts'

const names = newShipped()

describe.skipIf(names.length === 0)('shipped models (skipped where none is of format 2)', () => {
  it.each(names)('%s draws in two calls what it is asked for', { timeout: 120_000 }, async name => {
    const { description, bytes } = loadModel(name)
    const law = process(description.process)
    // Where masses are those of blocks no image tells them: a few units in each.
    const masses =
      law.blocks === undefined
        ? description.data.masses[0].slice(0, law.conserved)
        : new Array<number>(law.conserved).fill(3)
    const program = await onnxruntimeNode().compile(bytes, { threads: 1 })
    const { counts, calls } = await sample({
      process: law,
      solver: solver({ ...description.sampling, calls: 2 }),
      origin: originFunction(program, description),
      masses: [masses],
      seed: 1,
      batch: description.tile,
    })
    await program.release()
    expect(calls).toBe(2)
    expect(law.invariant(counts)).toEqual(masses)
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(0)
    expect(counts.some(n => n > 0)).toBe(true)
  })
})
