/** Element-wise arithmetic of two tensors, with the broadcasting of NumPy and ONNX. */
import { cannot } from '../../base/errors.ts'
import { constant } from '../leaves.ts'
import { apply, type Op, type Tensor } from '../tensor.ts'
import { reshape } from './layout.ts'
import { reduceSum } from './sum.ts'

const nothing = {}

/** The shape of two tensors combined element by element. */
function broadcast(what: string, a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, i) => {
    const x = a[i - rank + a.length] ?? 1
    const y = b[i - rank + b.length] ?? 1
    if (x !== y && x !== 1 && y !== 1)
      throw new RangeError(cannot(what, 'the second shape', `broadcastable to [${a}]`, b))
    return x === 1 ? y : x
  })
}

/** Sums a gradient back to the shape that was broadcast. */
function unbroadcast(dy: Tensor, shape: readonly number[]): Tensor {
  const lead = dy.shape.length - shape.length
  const axes = dy.shape.flatMap((length, i) =>
    i < lead || (shape[i - lead] === 1 && length !== 1) ? [i] : [],
  )
  const summed = axes.length > 0 ? reduceSum(dy, axes) : dy
  return summed.shape.length === shape.length ? summed : reshape(summed, shape)
}

type Rule = (dy: Tensor, a: Tensor, b: Tensor, y: Tensor) => readonly [Tensor, Tensor]

function binary(name: string, onnx: string, rule: Rule): Op {
  return {
    name,
    shapes: ([a, b]) => [{ shape: broadcast(name, a.shape, b.shape) }],
    onnx: (printer, inputs) => printer.emit(onnx, inputs),
    backward: (dy, { inputs: [a, b], outputs: [y] }) => {
      const [da, db] = rule(dy, a, b, y)
      return [unbroadcast(da, a.shape), unbroadcast(db, b.shape)]
    },
  }
}

export const addOp = binary('add', 'Add', dy => [dy, dy])
export const subtractOp = binary('subtract', 'Sub', dy => [dy, negate(dy)])
export const multiplyOp = binary('multiply', 'Mul', (dy, a, b) => [multiply(dy, b), multiply(dy, a)])
export const divideOp = binary('divide', 'Div', (dy, _a, b, y) => {
  const da = divide(dy, b)
  return [da, negate(multiply(da, y))]
})

const tensor = (value: Tensor | number): Tensor => (typeof value === 'number' ? constant(value) : value)

export const add = (a: Tensor | number, b: Tensor | number): Tensor =>
  apply(addOp, [tensor(a), tensor(b)], nothing)
export const subtract = (a: Tensor | number, b: Tensor | number): Tensor =>
  apply(subtractOp, [tensor(a), tensor(b)], nothing)
export const multiply = (a: Tensor | number, b: Tensor | number): Tensor =>
  apply(multiplyOp, [tensor(a), tensor(b)], nothing)
export const divide = (a: Tensor | number, b: Tensor | number): Tensor =>
  apply(divideOp, [tensor(a), tensor(b)], nothing)
export const negate = (x: Tensor): Tensor => multiply(x, -1)

/** 1 where a > b, else 0; flat, so no gradient flows through it. */
export const greaterOp: Op = {
  name: 'greater',
  shapes: ([a, b]) => [{ shape: broadcast('compare', a.shape, b.shape) }],
  onnx: (printer, inputs) => printer.emit('Cast', printer.emit('Greater', inputs), { to: 1 }),
  backward: () => [undefined, undefined],
}
export const greater = (a: Tensor | number, b: Tensor | number): Tensor =>
  apply(greaterOp, [tensor(a), tensor(b)], nothing)
