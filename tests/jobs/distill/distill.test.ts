// Students: what a few calls of one give beside those of its teacher, and what has no student.
import { beforeAll, describe, expect, it } from 'vitest'
import { distillSchema, studentOptions, timesFor } from '../../../src/jobs/distill/distill.ts'
import { solverOf } from '../../../src/jobs/draw/solver.ts'
import { inspectSchema } from '../../../src/jobs/inspect/fields.ts'
import { subjectOf } from '../../../src/jobs/inspect/subject.ts'
import { opened } from '../../../src/jobs/open.ts'
import { checked } from '../../../src/jobs/schema.ts'
import { optionsOf, trainSchema } from '../../../src/jobs/train/fields.ts'
import { type Trained, train, trainWith } from '../../../src/jobs/train/train.ts'
import type { ModelDescription } from '../../../src/model/description.ts'
import { decodeModelFile } from '../../../src/model/file.ts'
import { onnxruntimeNode } from '../../../src/runtime/onnxruntime-node.ts'

// A block of 4 × 100 units in one of the four corners, each as often.
const corners = [0, 4, 24, 28]
const counts = new Uint8Array(64 * 36)
for (let i = 0; i < 64; i++) for (const at of [0, 1, 6, 7]) counts[36 * i + corners[i % 4] + at] = 100
const images = { counts, count: 64, shape: [1, 6, 6] as [number, number, number] }
const held = new Map<string, Uint8Array>()
const context = {
  runtime: onnxruntimeNode(),
  threads: 1,
  images,
  files: {
    below: () => undefined,
    read: () => expect.unreachable(),
    model: (name: string) => ({ name, file: name, bytes: held.get(name)! }),
  },
}
const small = { base: 8, multipliers: '1', blocks: '1', attention: 'none', embedding: 16, labels: false }
const job = (told: object) =>
  checked('distill', distillSchema, { model: 'teacher', data: 'corners', ...told })

/** Of each of 40 samples by so many calls the shares of its units in the four corners. */
async function shares({ model }: Trained, calls: number): Promise<number[][]> {
  const { generate } = opened({ bytes: model, name: 'it', file: 'it' }, { door: told => [context, told] })
  const { counts: drawn } = await generate({ count: 40, mass: '400', calls, seed: 3 })
  return Array.from({ length: 40 }, (_, i) =>
    corners.map(corner => [0, 1, 6, 7].reduce((sum, at) => sum + drawn[36 * i + corner + at] / 400, 0)),
  )
}

const meanOf = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length

describe('`distill`', { timeout: 120_000 }, () => {
  let [teacher, student]: Trained[] = []
  beforeAll(async () => {
    const told = {
      data: 'corners',
      batch: 16,
      steps: 150,
      learningRate: 5e-3,
      warmup: 10,
      average: 0.95,
      ...small,
    }
    teacher = await train(checked('train', trainSchema, told), context)
    held.set('teacher', teacher.model)
    const { description } = decodeModelFile(teacher.model)
    const quick = { calls: 2, batch: 16, steps: 250, learningRate: 5e-3, warmup: 10, average: 0.95 }
    student = await trainWith(studentOptions(job(quick), description, { from: 'teacher' }), context)
  }, 120_000)

  it('gives a model that is drawn with its calls, of the teacher’s network and a few weights more', () => {
    const { task, network, sampling, training } = student.description
    expect(task).toEqual({ ...teacher.description.task, noise: 8 })
    expect(network).toEqual(teacher.description.network)
    expect(sampling).toMatchObject({ kind: 'ancestral', calls: 2 })
    expect(training).toMatchObject({ from: 'teacher', draws: 2, labels: false, boundary: 'no-flux' })
  })

  it('draws one of the images with a call where the teacher draws their mean, and each of them now and then', async () => {
    const [mean, one] = [await shares(teacher, 1), await shares(student, 1)]
    const most = (of: readonly number[][]) => meanOf(of.map(row => Math.max(...row)))
    expect(most(mean)).toBeLessThan(0.7)
    expect(most(one)).toBeGreaterThan(0.8)
    for (const k of [0, 1, 2, 3]) expect(one.some(row => row[k] > 0.5)).toBe(true)
  })

  it('draws the same sample by its seed and number alone, with others beside it or without', async () => {
    const { generate } = opened(
      { bytes: student.model, name: 'it', file: 'it' },
      { door: told => [context, told] },
    )
    const [many, few] = await Promise.all([20, 3].map(count => generate({ count, mass: '400', seed: 3 })))
    expect(few.counts).toEqual(many.counts.subarray(0, 3 * 36))
  })

  it('refuses models that draw already, and those that learned from more than their data', () => {
    const options = (description: ModelDescription) => () =>
      studentOptions(job({}), description, { from: 'x' })
    const { description } = teacher
    expect(options(student.description)).toThrow(
      'Cannot distill: model must be one that tells the mean of the origin, got "one that draws already"',
    )
    const training = { ...description.training, graph: 'roads.csv' }
    expect(options({ ...description, training })).toThrow(
      'Cannot distill: model must be one trained on --data alone: saltus train --from, --draws and --graph, got "roads.csv"',
    )
    expect(options({ ...description, sampling: { kind: 'cfl' } })).toThrow(
      'Cannot distill: model must be one that is sampled by calls at times, got "cfl"',
    )
    expect(() => job({ calls: 0 })).toThrow(
      'Cannot distill: calls must be a whole number of at least 1 and at most 64, got 0',
    )
    expect(() => job({ draws: 1 })).toThrow(
      'Cannot distill: draws must be a whole number of at least 2 and at most 64, got 1',
    )
  })

  it('goes on from no origin to the next, and is refused where its mean is asked for', async () => {
    const { description } = student
    expect(() => solverOf({ solver: 'multistep' }, description)).toThrow(
      'Cannot draw: solver must be another than multistep with this model, which draws each origin anew, got "multistep"',
    )
    held.set('student', student.model)
    await expect(subjectOf(checked('inspect', inspectSchema, { model: 'student' }), context)).rejects.toThrow(
      'Cannot inspect: the model must be one that tells the mean of the origin, got "one that draws it"',
    )
    for (const [told, wanted] of [
      [{ with: 'label' }, '--process joint'],
      [{ population: 1, window: 8 }, '--population'],
      [{ process: 'blackout', weight: 'finite-time' }, '--weight'],
    ] as const)
      expect(() => optionsOf(checked('train', trainSchema, { data: 'x', draws: 2, ...told }))).toThrow(
        `Cannot train: draws must be left out with ${wanted}, got 2`,
      )
  })

  it('refuses to begin with a model of which hardly anything fits', async () => {
    const options = studentOptions(job({ steps: 1 }), teacher.description, { from: 'teacher' })
    await expect(trainWith({ ...options, base: 32, embedding: 64 }, context)).rejects.toThrow(
      /^Cannot train: the model teacher must be one of which a tenth of the \d+ numbers can be taken, got \d+$/,
    )
  })
})

describe('`timesFor()`', () => {
  it('are from half the time of the last call on, and of K calls one in K late, where the first is', () => {
    expect(timesFor(4, { first: 2e-5, last: 0.002 })).toBe('0:0.00002,0.02:0.001,0.75:0.5,1:1')
    expect(timesFor(1, { first: 2e-5, last: 1 })).toBe('0:0.00002,0.02:0.25,0.1:0.5,1:1')
    expect(timesFor(2, { first: 0.1, last: 0.1 })).toBe('0:0.05,0.5:0.5,1:1')
  })
})
