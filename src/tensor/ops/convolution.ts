/**
 * 'Same' convolution of images [N, Ci, H, W] with kernels [Co, Ci, kh, kw] (odd sides), stride 1.
 *
 * The border follows the lattice, axis by axis: zeros at a wall, the opposite edge on a periodic axis.
 * Both gradients are convolutions again: that of x is the convolution of dy (same border) with the taps
 * flipped and the channels swapped; that of the kernel reads x as one image [1, N, H, W·Ci] and dy as a
 * kernel [Co, N, H, W] whose taps lie Ci apart, so that one Conv sums over images and sites at once.
 */

import { cannot } from '../../base/errors.ts'
import { demandGiven } from '../../base/given.ts'
import { apply, type Op, type Printer, type Tensor, tensorKinds } from '../tensor.ts'
import { reshape } from './layout.ts'
import { reduceSum } from './sum.ts'

export interface Border {
  /** Whether [H, W] are periodic. */
  readonly periodic: readonly [boolean, boolean]
}

/** Half the sides of a kernel: how far it reaches. */
export const margins = (kernel: readonly number[]): [number, number] => [
  (kernel[2] - 1) / 2,
  (kernel[3] - 1) / 2,
]

/** Adds the opposite edges of the periodic axes; returns the name and the zeros still to pad per axis. */
export function wrapped(
  printer: Printer,
  x: string,
  options: { shape: readonly number[]; margin: readonly number[] } & Border,
): { name: string; zeros: [number, number] } {
  const { shape, margin, periodic } = options
  const zeros: [number, number] = [margin[0], margin[1]]
  let name = x
  for (const side of [0, 1] as const) {
    if (!periodic[side] || margin[side] === 0) continue
    const length = shape[2 + side]
    const edge = (start: number, end: number) =>
      printer.emit('Slice', [
        name,
        printer.integers([start]),
        printer.integers([end]),
        printer.integers([2 + side]),
      ])[0]
    const [last, first] = [edge(length - margin[side], length), edge(0, margin[side])]
    name = printer.emit('Concat', [last, name, first], { axis: 2 + side })[0]
    zeros[side] = 0
  }
  return { name, zeros }
}

function checked(x: Tensor, kernel: readonly number[], { periodic }: Border): void {
  const [, ci, h, w] = x.shape
  const odd = kernel.length === 4 && kernel[2] % 2 === 1 && kernel[3] % 2 === 1
  if (x.shape.length !== 4 || !odd || kernel[1] !== ci) {
    throw new RangeError(
      cannot(
        'convolve',
        'the kernel',
        `[Co, ${ci}, odd, odd] for images [N, Ci, H, W] = [${x.shape}]`,
        kernel,
      ),
    )
  }
  const [mh, mw] = margins(kernel)
  if ((periodic[0] && mh > h) || (periodic[1] && mw > w))
    throw new RangeError(cannot('convolve', 'a periodic axis', 'at least as long as half the kernel', [h, w]))
}

/** Convolution plus a bias [Co]. */
export const convolutionOp: Op<Border> = {
  name: 'convolution',
  shapes: ([x, kernel, bias], border) => {
    checked(x, kernel.shape, border)
    if (bias && (bias.shape.length !== 1 || bias.shape[0] !== kernel.shape[0]))
      throw new RangeError(cannot('convolve', 'the bias', `[${kernel.shape[0]}]`, bias.shape))
    return [{ shape: [x.shape[0], kernel.shape[0], x.shape[2], x.shape[3]] }]
  },
  onnx: (printer, [x, ...weights], { inputs, attributes: { periodic } }) => {
    const kernel = inputs[1].shape
    const { name, zeros } = wrapped(printer, x, { shape: inputs[0].shape, margin: margins(kernel), periodic })
    return printer.emit('Conv', [name, ...weights], {
      kernel_shape: kernel.slice(2),
      pads: [...zeros, ...zeros],
    })
  },
  backward: (dy, { inputs: [x, kernel, bias], attributes }) => [
    convolution(dy, flipTaps(kernel), attributes),
    kernelGradient(x, dy, { ...attributes, sides: [kernel.shape[2], kernel.shape[3]] }),
    bias && reshape(reduceSum(dy, [0, 2, 3]), bias.shape),
  ],
}

export function convolution(x: Tensor, kernel: Tensor, options: Border & { readonly bias?: Tensor }): Tensor {
  demandGiven('convolve', { x, kernel, options }, { x: tensorKinds, kernel: tensorKinds, options: 'object' })
  const { periodic, bias } = options
  return apply(convolutionOp, bias ? [x, kernel, bias] : [x, kernel], { periodic })
}

/** Kernels [Co, Ci, kh, kw] with taps reversed and channels swapped: [Ci, Co, kh, kw]; its own inverse. */
export const flipTapsOp: Op = {
  name: 'flipTaps',
  shapes: ([{ shape }]) => {
    if (shape.length !== 4) throw new RangeError(cannot('flip taps', 'the kernel', '[Co, Ci, kh, kw]', shape))
    return [{ shape: [shape[1], shape[0], shape[2], shape[3]] }]
  },
  onnx: (printer, [kernel], { inputs: [{ shape }] }) => {
    const taps = shape[2] * shape[3]
    const [swapped] = printer.emit('Transpose', [kernel], { perm: [1, 0, 2, 3] })
    if (taps === 1) return [swapped]
    const [flat] = printer.emit('Reshape', [swapped, printer.integers([shape[1], shape[0], taps])])
    const [reversed] = printer.emit(
      'Gather',
      [flat, printer.integers(Array.from({ length: taps }, (_, i) => taps - 1 - i))],
      { axis: 2 },
    )
    return printer.emit('Reshape', [reversed, printer.integers([shape[1], shape[0], shape[2], shape[3]])])
  },
  backward: dy => [flipTaps(dy)],
}
export const flipTaps = (kernel: Tensor): Tensor => apply(flipTapsOp, [kernel], {})

export interface KernelGradient extends Border {
  /** Sides [kh, kw] of the kernel. */
  readonly sides: readonly [number, number]
}

/** Σ over images and sites of dy·x shifted by each tap: the gradient [Co, Ci, kh, kw] of the kernel. */
export const kernelGradientOp: Op<KernelGradient> = {
  name: 'kernelGradient',
  shapes: ([x, dy], { sides, periodic }) => {
    const shape = [dy.shape[1], x.shape[1], ...sides]
    checked(x, shape, { periodic })
    const sites = [x.shape[0], dy.shape[1], x.shape[2], x.shape[3]]
    if (dy.shape.join() !== sites.join())
      throw new RangeError(cannot('sum over sites', 'the second shape', `[${sites}]`, dy.shape))
    return [{ shape }]
  },
  onnx: (printer, [x, dy], { inputs: [{ shape }, { shape: out }], attributes: { sides, periodic } }) => {
    const [n, ci, h, w] = shape
    const { name, zeros } = wrapped(printer, x, {
      shape,
      margin: [(sides[0] - 1) / 2, (sides[1] - 1) / 2],
      periodic,
    })
    const [height, width] = [h + sides[0] - 1 - 2 * zeros[0], w + sides[1] - 1 - 2 * zeros[1]]
    const [rows] = printer.emit('Transpose', [name], { perm: [0, 2, 3, 1] })
    const [image] = printer.emit('Reshape', [rows, printer.integers([1, n, height, width * ci])])
    const [taps] = printer.emit('Transpose', [dy], { perm: [1, 0, 2, 3] })
    const pads = [zeros[0], zeros[1] * ci, zeros[0], zeros[1] * ci]
    const [sums] = printer.emit('Conv', [image, taps], { kernel_shape: [h, w], dilations: [1, ci], pads })
    const [split] = printer.emit('Reshape', [sums, printer.integers([out[1], sides[0], sides[1], ci])])
    return printer.emit('Transpose', [split], { perm: [0, 3, 1, 2] })
  },
  backward: (dk, { inputs: [x, dy], attributes: { periodic } }) => [
    convolution(dy, flipTaps(dk), { periodic }),
    convolution(x, dk, { periodic }),
  ],
}
export const kernelGradient = (x: Tensor, dy: Tensor, options: KernelGradient): Tensor =>
  apply(kernelGradientOp, [x, dy], options)
