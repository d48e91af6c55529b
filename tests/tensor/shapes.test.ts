// What the shape rules of the operations refuse, and in which words.
import { describe, expect, it } from 'vitest'
import {
  add,
  coarsen,
  concat,
  constant,
  convolution,
  divide,
  expand,
  greater,
  groupNorm,
  matmul,
  pad,
  reduceSum,
  refine,
  reshape,
  slice,
  type Tensor,
  transpose,
} from '../../src/tensor/index.ts'
import { flipTaps, kernelGradient } from '../../src/tensor/ops/convolution.ts'

/** Every shape rule at least once: what is applied, and all that the message says. */
const zeros = (...shape: number[]) => constant(new Float32Array(shape.reduce((a, b) => a * b, 1)), shape)
const border = (rows: boolean, columns: boolean) => ({ periodic: [rows, columns] as const })
const refusals: [wrong: string, use: () => Tensor, message: string][] = [
  [
    'add',
    () => add(zeros(2, 3), zeros(2)),
    'Cannot add: the second shape must be broadcastable to [2,3], got [2]',
  ],
  [
    'divide',
    () => divide(zeros(3), zeros(4)),
    'Cannot divide: the second shape must be broadcastable to [3], got [4]',
  ],
  [
    'greater',
    () => greater(zeros(3), zeros(2, 2)),
    'Cannot compare: the second shape must be broadcastable to [3], got [2, 2]',
  ],
  [
    'groupNorm of channels that do not fill groups',
    () => groupNorm(zeros(2, 6, 3, 3), { factor: zeros(1, 6, 1, 1), offset: zeros(1, 6, 1, 1), groups: 4 }),
    'Cannot normalise: the channels must be a multiple of 4 groups, got [2, 6, 3, 3]',
  ],
  [
    'groupNorm by a factor of other channels',
    () => groupNorm(zeros(2, 4, 3, 3), { factor: zeros(1, 2, 1, 1), offset: zeros(1, 4, 1, 1), groups: 2 }),
    'Cannot normalise: factor and offset must be [1 or 2, 4, 1, …], got [1, 2, 1, 1]',
  ],
  [
    'reduceSum past the axes',
    () => reduceSum(zeros(2, 3), [2]),
    'Cannot sum: the axes must be in 0 … 1, got [2]',
  ],
  [
    'reduceSum of a negative axis',
    () => reduceSum(zeros(2, 3), [-1]),
    'Cannot sum: the axes must be in 0 … 1, got [-1]',
  ],
  [
    'expand of what is not 1',
    () => expand(zeros(2, 3), [4, 3]),
    'Cannot expand: the shape must be of [2,3] with its ones repeated, got [4, 3]',
  ],
  [
    'expand to another rank',
    () => expand(zeros(1), [4, 1]),
    'Cannot expand: the shape must be of [1] with its ones repeated, got [4, 1]',
  ],
  ['reshape', () => reshape(zeros(2, 3), [5]), 'Cannot reshape: the shape must be of 6 elements, got [5]'],
  [
    'transpose of an axis twice',
    () => transpose(zeros(2, 3), [0, 0]),
    'Cannot transpose: the order must be a permutation of 2 axes, got [0, 0]',
  ],
  [
    'transpose of too few axes',
    () => transpose(zeros(2, 3), [0]),
    'Cannot transpose: the order must be a permutation of 2 axes, got [0]',
  ],
  [
    'concat of other lengths',
    () => concat([zeros(2, 3), zeros(3, 3)], 1),
    'Cannot concatenate: every shape must be [2,6] off axis 1, got [3, 3]',
  ],
  [
    'concat of other ranks',
    () => concat([zeros(2, 3), zeros(2)], 0),
    'Cannot concatenate: every shape must be [4,3] off axis 0, got [2]',
  ],
  [
    'concat along no axis',
    () => concat([zeros(2)], 1),
    'Cannot concatenate: the inputs must be tensors with an axis 1, got [[2]]',
  ],
  [
    'concat of nothing',
    () => concat([], 0),
    'Cannot concatenate: the inputs must be tensors with an axis 0, got []',
  ],
  [
    'slice past the end',
    () => slice(zeros(2, 3), 1, 1, 4),
    'Cannot slice: the range of axis 1 must be inside 0 … 3, got [1, 4]',
  ],
  [
    'slice of nothing',
    () => slice(zeros(3), 0, 2, 2),
    'Cannot slice: the range of axis 0 must be inside 0 … 3, got [2, 2]',
  ],
  [
    'slice from before the start',
    () => slice(zeros(3), 0, -1, 2),
    'Cannot slice: the range of axis 0 must be inside 0 … 3, got [-1, 2]',
  ],
  ['pad of a missing axis', () => pad(zeros(3), 1, 1, 1), 'Cannot pad: the axis must be in 0 … 0, got 1'],
  [
    'pad by less than nothing',
    () => pad(zeros(3), 0, -1, 1),
    'Cannot pad: the margins must be non-negative, got [-1, 1]',
  ],
  [
    'matmul of other lengths',
    () => matmul(zeros(2, 3), zeros(2, 3)),
    'Cannot multiply matrices: the right shape must be one that fits [2,3], got [2, 3]',
  ],
  [
    'matmul of other batches',
    () => matmul(zeros(2, 4, 3), zeros(3, 3, 4)),
    'Cannot multiply matrices: the right shape must be one that fits [2,4,3], got [3, 3, 4]',
  ],
  [
    'matmul of a vector',
    () => matmul(zeros(3), zeros(3, 2)),
    'Cannot multiply matrices: the right shape must be one that fits [3], got [3, 2]',
  ],
  [
    'convolution of other channels',
    () => convolution(zeros(1, 2, 4, 4), zeros(3, 3, 3, 3), border(false, false)),
    'Cannot convolve: the kernel must be [Co, 2, odd, …] for images or volumes [N, Ci, …] = [1,2,4,4], got [3, 3, 3, 3]',
  ],
  [
    'convolution with an even side',
    () => convolution(zeros(1, 2, 4, 4), zeros(3, 2, 3, 2), border(false, false)),
    'Cannot convolve: the kernel must be [Co, 2, odd, …] for images or volumes [N, Ci, …] = [1,2,4,4], got [3, 2, 3, 2]',
  ],
  [
    'convolution around a short axis',
    () => convolution(zeros(1, 1, 4, 1), zeros(1, 1, 1, 5), border(false, true)),
    'Cannot convolve: a periodic axis must be at least as long as half the kernel, got [4, 1]',
  ],
  [
    'convolution with a wrong bias',
    () => convolution(zeros(1, 1, 4, 4), zeros(2, 1, 3, 3), { ...border(true, true), bias: zeros(3) }),
    'Cannot convolve: the bias must be [2], got [3]',
  ],
  [
    'flipTaps',
    () => flipTaps(zeros(2, 3, 3)),
    'Cannot flip taps: the kernel must be [Co, Ci, kh, kw], got [2, 3, 3]',
  ],
  [
    'kernelGradient of other sites',
    () => kernelGradient(zeros(2, 1, 4, 4), zeros(2, 3, 4, 3), { ...border(false, false), sides: [3, 3] }),
    'Cannot sum over sites: the second shape must be [2,3,4,4], got [2, 3, 4, 3]',
  ],
  [
    'kernelGradient of even sides',
    () => kernelGradient(zeros(2, 1, 4, 4), zeros(2, 3, 4, 4), { ...border(false, false), sides: [2, 3] }),
    'Cannot convolve: the kernel must be [Co, 1, odd, …] for images or volumes [N, Ci, …] = [2,1,4,4], got [3, 1, 2, 3]',
  ],
  [
    'coarsen of an odd side',
    () => coarsen(zeros(1, 1, 4, 5), [2, 2]),
    'Cannot coarsen: the sides must be multiples of [2,2], got [4, 5]',
  ],
  [
    'refine of no images',
    () => refine(zeros(4, 4), [2, 2]),
    'Cannot refine: the images must be of 2 axes of sites, got [4, 4]',
  ],
  [
    'constant',
    () => constant([1, 2, 3], [2, 2]),
    'Cannot make a constant: its values must be 4 numbers, got 3',
  ],
]

describe('shape rules', () => {
  it.each(refusals)('refuse a wrong `%s`', (_, use, message) => {
    expect(use).toThrow(new RangeError(message))
  })
})
