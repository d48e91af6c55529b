// Models on lattices of another size: the same weights, exact masses, and the same origins where nothing tells the sizes apart.
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { lattice } from '../../src/lattice/index.ts'
import type { ModelDescription } from '../../src/model/description.ts'
import { decodeModelFile, encodeModelFile, layoutFor } from '../../src/model/file.ts'
import { originFunction } from '../../src/model/origin.ts'
import { resized } from '../../src/model/resize.ts'
import { labels, process } from '../../src/process/index.ts'
import { onnxruntimeNode } from '../../src/runtime/onnxruntime-node.ts'
import { ancestral } from '../../src/sampling/index.ts'

const walk = labels({ lattice: lattice([8, 8], 'periodic') })
const description: ModelDescription = {
  format: 2,
  version: '0.0.0',
  process: walk.description,
  schedule: { kind: 'exponential', start: 1e-4 },
  task: {
    shape: [1, 8, 8],
    width: 1,
    periodic: [true, true],
    times: [1e-4, 1],
    scale: 1,
    classes: 0,
    homogeneous: true,
  },
  network: { base: 8, multipliers: [1, 2], blocks: [1, 1], attention: [false, false], embedding: 16 },
  tile: 4,
  sampling: ancestral().description,
  parameters: 0,
  data: {
    name: 'test',
    count: 2,
    shape: [1, 8, 8],
    largest: 1,
    masses: [[20], [30]],
    range: [20, 30],
    classes: [],
    material: { phases: ['pore', 'solid'], units: [1] },
  },
  training: {},
}

function model(of: ModelDescription = description) {
  const rng = random(3)
  const weights = Float32Array.from({ length: layoutFor(of).size }, () => 0.3 * (rng.uniform() - 0.5))
  return decodeModelFile(encodeModelFile({ ...of, parameters: weights.length }, weights, { half: true }))
}

describe('resized()', () => {
  it('gives an image that repeats itself the origins of the image', async () => {
    const small = model()
    const large = resized(small, [16, 24]).model
    expect(large.parameters).toEqual(small.parameters)
    expect(large.description.task.shape).toEqual([1, 16, 24])
    expect(large.description.tile).toBe(1)
    const runtime = onnxruntimeNode()
    const rng = random(8)
    const counts = Int32Array.from({ length: 4 * 64 }, () => Math.floor(3 * rng.uniform()))
    const repeated = Int32Array.from({ length: 16 * 24 }, (_, i) => {
      const [y, x] = [Math.floor(i / 24) % 8, (i % 24) % 8]
      return counts[y * 8 + x]
    })
    const [few, many] = await Promise.all([small, large].map(of => runtime.compile(of.bytes)))
    const origins = await originFunction(few, small.description)(counts, new Float64Array(4).fill(0.01))
    const all = await originFunction(many, large.description)(repeated, Float64Array.of(0.01))
    for (let i = 0; i < 16 * 24; i++) {
      const [y, x] = [Math.floor(i / 24) % 8, (i % 24) % 8]
      expect(all[i]).toBeCloseTo(origins[y * 8 + x], 4)
    }
    await Promise.all([few.release(), many.release()])
  })

  it('scales the masses to the area, their spread to its root, and begins as a patchwork', () => {
    const { model: large, process: begun } = resized(model(), [16, 16])
    expect(large.description.data.masses).toEqual([[90], [110]])
    expect(large.description.data.range).toEqual([90, 110])
    const law = process(begun)
    expect([law.rate, law.shape]).toEqual([walk.rate, [1, 16, 16]])
    expect(begun).toMatchObject({ kind: 'patchwork', patch: [8, 8], masses: [[20], [30]] })
    const same = model()
    expect(resized(same, [8, 8])).toEqual({ model: same, process: walk.description })
  })

  it('refuses models whose images have places, and sides that cannot be', () => {
    const { homogeneous: _, ...task } = description.task
    expect(() => resized(model({ ...description, task }), [16, 16])).toThrow(
      'the model must be one of crops of a material, whose samples have any size',
    )
    for (const side of [3, 8.5, 9000])
      expect(() => resized(model(), [16, side])).toThrow('a side must be from 4 to 8192')
  })

  it('refuses sides that the network cannot halve as often as it does, and says which it can', () => {
    const { network } = description
    const three = { ...network, multipliers: [1, 1, 1], blocks: [1, 1, 1], attention: [false, false, false] }
    const deep = model({ ...description, network: three })
    for (const size of [
      [4, 4],
      [4, 16],
      [16, 4],
    ] as const) {
      const told = /^Cannot change the size of samples: the sides must be of at least (\d+), which /
      expect(() => resized(deep, size)).toThrow(told)
      let least = ''
      try {
        resized(deep, size)
      } catch (error) {
        least = told.exec((error as Error).message)?.[1] ?? ''
      }
      const side = Number(least)
      expect(resized(deep, [side, side]).model.parameters).toEqual(deep.parameters)
      expect(() => resized(deep, [side - 1, side - 1])).toThrow(RangeError)
    }
  })
})
