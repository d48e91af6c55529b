// Every operation of the graph against PyTorch: its values and its gradients.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  abs,
  add,
  clip,
  coarsen,
  concat,
  constant,
  convolution,
  cos,
  divide,
  exp,
  expand,
  gradient,
  greater,
  input,
  log,
  matmul,
  multiply,
  oneHot,
  operations,
  pad,
  reduceSum,
  refine,
  reshape,
  sigmoid,
  sign,
  silu,
  sin,
  slice,
  softmax,
  softplus,
  sqrt,
  standardize,
  subtract,
  type Tensor,
  total,
  transpose,
} from '../../src/graph/index.ts'
import { flipTaps, kernelGradient } from '../../src/graph/ops/convolution.ts'
import type { Value } from '../../src/runtime/runtime.ts'
import { apart, compute, floats } from './compute.ts'

interface Attributes {
  axis: number
  axes: number[]
  order: number[]
  shape: number[]
  start: number
  end: number
  before: number
  after: number
  depth: number
  low: number
  high: number
  periodic: [boolean, boolean]
  sides: [number, number]
  factor: [number, number]
}

interface Case {
  inputs: { shape: number[]; data: number[]; type?: 'int32' }[]
  attributes: Attributes
  weights: number[]
  y: { shape: number[]; data: number[] }
  gradients: (number[] | null)[]
}

const vectors = JSON.parse(readFileSync(new URL('./vectors/ops.json', import.meta.url), 'utf8')) as Record<
  string,
  Record<string, Case>
>

/** How each operation is applied. */
const uses: Record<string, (inputs: Tensor[], attributes: Attributes) => Tensor> = {
  add: ([a, b]) => add(a, b),
  subtract: ([a, b]) => subtract(a, b),
  multiply: ([a, b]) => multiply(a, b),
  divide: ([a, b]) => divide(a, b),
  greater: ([a, b]) => greater(a, b),
  exp: ([x]) => exp(x),
  log: ([x]) => log(x),
  sqrt: ([x]) => sqrt(x),
  sin: ([x]) => sin(x),
  cos: ([x]) => cos(x),
  sigmoid: ([x]) => sigmoid(x),
  softplus: ([x]) => softplus(x),
  abs: ([x]) => abs(x),
  sign: ([x]) => sign(x),
  silu: ([x]) => silu(x),
  clip: ([x], { low, high }) => clip(x, low, high),
  reduceSum: ([x], { axes }) => reduceSum(x, axes),
  expand: ([x], { shape }) => expand(x, shape),
  softmax: ([x]) => softmax(x),
  standardize: ([x]) => standardize(x),
  reshape: ([x], { shape }) => reshape(x, shape),
  transpose: ([x], { order }) => transpose(x, order),
  concat: (inputs, { axis }) => concat(inputs, axis),
  slice: ([x], { axis, start, end }) => slice(x, axis, start, end),
  pad: ([x], { axis, before, after }) => pad(x, axis, before, after),
  oneHot: ([x], { depth }) => oneHot(x, depth),
  matmul: ([a, b]) => matmul(a, b),
  convolution: ([x, kernel, bias], { periodic }) => convolution(x, kernel, { periodic, bias }),
  flipTaps: ([kernel]) => flipTaps(kernel),
  kernelGradient: ([x, dy], { periodic, sides }) => kernelGradient(x, dy, { periodic, sides }),
  coarsen: ([x], { factor }) => coarsen(x, factor),
  refine: ([x], { factor }) => refine(x, factor),
}

/** Operations through which no gradient flows. */
const flat: Record<string, string> = {
  greater: 'it is a step, constant on either side',
  sign: 'it is a step, constant on either side',
  oneHot: 'its input is an integer',
}

/** Largest error allowed, relative to the largest number of the array. */
const tolerance = 1e-5

const names = operations.map(({ name }) => name)

function built(op: string, { inputs, attributes }: Case) {
  const leaves = inputs.map(({ shape, type }, i) => input(`in${i}`, shape, type))
  const feeds: Record<string, Value> = {}
  inputs.forEach(({ shape, data, type }, i) => {
    feeds[`in${i}`] = type === 'int32' ? { shape, data: Int32Array.from(data) } : floats(shape, data)
  })
  return { leaves, feeds, y: uses[op](leaves, attributes) }
}

describe('operations', () => {
  it('`operations` all have cases, and every case has its operation', () => {
    expect(Object.keys(vectors).sort()).toEqual([...names].sort())
    expect(Object.keys(uses).sort()).toEqual([...names].sort())
    expect(names).toEqual(expect.arrayContaining(Object.keys(flat)))
    for (const op of names) expect(Object.keys(vectors[op]), op).not.toEqual([])
  })
})

describe.each(operations.map(op => [op.name, op] as const))('`%s`', (_, op) => {
  const cases = Object.entries(vectors[op.name])

  it.each(cases)('has the values of PyTorch: %s', async (_, given) => {
    const { y, feeds } = built(op.name, given)
    expect(y.node.op).toBe(op)
    const results = await compute({ y }, feeds)
    expect(results.y.shape).toEqual(given.y.shape)
    expect(apart(results.y.data, given.y.data)).toBeLessThanOrEqual(tolerance)
  })

  if (op.name in flat) {
    it(`has no gradient: ${flat[op.name]}`, () => {
      for (const [, given] of cases) {
        const { y, leaves } = built(op.name, given)
        expect(given.gradients.every(g => !g?.some(value => value !== 0))).toBe(true)
        for (const leaf of leaves)
          expect(() => gradient(total(y), [leaf])).toThrow(/must be used by the loss/)
      }
    })
  } else {
    it.each(cases)('has the gradients of PyTorch: %s', async (_, given) => {
      const { y, leaves, feeds } = built(op.name, given)
      const loss = total(multiply(y, constant(given.weights, given.y.shape)))
      const outputs = Object.fromEntries(gradient(loss, leaves).map((g, i) => [`d${i}`, g]))
      const results = await compute(outputs, feeds)
      leaves.forEach(({ shape }, i) => {
        expect(results[`d${i}`].shape).toEqual(shape)
        expect(
          apart(results[`d${i}`].data, given.gradients[i] as number[]),
          `input ${i}`,
        ).toBeLessThanOrEqual(tolerance)
      })
    })
  }
})
