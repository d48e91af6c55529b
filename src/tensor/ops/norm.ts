/** Group normalisation with factor and offset: one record, because its gradient needs far fewer passes so. */

import { cannot } from '../../base/errors.ts'
import { demandGiven } from '../../base/given.ts'
import { apply, type Op, type Printer, type Tensor, tensorKinds } from '../tensor.ts'
import { multiply, subtract } from './arithmetic.ts'
import { reshape } from './layout.ts'
import { expand, reduceSum } from './sum.ts'

export interface Groups {
  readonly groups: number
}

/**
 * y·factor + offset for images [N, C, H, W], y being x with mean 0 and variance 1 (ε = 1e-5) over each group
 * of C/groups channels of an image; factor and offset are [1, C, 1, 1] or [N, C, 1, 1].
 *
 * With sums per image and channel A = Σ dz and B = Σ dz·y, and means over the group ⟨·⟩ = Σ_c(·)/(HW·C/groups),
 * the gradients are d offset = A, d factor = B (summed over images where those are shared) and
 * dx = (dz·factor − y·⟨B·factor⟩ − ⟨A·factor⟩)/σ: large arrays are read only for A, B and dx.
 */
export const groupNormOp: Op<Groups> = {
  name: 'groupNorm',
  shapes: ([x, factor, offset], { groups }) => {
    const [n, c] = x.shape
    if (x.shape.length !== 4 || c % groups !== 0) {
      throw new RangeError(cannot('normalise', 'the channels', `a multiple of ${groups} groups`, x.shape))
    }
    for (const { shape } of [factor, offset]) {
      const fits = shape.length === 4 && (shape[0] === 1 || shape[0] === n) && shape[1] === c
      if (!fits || shape[2] !== 1 || shape[3] !== 1) {
        throw new RangeError(cannot('normalise', 'factor and offset', `[1 or ${n}, ${c}, 1, 1]`, shape))
      }
    }
    return [{ shape: x.shape }, { shape: x.shape }, { shape: [n, groups, 1] }]
  },
  onnx: (printer, [x, factor, offset], { inputs: [{ shape }], attributes: { groups } }) => {
    const [n, c, h, w] = shape
    const size = (c / groups) * h * w
    const [rows] = printer.emit('Reshape', [x, printer.integers([n, groups, size])])
    const ones = onesOf(printer, size)
    const epsilon = { float: 1e-5 }
    const [standard, , inverse] = printer.emit(
      'LayerNormalization',
      [rows, ones],
      { axis: -1, epsilon },
      { outputs: 3 },
    )
    const [y] = printer.emit('Reshape', [standard, printer.integers(shape)])
    const [scaled] = printer.emit('Mul', [y, factor])
    return [...printer.emit('Add', [scaled, offset]), y, inverse]
  },
  backward: (dz, { inputs: [x, factor, offset], outputs: [, y, inverse], attributes: { groups } }) => {
    const [n, c, h, w] = x.shape
    const per = c / groups
    const inEveryChannel = (v: Tensor) => reshape(expand(v, [n, groups, per]), [n, c, 1, 1])
    const overGroup = (sums: Tensor) => {
      const mean = multiply(reduceSum(reshape(sums, [n, groups, per]), [2]), 1 / (per * h * w))
      return inEveryChannel(multiply(mean, inverse))
    }
    const a = reduceSum(dz, [2, 3])
    const b = reduceSum(multiply(dz, y), [2, 3])
    const direct = multiply(dz, multiply(factor, inEveryChannel(inverse)))
    const dx = subtract(
      subtract(direct, multiply(y, overGroup(multiply(b, factor)))),
      overGroup(multiply(a, factor)),
    )
    const shared = (sums: Tensor, { shape }: Tensor) => (shape[0] === n ? sums : reduceSum(sums, [0]))
    return [dx, shared(b, factor), shared(a, offset)]
  },
}

/** A factor of 1 for every site. What is longer than the file should be is spread out by the runtime, once. */
function onesOf(printer: Printer, size: number): string {
  if (size < 2 ** 16) return printer.floats(new Float32Array(size).fill(1), [size])
  return printer.emit('Expand', [printer.floats([1], [1]), printer.integers([size])])[0]
}

export function groupNorm(x: Tensor, options: Groups & { factor: Tensor; offset: Tensor }): Tensor {
  demandGiven(
    'normalise',
    { x, options },
    { x: tensorKinds, options: { factor: tensorKinds, offset: tensorKinds, groups: 'number' } },
  )
  const { factor, offset, groups } = options
  return apply(groupNormOp, [x, factor, offset], { groups })
}
