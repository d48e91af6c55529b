// Printing convolutions in the runtime's blocked layout: which ones, and that the numbers stay.
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { encodePrinted } from '../../src/model/file.ts'
import { initial, layoutOf, type Parameters } from '../../src/network/parameters.ts'
import { type Task, unet } from '../../src/network/unet.ts'
import { sitesLink } from '../../src/process/link/sites.ts'
import { onnxruntimeNode } from '../../src/runtime/onnxruntime-node.ts'
import type { Value } from '../../src/runtime/runtime.ts'
import {
  constant,
  convolution,
  gradient,
  input,
  multiply,
  type PrintedGraph,
  packed,
  print,
  type Tensor,
  total,
} from '../../src/tensor/index.ts'
import { packedDomain } from '../../src/tensor/packed.ts'
import { adamDefaults, stateNames } from '../../src/training/optimizer.ts'
import { blockOf } from '../../src/training/packing.ts'
import { originObjective, trainingStep } from '../../src/training/step.ts'

const packedNodes = (graph: PrintedGraph) => graph.nodes.filter(({ domain }) => domain !== undefined)
const border = { periodic: [false, false] } as const

/** A convolution and its gradients for `n` images, printed in blocks of 16 or `block`. */
function printed([o, i, n = 1]: readonly number[], what: 'y' | 'dx' | 'dk', block = 16): PrintedGraph {
  const [x, kernel] = [input('x', [n, i, 4, 4]), input('kernel', [o, i, 3, 3])]
  const y = convolution(x, kernel, border)
  const [dx, dk] = gradient(total(y), [x, kernel])
  return print({ [what]: { y, dx, dk }[what] }, { instead: packed(block) })
}

describe('packed()', () => {
  it('packed() prints a convolution whose channels fill blocks as a packed one between two reorders', () => {
    const { nodes } = printed([16, 32], 'y')
    expect(nodes.map(({ op }) => op).filter(op => op === 'Conv')).toHaveLength(1)
    expect(nodes[nodes.length - 1]).toMatchObject({ op: 'ReorderOutput', domain: packedDomain })
  })

  it.each([
    [[24, 32], 'y'],
    [[32, 24], 'y'],
    [[24, 32], 'dx'],
    [[32, 24], 'dx'],
    [[24, 32, 16], 'dk'],
    [[32, 24, 8], 'dk'],
  ] as const)('packed() leaves channels and images %s alone in blocks of 16: %s', (sizes, what) => {
    expect(packedNodes(printed(sizes, what, 16))).toEqual([])
    expect(packedNodes(printed(sizes, what, 8))).not.toEqual([])
  })

  it('packed() packs the gradient of a kernel with any number of input channels', () => {
    expect(packedNodes(printed([16, 7, 16], 'dk'))).not.toEqual([])
  })

  it('packed() leaves a convolution with a constant kernel alone: the runtime packs it itself', () => {
    const kernel = constant(new Float32Array(16 * 16 * 9), [16, 16, 3, 3], 'kernel')
    const y = convolution(input('x', [2, 16, 4, 4]), kernel, border)
    expect(print({ y }, { instead: packed(16) })).toEqual(print({ y }))
  })

  it('packed() packs a kernel once, however often it is used', () => {
    const [x, kernel] = [input('x', [2, 16, 4, 4]), input('kernel', [16, 16, 3, 3])]
    const twice = convolution(convolution(x, kernel, border), kernel, border)
    const { nodes } = print({ twice }, { instead: packed(16) })
    expect(nodes.filter(({ op }) => op === 'Conv')).toHaveLength(2)
    expect(nodes.filter(({ op }) => op === 'Transpose')).toHaveLength(1)
  })
})

describe('the packed training step', async () => {
  const runtime = onnxruntimeNode('cpu')
  // Not the whole probe: it would answer for a broken `packed()` by having these tests skipped.
  const block = (await blockOf(runtime).catch(() => undefined)) ?? 0

  it.skipIf(block === 0).each([
    { sizes: [32, 48, 16], sides: [3, 3], periodic: [false, false] },
    { sizes: [16, 32, 16], sides: [3, 3], periodic: [true, true] },
    { sizes: [32, 16, 32], sides: [3, 1], periodic: [false, true] },
    { sizes: [48, 7, 16], sides: [1, 3], periodic: [true, false] },
    { sizes: [48, 7, 16], sides: [3, 3], periodic: [false, false] },
    { sizes: [16, 48, 16], sides: [1, 1], periodic: [false, true] },
    { sizes: [16, 32, 2], sides: [3, 3, 3], periodic: [true, true, true] },
    { sizes: [32, 16, 1], sides: [3, 3, 3], periodic: [false, true, false] },
  ] as const)(
    'gives the gradients of a convolution: $sizes, $sides, periodic $periodic',
    async ({ sizes, sides, periodic }) => {
      const [o, i, n] = sizes
      const rng = random(9)
      const fill = (...shape: number[]): Value => ({
        shape,
        data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => 2 * rng.uniform() - 1),
      })
      const sites = sides.length === 2 ? [3, 5] : [2, 3, 5]
      const feeds = { x: fill(n, i, ...sites), kernel: fill(o, i, ...sides), weights: fill(n, o, ...sites) }
      const [x, kernel, weights] = [
        input('x', [n, i, ...sites]),
        input('kernel', [o, i, ...sides]),
        input('weights', [n, o, ...sites]),
      ]
      const y = convolution(x, kernel, { periodic })
      const [dx, dk] = gradient(total(multiply(y, weights)), [x, kernel])
      const [standard, blocked] = [print({ y, dx, dk }), print({ y, dx, dk }, { instead: packed(block) })]
      expect(packedNodes(blocked)).not.toEqual([])
      const [a, b] = [await run(standard, feeds), await run(blocked, feeds)]
      for (const name of ['y', 'dx', 'dk']) {
        expect(b[name].shape).toEqual(a[name].shape)
        expect(
          distance(b[name].data, a[name].data) /
            distance(
              a[name].data,
              a[name].data.map(() => 0),
            ),
        ).toBeLessThan(1e-5)
      }
    },
  )

  it.skipIf(block === 0).each([false, true])(
    'equals the standard step after three steps, periodic: %s',
    async periodic => {
      const [outputs, feeds] = smallStep(periodic)
      const blocked = print(outputs, { instead: packed(block) })
      expect(packedNodes(blocked).filter(({ op }) => op === 'Conv').length).toBeGreaterThan(20)
      const [a, b] = [await threeSteps(print(outputs), feeds), await threeSteps(blocked, feeds)]
      expect(Math.abs(b.loss / a.loss - 1)).toBeLessThan(1e-4)
      const start = feeds.parameters.data
      const [apart, moved] = [distance(a.parameters, b.parameters), distance(a.parameters, start)]
      expect(moved).toBeGreaterThan(0)
      expect(apart / moved).toBeLessThan(1e-4)
    },
    30_000,
  )

  /** A U-Net with attention at its second level, sixteen images of 8 × 8. */
  function smallStep(periodic: boolean): [Record<string, Tensor>, Record<string, Value>] {
    const [n, side] = [16, 8]
    const task: Task = {
      shape: [1, side, side],
      width: 1,
      periodic: [periodic, periodic],
      times: [1e-3, 1],
      scale: 50,
      classes: 2,
    }
    const options = { base: 16, multipliers: [1, 2], blocks: [1, 1], attention: [false, true], embedding: 16 }
    const network = (parameters: Parameters) => {
      const label = input('label', [n], 'int32')
      const shown = { counts: input('counts', [n, 1, side, side]), time: input('time', [n]) }
      return { output: unet(parameters, { ...shown, label }, { task, options }), shown }
    }
    const layout = layoutOf(parameters => {
      network(parameters)
    })
    const rng = random(5)
    const fill = (shape: number[], draw: () => number): Value => ({
      shape,
      data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, draw),
    })
    // Nothing starts at zero, so that every gradient is alive from the first step on.
    const parameters = initial(layout, rng).map(value => value + 0.1 * (rng.uniform() - 0.5))
    const feeds = {
      parameters: { shape: [layout.size], data: parameters },
      first: fill([layout.size], () => 0),
      second: fill([layout.size], () => 0),
      average: { shape: [layout.size], data: parameters },
      controls: { shape: [4], data: Float32Array.of(1e-3, 10, 1000, 0.1) },
      counts: fill([n, 1, side, side], () => Math.floor(60 * rng.uniform())),
      time: fill([n], () => 0.01 + rng.uniform()),
      label: { shape: [n], data: Int32Array.from({ length: n }, (_, k) => k % 3) },
      target: fill([n, 1, side, side], () => Math.floor(60 * rng.uniform())),
      weights: fill([n, 1, side, side], () => 1 / n),
    }
    const adam = { ...adamDefaults, epsilon: 1e-4 }
    return [trainingStep(originObjective(network, sitesLink), { layout, adam }), feeds]
  }

  async function run(graph: PrintedGraph, feeds: Record<string, Value>) {
    const program = await runtime.compile(encodePrinted(graph))
    const results = await program.run(feeds)
    await program.release()
    return results
  }

  async function threeSteps(graph: PrintedGraph, feeds: Record<string, Value>) {
    const program = await runtime.compile(encodePrinted(graph))
    let [now, loss] = [feeds, Number.NaN]
    for (let step = 0; step < 3; step++) {
      const results = await program.run(now)
      loss = results.loss.data[0]
      now = { ...now, ...Object.fromEntries(stateNames.map(name => [name, results[`${name}'`]])) }
    }
    await program.release()
    return { loss, parameters: now.parameters.data }
  }
})

function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2
  return Math.sqrt(sum)
}
