// Differentiation of whole compositions, and what it refuses.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  add,
  concat,
  constant,
  convolution,
  cos,
  divide,
  exp,
  gradient,
  input,
  log,
  matmul,
  multiply,
  print,
  reduceMean,
  reduceSum,
  reshape,
  sigmoid,
  silu,
  sin,
  slice,
  softmax,
  softplus,
  sqrt,
  standardize,
  type Tensor,
  total,
} from '../../src/tensor/index.ts'
import { apply, applyAll, type Op } from '../../src/tensor/tensor.ts'
import { apart, compute, floats } from './compute.ts'

interface Case {
  inputs: Record<string, { shape: number[]; data: number[] }>
  loss: number
  gradients: Record<string, number[]>
}

const vectors = JSON.parse(
  readFileSync(new URL('./vectors/gradient.json', import.meta.url), 'utf8'),
) as Record<string, Case>

const periodic = [false, true] as const

/** The scalars that gradient.py differentiates, by the same names. */
const compositions: Record<string, (of: Record<string, Tensor>) => Tensor> = {
  network({ x, kernel, bias, right, weights }) {
    const rows = standardize(reshape(convolution(x, kernel, { periodic, bias }), [2, 48]))
    return total(multiply(softmax(matmul(reshape(silu(rows), [2, 12, 4]), right)), weights))
  },
  shared({ a, b }) {
    const c = multiply(a, b)
    const d = add(sin(c), divide(c, add(a, 4)))
    return add(total(multiply(concat([c, d, c], 1), concat([d, a, c], 1))), total(multiply(c, c)))
  },
  squared({ x, kernel, v, u }) {
    const y = convolution(x, kernel, { periodic })
    const [dx, dk] = gradient(multiply(total(multiply(multiply(y, y), y)), 1 / 8), [x, kernel])
    return add(total(multiply(dk, v)), multiply(total(multiply(multiply(dx, dx), u)), 1 / 8))
  },
  twice({ x, m, w }) {
    const squares = multiply(x, x)
    const weighted = multiply(softmax(matmul(exp(multiply(x, 1 / 4)), m)), total(log(add(squares, 1))))
    const third = divide(matmul(softplus(x), cos(m)), add(reduceMean(x, [1]), 3))
    const y = add(add(weighted, matmul(sqrt(add(squares, 1)), sigmoid(m))), third)
    const [dx, dm] = gradient(total(multiply(multiply(y, y), w)), [x, m])
    return add(total(multiply(dx, dx)), total(multiply(multiply(dm, dm), total(w))))
  },
}

describe('gradient()', () => {
  it.each(Object.entries(vectors))(
    '`gradient()` agrees with PyTorch on "%s"',
    async (name, { inputs, ...wanted }) => {
      const names = Object.keys(inputs)
      const leaves = Object.fromEntries(names.map(key => [key, input(key, inputs[key].shape)]))
      const loss = compositions[name](leaves)
      const flows = gradient(loss, Object.values(leaves))
      const feeds = Object.fromEntries(names.map(key => [key, floats(inputs[key].shape, inputs[key].data)]))
      const outputs = Object.fromEntries(names.map((key, i) => [`d ${key}`, flows[i]]))
      const results = await compute({ loss, ...outputs }, feeds)
      expect(Math.abs(results.loss.data[0] / wanted.loss - 1)).toBeLessThan(1e-5)
      for (const key of names) {
        expect(results[`d ${key}`].shape).toEqual(inputs[key].shape)
        expect(apart(results[`d ${key}`].data, wanted.gradients[key]), key).toBeLessThan(1e-5)
      }
    },
  )

  it('`gradient()` of an inner tensor is the gradient of what was cut out there', async () => {
    const flat = input('flat', [6])
    const parts = [slice(flat, 0, 0, 2), reshape(slice(flat, 0, 2, 6), [2, 2])]
    const loss = total(multiply(matmul(reshape(parts[0], [1, 2]), parts[1]), constant([1, 10], [1, 2])))
    const [first, second, all] = gradient(loss, [...parts, flat])
    const feeds = { flat: floats([6], [1, 2, 3, 4, 5, 6]) }
    const results = await compute({ first, second, all }, feeds)
    // loss = p0 (m00 + 10 m01) + p1 (m10 + 10 m11)
    expect(Array.from(results.first.data)).toEqual([43, 65])
    expect(Array.from(results.second.data)).toEqual([1, 10, 2, 20])
    expect(Array.from(results.all.data)).toEqual([43, 65, 1, 10, 2, 20])
  })

  it('`gradient()` of the loss itself is 1', async () => {
    const loss = total(input('x', [2]))
    const [one] = gradient(loss, [loss])
    expect(Array.from((await compute({ one }, {})).one.data)).toEqual([1])
  })

  it('`gradient()` visits a subexpression that doubles forty times once per doubling', async () => {
    const x = input('x', [])
    let y = x
    for (let i = 0; i < 40; i++) y = add(y, y)
    const [dx] = gradient(y, [x])
    expect(print({ dx }).nodes.length).toBeLessThan(100)
    expect((await compute({ dx }, {})).dx.data[0]).toBe(2 ** 40)
  })

  it('`gradient()` walks a chain of 15,000 operations', () => {
    const x = input('x', [])
    let y = x
    for (let i = 0; i < 15_000; i++) y = sin(y)
    expect(gradient(y, [x])[0].shape).toEqual([])
  })

  it('`gradient()` builds nothing for inputs that are not asked for', () => {
    const [x, kernel] = [input('x', [1, 1, 4, 4]), input('kernel', [1, 1, 3, 3])]
    const [dk] = gradient(total(convolution(x, kernel, { periodic })), [kernel])
    expect(print({ dk }).inputs.map(({ name }) => name)).toEqual(['x'])
  })
})

describe('what gradient() refuses', () => {
  const x = input('x', [3])
  const loss = total(multiply(x, x))

  it('`gradient()` refuses a tensor that the loss does not use', () => {
    expect(() => gradient(loss, [x, input('other', [2, 2])])).toThrow(
      new RangeError('Cannot differentiate: the tensor must be used by the loss, got [2, 2]'),
    )
  })

  it('`gradient()` refuses a loss that is no scalar', () => {
    const message = 'Cannot differentiate: the loss must be a scalar, got [1]'
    expect(() => gradient(reduceSum(x, [0]), [x])).toThrow(new RangeError(message))
  })

  it('`gradient()` refuses an operation without a backward rule, on the way only', () => {
    const floor: Op = {
      name: 'floor',
      shapes: ([y]) => [{ shape: y.shape }],
      onnx: (printer, inputs) => printer.emit('Floor', inputs),
    }
    const message = 'Cannot differentiate: every operation must be differentiable, got "floor"'
    expect(() => gradient(total(apply(floor, [x], {})), [x])).toThrow(new TypeError(message))
    const beside = total(multiply(x, apply(floor, [input('y', [3])], {})))
    expect(gradient(beside, [x])[0].shape).toEqual([3])
  })

  it('`gradient()` refuses a path through a further output of an operation', () => {
    const silent = total(applyAll(silu(x).node.op, [x], {})[1])
    const message = 'Cannot differentiate: every path must be through first outputs, got "output 1 of silu"'
    expect(() => gradient(silent, [x])).toThrow(new TypeError(message))
    const [dx] = gradient(total(silu(x)), [x])
    expect(() => gradient(total(dx), [x])).toThrow(/output 1 of silu/)
    const y = input('y', [2, 3])
    const [dy] = gradient(total(multiply(standardize(y), y)), [y])
    expect(() => gradient(total(dy), [y])).toThrow(/output 2 of standardize/)
  })
})
