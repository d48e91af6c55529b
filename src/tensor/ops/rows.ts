/** Means, and operations on the rows of the last axis: softmax and standardisation. */
import { demandGiven } from '../../base/given.ts'
import { apply, type Op, sizeOf, type Tensor, tensorKinds } from '../tensor.ts'
import { multiply, subtract } from './arithmetic.ts'
import { exp } from './function.ts'
import { reduceSum } from './sum.ts'

/** The mean over the axes, which stay with length 1. */
export function reduceMean(x: Tensor, axes: readonly number[]): Tensor {
  demandGiven('take the mean', { x, axes }, { x: tensorKinds, axes: 'list' })
  return multiply(reduceSum(x, axes), 1 / sizeOf(axes.map(axis => x.shape[axis])))
}

/** Softmax over the last axis. */
export const softmaxOp: Op = {
  name: 'softmax',
  shapes: ([x]) => [{ shape: x.shape }],
  onnx: (printer, inputs) => printer.emit('Softmax', inputs, { axis: -1 }),
  backward: (dy, { outputs: [y] }) => {
    const inner = multiply(dy, y)
    return [subtract(inner, multiply(y, reduceSum(inner, [y.shape.length - 1])))]
  },
}
export const softmax = (x: Tensor): Tensor => apply(softmaxOp, [x], {})

/** The logarithm of the softmax over the last axis, by the runtime's LogSoftmax, which does not underflow. */
export const logSoftmaxOp: Op = {
  name: 'logSoftmax',
  shapes: ([x]) => [{ shape: x.shape }],
  onnx: (printer, inputs) => printer.emit('LogSoftmax', inputs, { axis: -1 }),
  backward: (dy, { outputs: [y] }) => [subtract(dy, multiply(exp(y), reduceSum(dy, [y.shape.length - 1])))],
}
export const logSoftmax = (x: Tensor): Tensor => apply(logSoftmaxOp, [x], {})

/** Rows of the last axis with mean 0 and variance 1 (ε = 1e-5), by the runtime's LayerNormalization. */
export const standardizeOp: Op = {
  name: 'standardize',
  shapes: ([x]) => {
    const rows = [...x.shape.slice(0, -1), 1]
    return [{ shape: x.shape }, { shape: rows }, { shape: rows }]
  },
  onnx: (printer, [x], { inputs: [{ shape }] }) => {
    const scale = printer.floats(new Float32Array(shape[shape.length - 1]).fill(1), [shape[shape.length - 1]])
    return printer.emit(
      'LayerNormalization',
      [x, scale],
      { axis: -1, epsilon: { float: 1e-5 } },
      { outputs: 3 },
    )
  },
  // dx = (dy − mean(dy) − y·mean(dy·y)) / σ
  backward: (dy, { outputs: [y, , inverse] }) => {
    const last = [y.shape.length - 1]
    const centred = subtract(dy, reduceMean(dy, last))
    return [multiply(subtract(centred, multiply(y, reduceMean(multiply(dy, y), last))), inverse)]
  },
}
export const standardize = (x: Tensor): Tensor => apply(standardizeOp, [x], {})
