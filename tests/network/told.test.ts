// What a network is told beside counts, time and class: its inputs, and gradients that finite differences confirm.
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { lattice } from '../../src/lattice/index.ts'
import { encodeModelFile, layoutFor, networkOf } from '../../src/model/file.ts'
import { fixed } from '../../src/network/parameters.ts'
import { type Told, toldShape } from '../../src/network/told.ts'
import type { Task, UnetOptions } from '../../src/network/unet.ts'
import { labels, type ProcessDescription, process } from '../../src/process/index.ts'
import { sizeOf } from '../../src/tensor/index.ts'
import { gradientStep, originObjective } from '../../src/training/step.ts'
import { apart, compiled, compute, floats } from '../tensor/compute.ts'

const numbers: Told = {
  ...{ name: 'climate', kind: 'numbers', names: ['t', 'p'] },
  ...{
    mean: [1, 2],
    scale: [1, 1],
    range: [
      [0, 2],
      [1, 3],
    ],
  }, // prettier-ignore
}
const image: Told = { name: 'map', kind: 'image', channels: 2, scale: 1 }
const view: Told = { name: 'view', kind: 'image', channels: 1, scale: 1, axis: 0 }
const text: Told = { name: 'caption', kind: 'text', vocabulary: ['one', 'two', 'blobs'] }

const network: UnetOptions = {
  ...{ base: 8, multipliers: [1, 2], blocks: [1, 1] },
  ...{ attention: [false, false], embedding: 8 },
}
const taskOf = (lengths: readonly number[], told: readonly Told[]): Task => ({
  ...{ shape: [1, ...lengths], width: 1, periodic: lengths.map(() => false) },
  ...{ times: [1e-3, 1], scale: 1, classes: 2, told },
})

/** Some numbers of the order of one, always the same. */
function noise(shape: readonly number[], seed: number, size = 1) {
  const rng = random(seed)
  return floats(
    shape,
    Float32Array.from({ length: sizeOf(shape) }, () => size * (2 * rng.uniform() - 1)),
  )
}

const feedsOf = ({ shape, told = [] }: Task, batch: number) => ({
  counts: floats(
    [batch, ...shape],
    noise([batch, ...shape], 1).data.map(value => (value > 0 ? 1 : 0)),
  ),
  time: floats(
    [batch],
    Array.from({ length: batch }, (_, i) => 0.02 + 0.3 * i),
  ),
  label: { shape: [batch], data: new Int32Array(batch).fill(1) },
  ...Object.fromEntries(
    told.map((one, i) => {
      const own = [batch, ...toldShape(one, shape.slice(1))]
      return [`told.${one.name}`, noise(own, 2 + i)]
    }),
  ),
})

const cases: [string, Task][] = [
  ['images: numbers, an image and words', taskOf([6, 4], [numbers, image, text])],
  ['volumes: a view along z', taskOf([4, 2, 4], [view, numbers])],
  ['a series: a series', taskOf([1, 8], [image])],
]

describe('what a network is told', () => {
  it('an image along an axis has length 1 there, and every row says at its end whether it is told', () => {
    expect([numbers, text].map(one => toldShape(one, [4, 5]))).toEqual([[3], [4]])
    expect(toldShape(image, [4, 5])).toEqual([3, 4, 5])
    expect(toldShape(view, [4, 5, 6])).toEqual([2, 1, 5, 6])
  })

  it.each(cases)(
    'has the gradients that finite differences show in all that it adds: %s',
    async (_, task) => {
      const lengths = task.shape.slice(1)
      const boundaries = lengths.map(() => 'no-flux')
      const { link } = process({
        kind: 'labels',
        lengths,
        boundaries,
        channels: 1,
        rate: 9,
      } as ProcessDescription)
      const model = { task, network }
      const layout = layoutFor(model)
      const objective = originObjective(networkOf(model, 2), link)
      const adam = { beta1: 0, beta2: 0, epsilon: 0, clip: 0 }
      const program = await compiled(gradientStep(objective, { layout, adam }))
      const at = Float32Array.from(noise([layout.size], 9, 0.3).data)
      const target = floats(
        [2, ...task.shape],
        noise([2, ...task.shape], 8).data.map(v => (v > 0 ? 1 : 0)),
      )
      const weights = floats([2, 1, ...lengths], new Float32Array(2 * sizeOf(lengths)).fill(1))
      const feeds = { ...feedsOf(task, 2), target, weights }
      const run = (values: Float32Array) =>
        program.run({ ...feeds, parameters: floats([layout.size], values) })
      const { loss, gradient } = await run(at)
      const added = layout.entries.filter(({ name }) => name.includes('/told/') || name === 'unet/in.kernel')
      expect(added.length).toBe(
        1 + (task.told ?? []).reduce((n, { kind }) => n + { numbers: 2, text: 1, image: 0 }[kind], 0),
      )
      for (const { name, shape, offset } of added) {
        const own = gradient.data.subarray(offset, offset + sizeOf(shape))
        const norm = Math.hypot(...own)
        expect(norm, name).toBeGreaterThan(0)
        const step = Math.min(loss.data[0] / 300 / norm, 1 / 8)
        const moved = async (by: number) => {
          const there = at.slice()
          own.forEach((value, i) => {
            there[offset + i] += (by * value) / norm
          })
          return (await run(there)).loss.data[0]
        }
        const slope = ((await moved(step)) - (await moved(-step))) / (2 * step)
        expect(Math.abs(slope / norm - 1), name).toBeLessThan(0.02)
      }
      await program.release()
    },
  )

  it('a view is the same at every depth, and rows of zeros are as good as nothing told', async () => {
    const [, [, task]] = cases
    const told = (one: readonly Told[]) => {
      const model = { task: { ...task, told: one }, network }
      const layout = layoutFor(model)
      return networkOf(model, 1)(fixed(layout, noise([layout.size], 5, 0.3).data as Float32Array)).output
    }
    const feeds = feedsOf(task, 1)
    const full: Told = { ...view, axis: undefined } as Told
    const { 'told.view': flat, ...rest } = feeds as Record<string, (typeof feeds)['counts']>
    const [depth, ...plane] = task.shape.slice(1)
    const site = sizeOf(plane)
    const deep = Float32Array.from({ length: 2 * depth * site }, (_, x) => {
      const channel = Math.floor(x / (depth * site))
      return flat.data[channel * site + (x % site)]
    })
    const [a, b] = [
      await compute({ y: told([view, numbers]) }, feeds),
      await compute(
        { y: told([full, numbers]) },
        { ...rest, 'told.view': floats([1, 2, depth, ...plane], deep) },
      ),
    ]
    expect(apart(a.y.data, b.y.data)).toBeLessThan(1e-5)
  })

  it('its inputs stand in the model file by name', () => {
    const [[, task]] = cases
    const { description } = labels({ lattice: lattice([6, 4], 'no-flux'), channels: 1 })
    const layout = layoutFor({ task, network })
    const bytes = encodeModelFile(
      { task, network, tile: 1, process: description, version: '0', data: {} } as never,
      new Float32Array(layout.size),
    )
    const letters = new TextDecoder('latin1').decode(bytes)
    for (const { name } of task.told ?? []) expect(letters).toContain(`told.${name}`)
  })
})
