/** The table of operations: the tests walk it, so that no operation can be without its numbers. */
import { addOp, divideOp, greaterOp, multiplyOp, subtractOp } from './arithmetic.ts'
import { convolutionOp, flipTapsOp, kernelGradientOp } from './convolution.ts'
import {
  absOp,
  clipOp,
  cosOp,
  expOp,
  logOp,
  sigmoidOp,
  signOp,
  siluOp,
  sinOp,
  softplusOp,
  sqrtOp,
} from './function.ts'
import { concatOp, oneHotOp, padOp, reshapeOp, sliceOp, transposeOp } from './layout.ts'
import { matmulOp } from './matrix.ts'
import { groupNormOp } from './norm.ts'
import { coarsenOp, refineOp } from './resolution.ts'
import { logSoftmaxOp, softmaxOp, standardizeOp } from './rows.ts'
import { expandOp, reduceSumOp } from './sum.ts'

export const operations = [
  addOp,
  subtractOp,
  multiplyOp,
  divideOp,
  greaterOp,
  expOp,
  logOp,
  sqrtOp,
  sinOp,
  cosOp,
  sigmoidOp,
  softplusOp,
  absOp,
  signOp,
  siluOp,
  clipOp,
  reduceSumOp,
  expandOp,
  softmaxOp,
  logSoftmaxOp,
  standardizeOp,
  groupNormOp,
  reshapeOp,
  transposeOp,
  concatOp,
  sliceOp,
  padOp,
  oneHotOp,
  matmulOp,
  convolutionOp,
  flipTapsOp,
  kernelGradientOp,
  coarsenOp,
  refineOp,
] as const

export { add, divide, greater, multiply, negate, subtract } from './arithmetic.ts'
export { convolution, siteAxes } from './convolution.ts'
export { abs, clip, cos, exp, log, sigmoid, sign, silu, sin, softplus, sqrt } from './function.ts'
export { concat, oneHot, pad, reshape, slice, transpose } from './layout.ts'
export { matmul } from './matrix.ts'
export { groupNorm } from './norm.ts'
export { coarsen, refine } from './resolution.ts'
export { logSoftmax, reduceMean, softmax, standardize } from './rows.ts'
export { expand, reduceSum, total } from './sum.ts'
