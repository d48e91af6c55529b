/** Halving and doubling the sides of images [N, C, H, W]: each is the other's gradient, up to the factor 4. */
import { cannot } from '../../base/errors.ts'
import { apply, type Op, type Tensor } from '../tensor.ts'
import { multiply } from './arithmetic.ts'

export interface Scale {
  /** How many sites one site of the coarse image covers along [H, W]: 1 or 2 each. */
  readonly factor: readonly [number, number]
}

/** Means over blocks of sites; the sides must be divisible. */
export const coarsenOp: Op<Scale> = {
  name: 'coarsen',
  shapes: ([{ shape }], { factor }) => {
    if (shape.length !== 4 || shape[2] % factor[0] !== 0 || shape[3] % factor[1] !== 0) {
      throw new RangeError(cannot('coarsen', 'the sides', `multiples of [${factor}]`, shape.slice(2)))
    }
    return [{ shape: [shape[0], shape[1], shape[2] / factor[0], shape[3] / factor[1]] }]
  },
  onnx: (printer, inputs, { attributes: { factor } }) =>
    printer.emit('AveragePool', inputs, { kernel_shape: factor, strides: factor }),
  backward: (dy, { attributes: { factor } }) => [multiply(refine(dy, factor), 1 / (factor[0] * factor[1]))],
}
export const coarsen = (x: Tensor, factor: readonly [number, number]): Tensor =>
  apply(coarsenOp, [x], { factor })

/** Every site repeated as a block. */
export const refineOp: Op<Scale> = {
  name: 'refine',
  shapes: ([{ shape }], { factor }) => {
    if (shape.length !== 4) throw new RangeError(cannot('refine', 'the images', '[N, C, H, W]', shape))
    return [{ shape: [shape[0], shape[1], shape[2] * factor[0], shape[3] * factor[1]] }]
  },
  onnx: (printer, [x], { attributes: { factor } }) =>
    printer.emit('Resize', [x, '', printer.floats([1, 1, ...factor], [4])], {
      mode: 'nearest',
      nearest_mode: 'floor',
      coordinate_transformation_mode: 'asymmetric',
    }),
  backward: (dy, { attributes: { factor } }) => [multiply(coarsen(dy, factor), factor[0] * factor[1])],
}
export const refine = (x: Tensor, factor: readonly [number, number]): Tensor =>
  apply(refineOp, [x], { factor })
