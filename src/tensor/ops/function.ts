/** Element-wise functions of one tensor. */
import { apply, type Op, type Tensor } from '../tensor.ts'
import { add, divide, greater, multiply, negate, subtract } from './arithmetic.ts'

const nothing = {}

function unary(name: string, onnx: string, rule: (dy: Tensor, x: Tensor, y: Tensor) => Tensor): Op {
  return {
    name,
    shapes: ([x]) => [{ shape: x.shape }],
    onnx: (printer, inputs) => printer.emit(onnx, inputs),
    backward: (dy, { inputs: [x], outputs: [y] }) => [rule(dy, x, y)],
  }
}

export const expOp = unary('exp', 'Exp', (dy, _x, y) => multiply(dy, y))
export const logOp = unary('log', 'Log', (dy, x) => divide(dy, x))
export const sqrtOp = unary('sqrt', 'Sqrt', (dy, _x, y) => divide(multiply(dy, 0.5), y))
export const sinOp = unary('sin', 'Sin', (dy, x) => multiply(dy, cos(x)))
export const cosOp = unary('cos', 'Cos', (dy, x) => negate(multiply(dy, sin(x))))
export const sigmoidOp = unary('sigmoid', 'Sigmoid', (dy, _x, y) => multiply(dy, subtract(y, multiply(y, y))))
export const softplusOp = unary('softplus', 'Softplus', (dy, x) => multiply(dy, sigmoid(x)))
export const absOp = unary('abs', 'Abs', (dy, x) => multiply(dy, sign(x)))
/** −1, 0 or 1; flat, so its gradient is 0. */
export const signOp: Op = { ...unary('sign', 'Sign', dy => dy), backward: () => [undefined] }

const of = (op: Op) => (x: Tensor) => apply(op, [x], nothing)
export const exp = of(expOp)
export const log = of(logOp)
export const sqrt = of(sqrtOp)
export const sin = of(sinOp)
export const cos = of(cosOp)
export const sigmoid = of(sigmoidOp)
export const softplus = of(softplusOp)
export const abs = of(absOp)
export const sign = of(signOp)

/** x·σ(x). One record, so that its gradient dy·(s + y − y·s) reuses what the forward pass computed. */
export const siluOp: Op = {
  name: 'silu',
  shapes: ([x]) => [{ shape: x.shape }, { shape: x.shape }],
  onnx: (printer, [x]) => {
    const [s] = printer.emit('Sigmoid', [x])
    return [...printer.emit('Mul', [x, s]), s]
  },
  backward: (dy, { outputs: [y, s] }) => [multiply(dy, add(s, multiply(y, subtract(1, s))))],
}
export const silu = of(siluOp)

export interface Bounds {
  readonly low: number
  readonly high: number
}

/** x kept inside [low, high]; the gradient is cut outside, not at the ends themselves. */
export const clipOp: Op<Bounds> = {
  name: 'clip',
  shapes: ([x]) => [{ shape: x.shape }],
  onnx: (printer, [x], { attributes: { low, high } }) =>
    printer.emit('Clip', [x, printer.floats([low]), printer.floats([high])]),
  backward: (dy, { inputs: [x], attributes: { low, high } }) => [
    multiply(dy, subtract(1, add(greater(low, x), greater(x, high)))),
  ],
}
export const clip = (x: Tensor, low: number, high: number): Tensor => apply(clipOp, [x], { low, high })
