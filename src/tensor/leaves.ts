/** The leaves of a graph: tensors that are fed at every run, and constants. */

import { cannot } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { apply, type ElementType, type Op, sizeOf, type Tensor } from './tensor.ts'

export interface InputAttributes {
  readonly name: string
  readonly shape: readonly number[]
  readonly type: ElementType
}

export const inputOp: Op<InputAttributes> = {
  name: 'input',
  shapes: (_, { shape, type }) => [{ shape, type }],
  onnx: (_printer, _inputs, { attributes }) => [attributes.name],
}

/** A tensor fed by name at every run. */
export function input(name: string, shape: readonly number[], type: ElementType = 'float32'): Tensor {
  return apply(inputOp, [], { name, shape, type })
}

export interface ConstantAttributes {
  /** The constant's name in the printed graph; weights have one. */
  readonly name?: string
  readonly values: Float32Array
  readonly shape: readonly number[]
}

export const constantOp: Op<ConstantAttributes> = {
  name: 'constant',
  shapes: (_, { shape }) => [{ shape }],
  onnx: (printer, _inputs, { attributes }) => [
    printer.floats(attributes.values, attributes.shape, attributes.name),
  ],
}

/** A constant tensor; a number makes a scalar of shape []. */
export function constant(
  values: number | ArrayLike<number>,
  shape: readonly number[] = [],
  name?: string,
): Tensor {
  demandGiven('build a constant', { shape }, { shape: 'list' })
  if (typeof values !== 'number') demandGiven('build a constant', { values }, { values: 'list' })
  const data = Float32Array.from(typeof values === 'number' ? [values] : values)
  if (data.length !== sizeOf(shape)) {
    throw new RangeError(cannot('make a constant', 'its values', `${sizeOf(shape)} numbers`, data.length))
  }
  return apply(constantOp, [], { values: data, shape, name })
}
