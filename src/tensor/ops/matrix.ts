/** Matrix products of the last two axes; leading axes must agree, or be absent on one side. */
import { cannot } from '../../base/errors.ts'
import { apply, type Op, sizeOf, type Tensor } from '../tensor.ts'
import { reshape, transpose } from './layout.ts'

const flip = (x: Tensor): Tensor => {
  const rank = x.shape.length
  return transpose(
    x,
    x.shape.map((_, i) => (i < rank - 2 ? i : i === rank - 2 ? rank - 1 : rank - 2)),
  )
}

/** [..., M, K] × [..., K, N] → [..., M, N]; the right side may also be a plain matrix [K, N]. */
export const matmulOp: Op = {
  name: 'matmul',
  shapes: ([a, b]) => {
    const inner = a.shape[a.shape.length - 1]
    const lead = a.shape.slice(0, -2)
    const same = b.shape.length === a.shape.length && lead.every((length, i) => length === b.shape[i])
    const fits = a.shape.length >= 2 && (b.shape.length === 2 || same)
    if (!fits || b.shape[b.shape.length - 2] !== inner)
      throw new RangeError(
        cannot('multiply matrices', 'the right shape', `one that fits [${a.shape}]`, b.shape),
      )
    return [{ shape: [...lead, a.shape[a.shape.length - 2], b.shape[b.shape.length - 1]] }]
  },
  onnx: (printer, inputs) => printer.emit('MatMul', inputs),
  backward: (dy, { inputs: [a, b] }) => {
    const da = matmul(dy, flip(b))
    if (b.shape.length === a.shape.length) return [da, matmul(flip(a), dy)]
    const rows = (x: Tensor) => reshape(x, [sizeOf(x.shape.slice(0, -1)), x.shape[x.shape.length - 1]])
    return [da, matmul(flip(rows(a)), rows(dy))]
  },
}
export const matmul = (a: Tensor, b: Tensor): Tensor => apply(matmulOp, [a, b], {})
