/** Halving and doubling the sides of images or volumes [N, C, …]: each is the other's gradient, up to a factor. */
import { cannot } from '../../base/errors.ts'
import { apply, type Op, sizeOf, type Tensor } from '../tensor.ts'
import { multiply } from './arithmetic.ts'

export interface Scale {
  /** How many sites one site of the coarse image covers along each axis: 1 or 2. */
  readonly factor: readonly number[]
}

/** Means over blocks of sites; the sides must be divisible. */
export const coarsenOp: Op<Scale> = {
  name: 'coarsen',
  shapes: ([{ shape }], { factor }) => {
    const [n, c, ...lengths] = shape
    if (lengths.length !== factor.length || lengths.some((length, i) => length % factor[i] !== 0))
      throw new RangeError(cannot('coarsen', 'the sides', `multiples of [${factor}]`, lengths))
    return [{ shape: [n, c, ...lengths.map((length, i) => length / factor[i])] }]
  },
  onnx: (printer, inputs, { attributes: { factor } }) =>
    printer.emit('AveragePool', inputs, { kernel_shape: factor, strides: factor }),
  backward: (dy, { attributes: { factor } }) => [multiply(refine(dy, factor), 1 / sizeOf(factor))],
}
export const coarsen = (x: Tensor, factor: readonly number[]): Tensor => apply(coarsenOp, [x], { factor })

/** Every site repeated as a block. */
export const refineOp: Op<Scale> = {
  name: 'refine',
  shapes: ([{ shape }], { factor }) => {
    const [n, c, ...lengths] = shape
    if (lengths.length !== factor.length)
      throw new RangeError(cannot('refine', 'the images', `of ${factor.length} axes of sites`, shape))
    return [{ shape: [n, c, ...lengths.map((length, i) => length * factor[i])] }]
  },
  onnx: (printer, [x], { attributes: { factor } }) =>
    printer.emit('Resize', [x, '', printer.floats([1, 1, ...factor], [2 + factor.length])], {
      mode: 'nearest',
      nearest_mode: 'floor',
      coordinate_transformation_mode: 'asymmetric',
    }),
  backward: (dy, { attributes: { factor } }) => [multiply(coarsen(dy, factor), sizeOf(factor))],
}
export const refine = (x: Tensor, factor: readonly number[]): Tensor => apply(refineOp, [x], { factor })
