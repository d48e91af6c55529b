// The pass that puts convolutions into the runtime's blocked layout: what it may touch, and that nothing changes.
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import {
  constant,
  convolution,
  gradient,
  input,
  multiply,
  packConvolutions,
  print,
  total,
} from '../../src/graph/index.ts'
import { encodePrinted } from '../../src/model/file.ts'
import { initial, layoutOf, type Parameters } from '../../src/network/parameters.ts'
import { type Task, unet } from '../../src/network/unet.ts'
import { onnxruntimeNode } from '../../src/runtime/onnxruntime-node.ts'
import type { Value } from '../../src/runtime/runtime.ts'
import { adamDefaults, stateNames } from '../../src/training/optimizer.ts'
import { probeBlock } from '../../src/training/packing.ts'
import { rateObjective, trainingStep } from '../../src/training/step.ts'

const packedNodes = (graph: ReturnType<typeof print>) =>
  graph.nodes.filter(({ domain }) => domain !== undefined)
const border = { periodic: [false, false] } as const

function oneConvolution([o, i]: [number, number]) {
  const kernel = input('kernel', [o, i, 3, 3])
  return print({ y: convolution(input('x', [2, i, 4, 4]), kernel, border) })
}

describe('packConvolutions()', () => {
  it('packConvolutions() packs a convolution whose channels fill blocks', () => {
    expect(packedNodes(packConvolutions(oneConvolution([16, 32]), 16)).map(({ op }) => op)).toEqual([
      'ReorderInput',
      'Conv',
      'ReorderOutput',
    ])
  })

  it.each([
    [24, 32],
    [32, 24],
  ])('packConvolutions() leaves a convolution of %i × %i channels alone in blocks of 16', (o, i) => {
    const graph = oneConvolution([o, i])
    expect(packConvolutions(graph, 16)).toEqual(graph)
    expect(packedNodes(packConvolutions(graph, 8))).not.toEqual([])
  })

  it('packConvolutions() leaves a convolution with a constant kernel alone: the runtime packs it itself', () => {
    const kernel = constant(new Float32Array(16 * 16 * 9), [16, 16, 3, 3], 'kernel')
    const graph = print({ y: convolution(input('x', [2, 16, 4, 4]), kernel, border) })
    expect(packConvolutions(graph, 16)).toEqual(graph)
  })

  it('packConvolutions() leaves its argument as it was and keeps inputs and outputs', () => {
    const graph = oneConvolution([16, 16])
    const before = structuredClone(graph)
    const packed = packConvolutions(graph, 16)
    expect(graph).toEqual(before)
    expect([packed.inputs, packed.outputs]).toEqual([graph.inputs, graph.outputs])
  })

  it('packConvolutions() writes every value before it is read, under one name', () => {
    const [x, kernel] = [input('x', [2, 16, 4, 4]), input('kernel', [32, 16, 3, 3])]
    const [dx, dk] = gradient(
      total(multiply(convolution(x, kernel, border), convolution(x, kernel, border))),
      [x, kernel],
    )
    const graph = packConvolutions(print({ dx, dk }), 16)
    const known = new Set([
      '',
      ...graph.inputs.map(({ name }) => name),
      ...graph.initializers.map(({ name }) => name),
    ])
    for (const { inputs, outputs } of graph.nodes) {
      for (const name of inputs) expect(known).toContain(name)
      for (const name of outputs) {
        expect(known).not.toContain(name)
        known.add(name)
      }
    }
  })
})

describe('the packed training step', async () => {
  const runtime = onnxruntimeNode('cpu')
  const probe = await probeBlock(runtime)

  it.skipIf(probe.block === undefined).each([false, true])(
    'equals the standard step after three steps, periodic: %s',
    async periodic => {
      const [graph, feeds] = smallStep(periodic)
      const packed = packConvolutions(graph, probe.block as number)
      expect(packedNodes(packed).filter(({ op }) => op === 'Conv').length).toBeGreaterThan(10)
      const [a, b] = [await threeSteps(graph, feeds), await threeSteps(packed, feeds)]
      expect(Math.abs(b.loss / a.loss - 1)).toBeLessThan(1e-4)
      const start = feeds.parameters.data
      const [apart, moved] = [distance(a.parameters, b.parameters), distance(a.parameters, start)]
      expect(moved).toBeGreaterThan(0)
      expect(apart / moved).toBeLessThan(1e-4)
    },
    30_000,
  )

  /** A U-Net with attention at its second level, three images of 8 × 8. */
  function smallStep(periodic: boolean): [ReturnType<typeof print>, Record<string, Value>] {
    const [n, side] = [3, 8]
    const task: Task = {
      shape: [1, side, side],
      jumps: 4,
      periodic: [periodic, periodic],
      motion: 20,
      times: [1e-3, 1],
      scale: 50,
      classes: 2,
    }
    const options = { base: 16, multipliers: [1, 2], blocks: [1, 1], attention: [false, true], embedding: 16 }
    const network = (parameters: Parameters) => {
      const label = input('label', [n], 'int32')
      return unet(
        parameters,
        { counts: input('counts', [n, 1, side, side]), time: input('time', [n]), label },
        { task, options },
      )
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
      label: { shape: [n], data: Int32Array.of(0, 1, 2) },
      capacity: fill([n, 4, side, side], () => 30),
      target: fill([n, 4, side, side], () => 60 * rng.uniform()),
      weights: fill([n], () => 1 / 2000),
    }
    return [
      print(trainingStep(rateObjective(network, 'likelihood'), { layout, adam: { ...adamDefaults, epsilon: 1e-4 } })),
      feeds,
    ]
  }

  async function threeSteps(graph: ReturnType<typeof print>, feeds: Record<string, Value>) {
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
