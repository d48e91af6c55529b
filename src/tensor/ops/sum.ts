/** Sums over axes, and the repetition that is their gradient. */

import { cannot } from '../../base/errors.ts'
import { demandGiven } from '../../base/given.ts'
import { apply, type Op, sizeOf, type Tensor, tensorKinds } from '../tensor.ts'
import { reshape, type ShapeAttributes } from './layout.ts'

export interface Axes {
  readonly axes: readonly number[]
}

/** The sum over the axes, which stay with length 1. */
export const reduceSumOp: Op<Axes> = {
  name: 'reduceSum',
  shapes: ([x], { axes }) => {
    if (axes.some(axis => !(axis >= 0 && axis < x.shape.length))) {
      throw new RangeError(cannot('sum', 'the axes', `in 0 … ${x.shape.length - 1}`, axes))
    }
    return [{ shape: x.shape.map((length, i) => (axes.includes(i) ? 1 : length)) }]
  },
  // No axes are no sum, but to ONNX's ReduceSum they are all axes.
  onnx: (printer, [x], { attributes: { axes } }) =>
    axes.length === 0 ? [x] : printer.emit('ReduceSum', [x, printer.integers(axes)], { keepdims: 1 }),
  backward: (dy, { inputs: [x] }) => [expand(dy, x.shape)],
}
export const reduceSum = (x: Tensor, axes: readonly number[]): Tensor => apply(reduceSumOp, [x], { axes })

/** Repeats axes of length 1 up to the shape. */
export const expandOp: Op<ShapeAttributes> = {
  name: 'expand',
  shapes: ([x], { shape }) => {
    if (x.shape.length !== shape.length || x.shape.some((length, i) => length !== 1 && length !== shape[i])) {
      throw new RangeError(cannot('expand', 'the shape', `of [${x.shape}] with its ones repeated`, shape))
    }
    return [{ shape }]
  },
  onnx: (printer, [x], { attributes: { shape } }) => printer.emit('Expand', [x, printer.integers(shape)]),
  backward: (dy, { inputs: [x] }) => [
    reduceSum(
      dy,
      x.shape.flatMap((length, i) => (length === dy.shape[i] ? [] : [i])),
    ),
  ],
}
export const expand = (x: Tensor, shape: readonly number[]): Tensor => apply(expandOp, [x], { shape })

/** The sum of all elements: a scalar of shape []. */
export function total(x: Tensor): Tensor {
  demandGiven('add up', { x }, { x: tensorKinds })
  return reshape(reduceSum(reshape(x, [sizeOf(x.shape)]), [0]), [])
}
