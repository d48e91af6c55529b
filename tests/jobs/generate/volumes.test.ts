// Volumes: from a model of slices and from a model of volumes, with exact fractions, and the same bytes whoever draws.
import { describe, expect, it } from 'vitest'
import { random } from '../../../src/base/random.ts'
import { readNpz } from '../../../src/formats/npz.ts'
import type { Context } from '../../../src/jobs/context.ts'
import { draw } from '../../../src/jobs/draw/draw.ts'
import { painter } from '../../../src/jobs/draw/drawing.ts'
import { type GenerateJob, generateSchema } from '../../../src/jobs/generate/asking.ts'
import { drawPlan, generatePlan } from '../../../src/jobs/generate/generate.ts'
import { checked } from '../../../src/jobs/schema.ts'
import { lattice } from '../../../src/lattice/index.ts'
import type { ModelDescription } from '../../../src/model/description.ts'
import { encodeModelFile, layoutFor } from '../../../src/model/file.ts'
import { labels } from '../../../src/process/index.ts'
import { onnxruntimeNode } from '../../../src/runtime/onnxruntime-node.ts'
import { ancestral } from '../../../src/sampling/index.ts'

/** A model of fresh weights on crops of these lengths. */
function model(lengths: readonly number[], units: readonly number[] = [1]): Uint8Array {
  const shape = [units.length, ...lengths]
  const size = lengths.reduce((a, b) => a * b, 1)
  const description: ModelDescription = {
    format: 2,
    version: '0.0.0',
    process: labels({ lattice: lattice(lengths, 'periodic'), channels: units.length }).description,
    schedule: { kind: 'exponential', start: 1e-4 },
    task: {
      shape,
      width: 1,
      periodic: lengths.map(() => true),
      times: [1e-4, 1],
      scale: 1,
      classes: 0,
      homogeneous: true,
    },
    network: { base: 8, multipliers: [1, 2], blocks: [1, 1], attention: [false, false], embedding: 8 },
    tile: lengths.length === 2 ? 4 : 1,
    sampling: ancestral({ calls: 3 }).description,
    parameters: 0,
    data: {
      name: 'test',
      count: 2,
      shape,
      largest: 1,
      masses: [units.map(() => size >> 2)],
      range: [units.length * (size >> 2), units.length * (size >> 2)],
      classes: [],
      material: {
        phases: ['pore', 'solid', 'binder'].slice(0, 1 + units.length),
        units,
        ...(lengths.length === 3 ? { spacing: [3, 1, 2], unit: 'um' } : { voxelSize: 2, unit: 'um' }),
      },
    },
    training: {},
  }
  const rng = random(3)
  const weights = Float32Array.from(
    { length: layoutFor(description).size },
    () => 0.4 * (rng.uniform() - 0.5),
  )
  return encodeModelFile({ ...description, parameters: weights.length }, weights)
}

const models: Record<string, Uint8Array> = {
  slices: model([8, 8]),
  other: model([8, 12]),
  three: model([8, 8], [1, 2]),
  volumes: model([8, 8, 8]),
}

const said: string[] = []
const context: Context = {
  runtime: onnxruntimeNode(),
  threads: 1,
  say: sentence => said.push(sentence),
  files: {
    read: () => new Uint8Array(0),
    below: () => undefined,
    model: name => ({ name, file: `${name}.onnx`, bytes: models[name] }),
  },
}

const jobOf = (more: object): GenerateJob =>
  checked('generate', generateSchema, { count: 2, seed: 5, ...more })

async function drawn(more: object) {
  const job = jobOf(more)
  return drawPlan(await generatePlan(job, context), { kind: 'generate', ...job }, context)
}

describe('volumes', () => {
  it('from slices have exactly the porosity, at any size, and carry the job that made them', async () => {
    const asked = { model: 'slices', size: '8,10,12', fromSlices: true, porosity: '0.25' }
    const samples = await drawn(asked)
    expect(samples.shape).toEqual([2, 1, 8, 10, 12])
    expect(samples.fractions).toEqual([0, 1].map(() => [0.25, 0.75]))
    const [{ bytes }] = await samples.files('a.npz')
    expect(readNpz(bytes, 'a.npz').samples).toMatchObject({ shape: [2, 8, 10, 12] })
    expect((await (await drawn(asked)).files('a.npz'))[0].bytes).toEqual(bytes)
    expect((await samples.files('a.vti')).map(({ name }) => name)).toEqual(['a-0000.vti', 'a-0001.vti'])
    expect(samples.record.job).toMatchObject({ fromSlices: true, size: [8, 10, 12] })
  })

  it('from slices take a model for each axis, of any crops, told by their letters', async () => {
    const of = { size: [8, 8, 12], fromSlices: true, porosity: 0.25, count: 1 }
    const samples = await drawn({ ...of, model: 'x=slices,z=other,y=slices' })
    expect(samples.fractions).toEqual([[0.25, 0.75]])
    expect(Object.keys(samples.record.sha256)).toEqual(['other', 'slices'])
    const phases = await drawn({ ...of, model: 'three', porosity: undefined, fractions: '0.5,0.25' })
    expect(phases.fractions).toEqual([[0.25, 0.5, 0.25]])
    await expect(drawn({ ...of, model: 'z=slices,y=three,x=slices' })).rejects.toThrow(
      'the models must be of the same phases',
    )
  })

  it('of a model of volumes are seen in blocks where they are large, the same bytes by one painter and by two', async () => {
    const job = jobOf({ model: 'volumes', size: '12,8,100', porosity: 0.5, calls: 2 })
    const plan = await generatePlan(job, context)
    expect(plan.drawing.parts).toMatchObject({ kind: 'blocks', margin: 8 })
    const one = await draw(plan.drawing, context)
    const pair = [await painter(plan.drawing, context.runtime, { threads: 1 })]
    pair.push(await painter(plan.drawing, context.runtime, { threads: 1 }))
    const two = await draw(plan.drawing, { ...context, painters: () => pair })
    expect(two.counts).toEqual(one.counts)
    expect(two.fingerprint).toBe(one.fingerprint)
    expect(one.counts.reduce((sum, n) => sum + n, 0)).toBe(12 * 8 * 100)
  })

  it('of slices are seen in blocks as well where they are large, each voxel counted', async () => {
    const large = jobOf({ model: 'slices', size: '16,800', porosity: 0.25, calls: 2, count: 1 })
    const plan = await generatePlan(large, context)
    expect(plan.drawing.parts).toMatchObject({ kind: 'blocks', margin: 32 })
    const { counts } = await draw(plan.drawing, context)
    expect(counts.reduce((sum, n) => sum + n, 0)).toBe(16 * 800 * 0.75)
    const whole = await generatePlan(jobOf({ model: 'slices', size: '16,384', porosity: 0.25 }), context)
    expect(whole.drawing.parts).toBeUndefined()
  })

  it('of a model of volumes have the size of its crops, and the sides of its voxels, where nothing is said', async () => {
    const samples = await drawn({ model: 'volumes', porosity: 0.75, count: 1 })
    expect(samples.shape).toEqual([1, 1, 8, 8, 8])
    const [{ bytes }] = await samples.files('v.vti')
    expect(new TextDecoder('latin1').decode(bytes)).toContain('Spacing="2 1 3"')
  })

  it.each([
    [{ model: 'slices', size: '8,8,8' }, 'volumes of a material: --from-slices'],
    [{ model: 'slices', size: '8,8', fromSlices: true }, 'D,H,W: depth, height and width'],
    [{ model: 'slices', fromSlices: true }, 'D,H,W: depth, height and width'],
    [{ model: 'volumes', size: '8,8' }, 'depth, height and width: the model is one of volumes'],
    [{ model: 'volumes', size: '8,8,8', fromSlices: true }, 'models of volumes need no --from-slices'],
    [{ model: 'z=slices,y=slices', size: '8,8,8', fromSlices: true }, 'z=A,y=B,x=C for the three axes'],
    [{ model: 'z=slices,y=slices,x=slices', size: '8,8' }, 'one, but for volumes'],
    [{ model: 'slices', size: '8000,8000,8000', fromSlices: true }, 'which needs'],
  ])('refuse %o', async (more, words) => {
    await expect(drawn(more)).rejects.toThrow(words)
  })
})
