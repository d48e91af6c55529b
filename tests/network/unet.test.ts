// The U-Net: its shapes, its start, the same numbers as PyTorch, and gradients that finite differences confirm.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { layoutFor, networkOf } from '../../src/model/file.ts'
import { fixed, initial, type Layout, sliced } from '../../src/network/parameters.ts'
import type { Task, UnetOptions } from '../../src/network/unet.ts'
import { type Link, type ProcessDescription, process } from '../../src/process/index.ts'
import type { Value } from '../../src/runtime/runtime.ts'
import { constant, sizeOf } from '../../src/tensor/index.ts'
import { gradientStep, originObjective } from '../../src/training/step.ts'
import { apart, compiled, compute, floats } from '../tensor/compute.ts'

interface Case {
  task: Task
  options: UnetOptions
  counts: number[]
  time: number[]
  label: number[]
  process: { kind: 'spatial' | 'labels' | 'death' }
  target: number[]
  weights: number[]
  output: number[]
  origin: number[]
  loss: number
  parameters: { name: string; shape: number[]; squares: number; dot: number }[]
}

const vectors = JSON.parse(readFileSync(new URL('./vectors/unet.json', import.meta.url), 'utf8')) as Record<
  string,
  Case
>
const cases = Object.entries(vectors)

/** The number h(i) from which the vectors' parameter i is made. */
const hashed = (i: number): number => (Math.imul(i, 2654435761) >>> 20) / 2 ** 12 - 0.5

function parametersOf(layout: Layout): Float32Array {
  const values = Float32Array.from({ length: layout.size }, (_, i) => hashed(i) / 4)
  for (const { name, shape, offset } of layout.entries) {
    if (name.endsWith('.factor')) for (let i = 0; i < sizeOf(shape); i++) values[offset + i]++
  }
  return values
}

function feedsOf({ task, counts, time, label, target, weights }: Case): Record<string, Value> {
  const n = time.length
  const [c, ...sites] = task.shape
  return {
    counts: floats([n, c, ...sites], counts),
    time: floats([n], time),
    ...(task.classes > 0 ? { label: { shape: [n], data: Int32Array.from(label) } } : {}),
    target: floats([n, c * task.width, ...sites], target),
    weights: floats([n, 1, ...sites], weights),
  }
}

/** The link of the case's process. */
function linkOf({ process: told, task }: Case): Link {
  const lengths = task.shape.slice(1)
  const boundaries = task.periodic.map(around => (around ? 'periodic' : 'no-flux'))
  const rate = 15
  return process({ lengths, boundaries, channels: task.shape[0], rate, ...told } as ProcessDescription).link
}

const small: UnetOptions = {
  base: 8,
  multipliers: [1, 2, 2],
  blocks: [1, 1, 1],
  attention: [false, false, true],
  embedding: 8,
}

function taskOf(shape: Task['shape'], periodic: boolean, more: Partial<Task> = {}): Task {
  const border = [periodic, periodic] as const
  return { shape, width: 1, periodic: border, times: [1e-3, 1], scale: 9, classes: 0, ...more }
}

describe('unet()', () => {
  describe.each([false, true])('with periodic borders: %s', periodic => {
    it.each([
      [1, 28, 28],
      [2, 15, 9],
      [1, 7, 7],
      [3, 1, 20],
      [1, 20, 1],
      [1, 1, 1],
    ])('`unet()` starts at outputs of exactly zero, of the right shape: %i × %i × %i', async (c, h, w) => {
      const model = { task: taskOf([c, h, w], periodic), network: small }
      const layout = layoutFor(model)
      const { output: y } = networkOf(model, 2)(fixed(layout, initial(layout, random(1))))
      expect(y.shape).toEqual([2, c, h, w])
      const counts = Float32Array.from({ length: 2 * c * h * w }, (_, i) => (i * i) % 7)
      const feeds = { counts: floats([2, c, h, w], counts), time: floats([2], [0.01, 0.9]) }
      const { data } = (await compute({ y }, feeds)).y
      expect(data.every(value => value === 0)).toBe(true)
    })
  })

  it('`unet()` refuses attention over channels that its heads cannot share', () => {
    const network = { ...small, base: 5, multipliers: [2, 1, 3] }
    expect(() => layoutFor({ task: taskOf([1, 8, 8], false), network })).toThrow(
      'Cannot build the network: the channels of a level with attention must be a multiple of the 2 heads, got 15',
    )
    expect(() => layoutFor({ task: taskOf([1, 8, 8], false), network: { ...small, base: 5 } })).not.toThrow()
  })

  it.each(cases)('`unet()` asks for the parameters of its peer, in that order: %s', (_, given) => {
    const layout = layoutFor({ task: given.task, network: given.options })
    const asked = layout.entries.map(({ name, shape }) => ({ name, shape }))
    expect(asked).toEqual(given.parameters.map(({ name, shape }) => ({ name, shape })))
  })

  it.each(cases)(
    '`unet()` gives the outputs of PyTorch, and its link their origins: %s',
    async (_, given) => {
      const model = { task: given.task, network: given.options }
      const layout = layoutFor(model)
      const { output, shown } = networkOf(model, given.time.length)(fixed(layout, parametersOf(layout)))
      const origin = linkOf(given).origin(output, shown)
      const found = await compute({ output, origin }, feedsOf(given))
      expect(apart(found.output.data, given.output)).toBeLessThan(1e-5)
      expect(apart(found.origin.data, given.origin)).toBeLessThan(1e-5)
    },
  )

  it.each(cases)('`unet()` trains on the loss and the gradients of PyTorch: %s', async (_, given) => {
    const model = { task: given.task, network: given.options }
    const layout = layoutFor(model)
    const objective = originObjective(networkOf(model, given.time.length), linkOf(given))
    const outputs = gradientStep(objective, { layout, adam: { beta1: 0, beta2: 0, epsilon: 0, clip: 0 } })
    const feeds = { ...feedsOf(given), parameters: floats([layout.size], parametersOf(layout)) }
    const { loss, gradient: flat } = await compute(outputs, feeds)
    expect(Math.abs(loss.data[0] / given.loss - 1)).toBeLessThan(1e-5)
    const whole = Math.sqrt(given.parameters.reduce((sum, { squares }) => sum + squares, 0))
    layout.entries.forEach(({ name, shape, offset }, k) => {
      let [squares, dot] = [0, 0]
      for (let i = offset; i < offset + sizeOf(shape); i++) {
        squares += flat.data[i] ** 2
        dot += flat.data[i] * hashed(i)
      }
      // Rounding errors are those of the whole gradient, so small parts of it are known less well.
      const size = Math.sqrt(given.parameters[k].squares) + 1e-3 * whole
      expect(Math.abs(Math.sqrt(squares) - Math.sqrt(given.parameters[k].squares)) / size, name).toBeLessThan(
        1e-4,
      )
      expect(Math.abs(dot - given.parameters[k].dot) / size, name).toBeLessThan(1e-4)
    })
  })

  it('`unet()` gives an image the same outputs whatever stands beside it', async () => {
    const [, given] = cases[0]
    const model = { task: given.task, network: given.options }
    const layout = layoutFor(model)
    const flat = constant(parametersOf(layout), [layout.size])
    const all = feedsOf(given)
    const together = await compute({ y: networkOf(model, 3)(sliced(layout, flat).parameters).output }, all)
    const one = networkOf(model, 1)(sliced(layout, flat).parameters).output
    const part = ({ shape, data }: Value, i: number): Value => {
      const size = data.length / 3
      return { shape: [1, ...shape.slice(1)], data: data.subarray(i * size, (i + 1) * size) }
    }
    for (const i of [0, 1, 2]) {
      const { counts, time, label } = all
      const feeds = { counts: part(counts, i), time: part(time, i), label: part(label, i) }
      expect(apart((await compute({ y: one }, feeds)).y.data, part(together.y, i).data)).toBeLessThan(1e-5)
    }
  })

  it('`unet()` has the gradients that finite differences of its loss show, in every parameter tensor', async () => {
    // By a link that no shift of all outputs leaves as it is.
    const [, walls] = cases[0]
    const target = walls.counts.map(n => (n > 5 ? 1 : 0))
    const given: Case = { ...walls, process: { kind: 'labels' }, target }
    const model = { task: given.task, network: given.options }
    const layout = layoutFor(model)
    const objective = originObjective(networkOf(model, 3), linkOf(given))
    const program = await compiled(
      gradientStep(objective, { layout, adam: { beta1: 0, beta2: 0, epsilon: 0, clip: 0 } }),
    )
    const at = parametersOf(layout)
    const feeds = feedsOf(given)
    const run = (parameters: Float32Array) =>
      program.run({ ...feeds, parameters: floats([layout.size], parameters) })
    const { loss, gradient: flat } = await run(at)
    for (const { name, shape, offset } of layout.entries) {
      const own = flat.data.subarray(offset, offset + sizeOf(shape))
      const norm = Math.hypot(...own)
      // Along the gradient, so far that the loss should change by 1/300, but no further than 1/8.
      const step = Math.min(loss.data[0] / 300 / norm, 1 / 8)
      const moved = async (by: number) => {
        const there = at.slice()
        own.forEach((value, i) => {
          there[offset + i] += (by * value) / norm
        })
        return (await run(there)).loss.data[0]
      }
      const difference = async (by: number) => ((await moved(by)) - (await moved(-by))) / (2 * by)
      // Richardson's extrapolation takes out what the loss's third derivative adds.
      const slope = (4 * (await difference(step / 2)) - (await difference(step))) / 3
      expect(Math.abs(slope / norm - 1), name).toBeLessThan(0.01)
    }
    await program.release()
  })
})
