// Series: trained from a table, drawn as one, with the totals that are asked for.
import { beforeAll, describe, expect, it } from 'vitest'
import { random } from '../../../src/base/random.ts'
import { numbersOf, readCsv } from '../../../src/formats/csv.ts'
import { opened } from '../../../src/jobs/open.ts'
import { checked } from '../../../src/jobs/schema.ts'
import { trainSchema } from '../../../src/jobs/train/fields.ts'
import { type Trained, train } from '../../../src/jobs/train/train.ts'
import { onnxruntimeNode } from '../../../src/runtime/onnxruntime-node.ts'

const rng = random(1)
const lines = ['day,"a, b",c']
for (let day = 0; day < 30; day++)
  for (let hour = 0; hour < 8; hour++)
    lines.push([`d${day}`, hour + Math.floor(3 * rng.uniform()), Math.floor(9 * rng.uniform())].join())
const held: Record<string, Uint8Array> = { 'days.csv': new TextEncoder().encode(lines.join('\n')) }
const context = {
  runtime: onnxruntimeNode(),
  files: { below: () => undefined, read: (path: string) => held[path], model: () => expect.unreachable() },
  threads: 1,
}
const small = { base: 4, multipliers: '1', blocks: '1', attention: 'none', embedding: 8, batch: 4, steps: 3 }
const trained = (told: Record<string, unknown>) =>
  train(checked('train', trainSchema, { data: 'days.csv', ...small, ...told }), context)

describe('series', { timeout: 60_000 }, () => {
  let result: Trained
  beforeAll(async () => {
    result = await trained({ window: 8, stride: 8, by: 'day', population: 1 })
  })

  it('are a channel a column, and the model says what its counts are', () => {
    const { task, data, training } = result.description
    expect(task.shape).toEqual([2, 1, 8])
    expect(data.count).toBe(30)
    expect(data.columns).toEqual([
      { name: 'a, b', low: 0, step: 1 },
      { name: 'c', low: 0, step: 1 },
    ])
    expect(training).toMatchObject({ series: { window: 8, stride: 8, by: 'day' }, population: 1 })
  })

  it('are drawn as a table with exactly the totals asked for', async () => {
    const model = opened(
      { bytes: result.model, name: 'days', file: 'days' },
      { door: told => [context, told] },
    )
    const samples = await model.generate({ mass: '40', count: 3, calls: 2, seed: 1 })
    const [{ bytes }] = await samples.files('x.csv')
    const table = readCsv(new TextDecoder().decode(bytes), 'x.csv')
    expect(table.columns).toEqual(['series', 'step', 'a, b', 'c'])
    const [a, c] = ['a, b', 'c'].map(name => numbersOf(table, name))
    for (let i = 0; i < 3; i++) {
      const sum = (of: Float64Array) => of.subarray(8 * i, 8 * i + 8).reduce((s, n) => s + n, 0)
      expect([sum(a), sum(c)]).toEqual(samples.masses[i])
      expect(sum(a) + sum(c)).toBe(40)
    }
  })

  it('are told the means of columns, or their texts, and draw when they are', async () => {
    const { model, description } = await trained({ window: 8, stride: 8, by: 'day', tell: 'c,day' })
    expect(description.data.columns?.map(({ name }) => name)).toEqual(['a, b'])
    const [c, day] = description.task.told ?? []
    const all = numbersOf(readCsv(lines.join('\n'), 'days.csv'), 'c')
    const means = Array.from(
      { length: 30 },
      (_, i) => all.subarray(8 * i, 8 * i + 8).reduce((s, n) => s + n, 0) / 8,
    )
    expect(c).toMatchObject({ name: 'c', kind: 'numbers', range: [[Math.min(...means), Math.max(...means)]] })
    expect(day).toMatchObject({ name: 'day', kind: 'text' })
    const opening = opened({ bytes: model, name: 'days', file: 'days' }, { door: told => [context, told] })
    const { masses } = await opening.generate({ tell: 'c=4,day=d3', mass: '30', count: 2, calls: 2 })
    expect(masses).toEqual([[30], [30]])
  })

  it('of levels come back in the values of the table', async () => {
    const { description } = await trained({ window: 4, columns: 'c', levels: 17 })
    expect(description.data.columns).toEqual([{ name: 'c', low: 0, step: 0.5 }])
    expect(description.task.shape).toEqual([1, 1, 4])
  })

  it.each([
    [{ stride: 2 }, 'stride must be left out without --window'],
    [{ window: 8, crop: 8 }, 'crop must be left out with --window'],
    [{ window: 8, levels: '1,2,3' }, 'levels must be one number with --window'],
    [{ window: 8, phase: '0=a,1=b' }, 'phase must be left out without --crop'],
    [{ crop: 8, levels: '4' }, 'levels must be 2 to 256 different values'],
    [{ window: 9, by: 'day' }, '9 rows that belong together'],
    [{ window: 8, columns: 'c', population: 1 }, 'the columns must be two or more'],
    [{ window: 8, by: 'week' }, 'a column must be one of'],
  ])('refuse %o', async (told, words) => {
    await expect(trained(told)).rejects.toThrow(words)
  })
})
