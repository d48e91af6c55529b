// The cases of every operation: how it is applied, and what PyTorch says of it.
import { readFileSync } from 'node:fs'
import type { Value } from '../../src/runtime/runtime.ts'
import {
  abs,
  add,
  clip,
  coarsen,
  concat,
  convolution,
  cos,
  divide,
  exp,
  expand,
  greater,
  groupNorm,
  input,
  log,
  logSoftmax,
  matmul,
  multiply,
  oneHot,
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
  transpose,
} from '../../src/tensor/index.ts'
import { flipTaps, kernelGradient } from '../../src/tensor/ops/convolution.ts'
import { floats } from './compute.ts'

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
  periodic: boolean[]
  sides: number[]
  factor: number[]
  groups: number
}

export interface Case {
  inputs: { shape: number[]; data: number[]; type?: 'int32' }[]
  attributes: Attributes
  weights: number[]
  y: { shape: number[]; data: number[] }
  gradients: (number[] | null)[]
}

/** Cases by operation and name. */
export const vectors = JSON.parse(
  readFileSync(new URL('./vectors/ops.json', import.meta.url), 'utf8'),
) as Record<string, Record<string, Case>>

/** How each operation is applied. */
export const uses: Record<string, (inputs: Tensor[], attributes: Attributes) => Tensor> = {
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
  logSoftmax: ([x]) => logSoftmax(x),
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
  groupNorm: ([x, factor, offset], { groups }) => groupNorm(x, { factor, offset, groups }),
}

/** The operation applied to the inputs of one case, and what to feed them. */
export function built(op: string, { inputs, attributes }: Case) {
  const leaves = inputs.map(({ shape, type }, i) => input(`in${i}`, shape, type))
  const feeds: Record<string, Value> = {}
  inputs.forEach(({ shape, data, type }, i) => {
    feeds[`in${i}`] = type === 'int32' ? { shape, data: Int32Array.from(data) } : floats(shape, data)
  })
  return { leaves, feeds, y: uses[op](leaves, attributes) }
}
