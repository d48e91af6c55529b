/** Operations that move elements without changing them. */
import { cannot } from '../../base/errors.ts'
import { apply, type Op, sizeOf, type Tensor } from '../tensor.ts'

export interface ShapeAttributes {
  readonly shape: readonly number[]
}

export const reshapeOp: Op<ShapeAttributes> = {
  name: 'reshape',
  shapes: ([x], { shape }) => {
    if (sizeOf(shape) !== sizeOf(x.shape))
      throw new RangeError(cannot('reshape', 'the shape', `of ${sizeOf(x.shape)} elements`, shape))
    return [{ shape }]
  },
  onnx: (printer, [x], { attributes: { shape } }) => printer.emit('Reshape', [x, printer.integers(shape)]),
  backward: (dy, { inputs: [x] }) => [reshape(dy, x.shape)],
}
export const reshape = (x: Tensor, shape: readonly number[]): Tensor => apply(reshapeOp, [x], { shape })

export interface Permutation {
  readonly order: readonly number[]
}

export const transposeOp: Op<Permutation> = {
  name: 'transpose',
  shapes: ([x], { order }) => {
    if ([...order].sort((a, b) => a - b).some((axis, i) => axis !== i) || order.length !== x.shape.length) {
      throw new RangeError(cannot('transpose', 'the order', `a permutation of ${x.shape.length} axes`, order))
    }
    return [{ shape: order.map(axis => x.shape[axis]) }]
  },
  onnx: (printer, inputs, { attributes: { order } }) => printer.emit('Transpose', inputs, { perm: order }),
  backward: (dy, { attributes: { order } }) => [
    transpose(
      dy,
      order.map((_, i) => order.indexOf(i)),
    ),
  ],
}
export const transpose = (x: Tensor, order: readonly number[]): Tensor => apply(transposeOp, [x], { order })

export interface Axis {
  readonly axis: number
}

export const concatOp: Op<Axis> = {
  name: 'concat',
  shapes: (inputs, { axis }) => {
    if (!(axis >= 0 && axis < (inputs[0]?.shape.length ?? 0))) {
      const shapes = inputs.map(x => x.shape)
      throw new RangeError(cannot('concatenate', 'the inputs', `tensors with an axis ${axis}`, shapes))
    }
    const length = inputs.reduce((sum, x) => sum + x.shape[axis], 0)
    const shape = inputs[0].shape.map((own, i) => (i === axis ? length : own))
    for (const x of inputs) {
      const fits =
        x.shape.length === shape.length && x.shape.every((own, i) => i === axis || own === shape[i])
      if (!fits)
        throw new RangeError(cannot('concatenate', 'every shape', `[${shape}] off axis ${axis}`, x.shape))
    }
    return [{ shape }]
  },
  onnx: (printer, inputs, { attributes: { axis } }) =>
    inputs.length === 1 ? [inputs[0]] : printer.emit('Concat', inputs, { axis }),
  backward: (dy, { inputs, attributes: { axis } }) => {
    let start = 0
    return inputs.map(x => {
      const part = slice(dy, axis, start, start + x.shape[axis])
      start += x.shape[axis]
      return part
    })
  },
}
export const concat = (inputs: readonly Tensor[], axis: number): Tensor => apply(concatOp, inputs, { axis })

export interface Range {
  readonly axis: number
  readonly start: number
  readonly end: number
}

/** The elements start … end − 1 of one axis. */
export const sliceOp: Op<Range> = {
  name: 'slice',
  shapes: ([x], { axis, start, end }) => {
    if (!(start >= 0 && start < end && end <= x.shape[axis]))
      throw new RangeError(
        cannot('slice', `the range of axis ${axis}`, `inside 0 … ${x.shape[axis]}`, [start, end]),
      )
    return [{ shape: x.shape.map((length, i) => (i === axis ? end - start : length)) }]
  },
  onnx: (printer, [x], { attributes: { axis, start, end } }) =>
    printer.emit('Slice', [x, printer.integers([start]), printer.integers([end]), printer.integers([axis])]),
  backward: (dy, { inputs: [x], attributes: { axis, start, end } }) => [
    pad(dy, axis, start, x.shape[axis] - end),
  ],
}
export const slice = (x: Tensor, axis: number, start: number, end: number): Tensor =>
  apply(sliceOp, [x], { axis, start, end })

export interface Margins {
  readonly axis: number
  readonly before: number
  readonly after: number
}

/** Zeros before and after the elements of one axis. */
export const padOp: Op<Margins> = {
  name: 'pad',
  shapes: ([x], { axis, before, after }) => {
    if (!(axis >= 0 && axis < x.shape.length))
      throw new RangeError(cannot('pad', 'the axis', `in 0 … ${x.shape.length - 1}`, axis))
    if (!(before >= 0 && after >= 0))
      throw new RangeError(cannot('pad', 'the margins', 'non-negative', [before, after]))
    return [{ shape: x.shape.map((length, i) => (i === axis ? before + length + after : length)) }]
  },
  onnx: (printer, [x], { inputs: [{ shape }], attributes: { axis, before, after } }) =>
    printer.emit('Pad', [
      x,
      printer.integers([
        ...shape.map((_, i) => (i === axis ? before : 0)),
        ...shape.map((_, i) => (i === axis ? after : 0)),
      ]),
    ]),
  backward: (dy, { inputs: [x], attributes: { axis, before } }) => [
    slice(dy, axis, before, before + x.shape[axis]),
  ],
}
export const pad = (x: Tensor, axis: number, before: number, after: number): Tensor =>
  apply(padOp, [x], { axis, before, after })

export interface Depth {
  readonly depth: number
}

/** Integers [N] as rows [N, depth] with a single 1; an index outside 0 … depth − 1 gives a row of zeros. */
export const oneHotOp: Op<Depth> = {
  name: 'oneHot',
  shapes: ([x], { depth }) => [{ shape: [...x.shape, depth] }],
  onnx: (printer, [x], { inputs: [{ shape }], attributes: { depth } }) => {
    const column = printer.emit('Reshape', [x, printer.integers([...shape, 1])])
    const equal = printer.emit('Equal', [
      ...column,
      printer.integers(
        Array.from({ length: depth }, (_, i) => i),
        'int32',
      ),
    ])
    return printer.emit('Cast', equal, { to: 1 })
  },
  backward: () => [undefined],
}
export const oneHot = (x: Tensor, depth: number): Tensor => apply(oneHotOp, [x], { depth })
