/**
 * 'Same' convolution of images [N, Ci, H, W] or volumes [N, Ci, D, H, W] with kernels [Co, Ci, …] (odd sides), stride 1.
 *
 * The border follows the lattice, axis by axis: zeros at a wall, the opposite edge on a periodic axis.
 * Both gradients are convolutions again: that of x is the convolution of dy (same border) with the taps
 * flipped and the channels swapped; that of the kernel reads x as one image [1, N, …, W·Ci] and dy as a
 * kernel [Co, N, …, W] whose taps lie Ci apart, so that one Conv sums over images and sites at once.
 */

import { cannot } from '../../base/errors.ts'
import { demandGiven } from '../../base/given.ts'
import { apply, type Op, sizeOf, type Tensor, tensorKinds } from '../tensor.ts'
import { type Border, margins, wrapped } from './border.ts'
import { reshape } from './layout.ts'
import { inRows, plainRows } from './rows-of-volumes.ts'
import { reduceSum } from './sum.ts'

/** The axes of the sites of images or volumes [N, C, …]. */
export function siteAxes(x: Tensor): number[] {
  demandGiven('tell the axes of the sites', { x }, { x: tensorKinds })
  return x.shape.slice(2).map((_, i) => 2 + i)
}

function checked(x: Tensor, kernel: readonly number[], { periodic }: Border): void {
  const [, ci, ...lengths] = x.shape
  const axes = lengths.length
  const sides = kernel.slice(2)
  const odd = sides.length === axes && sides.every(side => side % 2 === 1)
  if ((axes !== 2 && axes !== 3) || !odd || kernel[1] !== ci) {
    const wanted = `[Co, ${ci}, odd, …] for images or volumes [N, Ci, …] = [${x.shape}]`
    throw new RangeError(cannot('convolve', 'the kernel', wanted, kernel))
  }
  if (periodic.length !== axes)
    throw new RangeError(cannot('convolve', 'the border', `told of ${axes} axes`, periodic))
  if (margins(kernel).some((margin, axis) => periodic[axis] && margin > lengths[axis])) {
    throw new RangeError(
      cannot('convolve', 'a periodic axis', 'at least as long as half the kernel', lengths),
    )
  }
}

/** Convolution plus a bias [Co]. */
export const convolutionOp: Op<Border> = {
  name: 'convolution',
  shapes: ([x, kernel, bias], border) => {
    checked(x, kernel.shape, border)
    if (bias && (bias.shape.length !== 1 || bias.shape[0] !== kernel.shape[0]))
      throw new RangeError(cannot('convolve', 'the bias', `[${kernel.shape[0]}]`, bias.shape))
    return [{ shape: [x.shape[0], kernel.shape[0], ...x.shape.slice(2)] }]
  },
  onnx: (printer, names, { inputs: [x, kernel], attributes: { periodic } }) => {
    if (x.shape.length === 5)
      return [inRows(printer, names, { x: x.shape, kernel: kernel.shape, periodic }, plainRows)]
    const [name, ...weights] = names
    const around = wrapped(printer, name, { shape: x.shape, margin: margins(kernel.shape), periodic })
    return printer.emit('Conv', [around.name, ...weights], {
      kernel_shape: kernel.shape.slice(2),
      pads: [...around.zeros, ...around.zeros],
    })
  },
  backward: (dy, { inputs: [x, kernel, bias], attributes }) => [
    convolution(dy, flipTaps(kernel), attributes),
    kernelGradient(x, dy, { ...attributes, sides: kernel.shape.slice(2) }),
    bias && reshape(reduceSum(dy, [0, ...siteAxes(dy)]), bias.shape),
  ],
}

export function convolution(x: Tensor, kernel: Tensor, options: Border & { readonly bias?: Tensor }): Tensor {
  demandGiven('convolve', { x, kernel, options }, { x: tensorKinds, kernel: tensorKinds, options: 'object' })
  const { periodic, bias } = options
  return apply(convolutionOp, bias ? [x, kernel, bias] : [x, kernel], { periodic })
}

/** Kernels [Co, Ci, …] with taps reversed and channels swapped: [Ci, Co, …]; its own inverse. */
export const flipTapsOp: Op = {
  name: 'flipTaps',
  shapes: ([{ shape }]) => {
    const [co, ci, ...sides] = shape
    if (sides.length < 2) throw new RangeError(cannot('flip taps', 'the kernel', '[Co, Ci, kh, kw]', shape))
    return [{ shape: [ci, co, ...sides] }]
  },
  onnx: (printer, [kernel], { inputs: [{ shape }] }) => {
    const [co, ci, ...sides] = shape
    const taps = sizeOf(sides)
    const [swapped] = printer.emit('Transpose', [kernel], { perm: [1, 0, ...sides.map((_, i) => 2 + i)] })
    if (taps === 1) return [swapped]
    const [flat] = printer.emit('Reshape', [swapped, printer.integers([ci, co, taps])])
    const [reversed] = printer.emit(
      'Gather',
      [flat, printer.integers(Array.from({ length: taps }, (_, i) => taps - 1 - i))],
      { axis: 2 },
    )
    return printer.emit('Reshape', [reversed, printer.integers([ci, co, ...sides])])
  },
  backward: dy => [flipTaps(dy)],
}
export const flipTaps = (kernel: Tensor): Tensor => apply(flipTapsOp, [kernel], {})

export interface KernelGradient extends Border {
  /** Sides of the kernel. */
  readonly sides: readonly number[]
}

/** Σ over images and sites of dy·x shifted by each tap: the gradient [Co, Ci, …] of the kernel. */
export const kernelGradientOp: Op<KernelGradient> = {
  name: 'kernelGradient',
  shapes: ([x, dy], { sides, periodic }) => {
    const shape = [dy.shape[1], x.shape[1], ...sides]
    checked(x, shape, { periodic })
    const sites = [x.shape[0], dy.shape[1], ...x.shape.slice(2)]
    if (dy.shape.join() !== sites.join())
      throw new RangeError(cannot('sum over sites', 'the second shape', `[${sites}]`, dy.shape))
    return [{ shape }]
  },
  onnx: (printer, [x, dy], { inputs: [{ shape }, { shape: out }], attributes: { sides, periodic } }) => {
    const [n, ci, ...lengths] = shape
    const margin = sides.map(side => (side - 1) / 2)
    const { name, zeros } = wrapped(printer, x, { shape, margin, periodic })
    const axes = lengths.map((_, i) => 2 + i)
    const around = lengths.map((length, i) => length + sides[i] - 1 - 2 * zeros[i])
    // The last axis holds the channels of every site side by side.
    const wide = (of: readonly number[], by: number) => [...of.slice(0, -1), of[of.length - 1] * by]
    const [rows] = printer.emit('Transpose', [name], { perm: [0, ...axes, 1] })
    const [image] = printer.emit('Reshape', [rows, printer.integers([1, n, ...wide(around, ci)])])
    const [taps] = printer.emit('Transpose', [dy], { perm: [1, 0, ...axes] })
    const pads = wide(zeros, ci)
    const [sums] = printer.emit('Conv', [image, taps], {
      kernel_shape: lengths,
      dilations: [...lengths.slice(1).fill(1), ci],
      pads: [...pads, ...pads],
    })
    const [split] = printer.emit('Reshape', [sums, printer.integers([out[1], ...sides, ci])])
    return printer.emit('Transpose', [split], { perm: [0, sides.length + 1, ...sides.map((_, i) => 1 + i)] })
  },
  backward: (dk, { inputs: [x, dy], attributes: { periodic } }) => [
    convolution(dy, flipTaps(dk), { periodic }),
    convolution(x, dk, { periodic }),
  ],
}
export const kernelGradient = (x: Tensor, dy: Tensor, options: KernelGradient): Tensor =>
  apply(kernelGradientOp, [x, dy], options)
