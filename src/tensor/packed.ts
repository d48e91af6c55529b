/**
 * Convolutions in the processor's own layout: another way to print the same operations.
 *
 * ONNX Runtime computes fastest on channels in blocks, [N, C/b, H, W, b], but moves a convolution there only
 * where its kernel is a constant. While training, kernels are inputs; so here the runtime's internal operators
 * (domain `com.microsoft.nchwc`) are written out, and the kernels [O, I, kh, kw] are packed in the graph as
 * [O/b, I/b, kh·kw, b, b], the last axis being output channels. The operators exist on processors only and are
 * nobody's public interface: whoever prints them must have tried them.
 */
import { constantOp } from './leaves.ts'
import { type Border, margins, wrapped } from './ops/border.ts'
import { convolutionOp, flipTapsOp, type KernelGradient, kernelGradientOp } from './ops/convolution.ts'
import { inRows, type RowSum } from './ops/rows-of-volumes.ts'
import type { Emitter } from './print.ts'
import type { Node, OnnxAttributes, Op, Printer, Tensor } from './tensor.ts'

/** The runtime's internal operator set. */
export const packedDomain = 'com.microsoft.nchwc'

/**
 * For `print()`: convolutions and kernel gradients in blocks of `block` channels, where their channels are
 * multiples of it (for kernel gradients: where output channels and images are). Constant kernels are left to
 * the runtime, and so are the kernel gradients of volumes, which are slower packed.
 */
export function packed(block: number): (node: Node) => Emitter | undefined {
  const whole = (...lengths: number[]) => lengths.every(length => length % block === 0)
  return node => {
    const [x, y] = node.inputs
    if (is(node, convolutionOp) && whole(y.shape[0], y.shape[1]) && !is(y.node, constantOp)) {
      return (printer, nameOf) => convolution(node, { printer, nameOf, block })
    }
    if (is(node, kernelGradientOp) && x.shape.length === 4 && whole(x.shape[0], y.shape[1])) {
      return (printer, nameOf) => kernelGradient(node, { printer, nameOf, block })
    }
    return undefined
  }
}

function is<A extends object>(node: Node, op: Op<A>): node is Node & { readonly attributes: A } {
  return (node.op as unknown) === op
}

interface Writing {
  readonly printer: Printer
  readonly nameOf: (tensor: Tensor) => string
  readonly block: number
}

function convolution(
  { inputs: [x, kernel, bias], attributes: { periodic } }: Node & { attributes: Border },
  writing: Writing,
): string[] {
  const { printer, nameOf, block } = writing
  if (x.shape.length === 5) {
    const names = [nameOf(x), nameOf(kernel), ...(bias ? [nameOf(bias)] : [])]
    return [inRows(printer, names, { x: x.shape, kernel: kernel.shape, periodic }, packedRows(block))]
  }
  const { name, zeros } = wrapped(printer, nameOf(x), {
    shape: x.shape,
    margin: margins(kernel.shape),
    periodic,
  })
  const inputs = [toBlocks(printer, name), packedKernel(kernel, writing), ...(bias ? [nameOf(bias)] : [])]
  const blocks = conv(printer, inputs, { kernel_shape: kernel.shape.slice(2), pads: [...zeros, ...zeros] })
  return [fromBlocks(printer, blocks, kernel.shape[0])]
}

/** Convolutions of the rows of volumes in blocks: the operator adds to a sum by itself. */
const packedRows = (block: number): RowSum => ({
  image: (printer, name) => toBlocks(printer, name),
  add(printer, { image, kernel, bias, sum }, attributes, [o, i, kh, kw]) {
    const parts = reshaped(printer, kernel, [o / block, block, i / block, block, kh * kw])
    const own = reshaped(printer, transposed(printer, parts, [0, 2, 4, 3, 1]), [o, i, kh, kw])
    const more = sum === undefined ? (bias === undefined ? [] : [bias]) : ['', sum]
    return conv(printer, [image, own, ...more], attributes)
  },
  result: (printer, sum, channels) => fromBlocks(printer, sum, channels),
})

/** A kernel [O, I, kh, kw] as [O/b, I/b, kh·kw, b, b]: blocks move as wholes, which is several times faster than one by one. */
function packedKernel(kernel: Tensor, { printer, nameOf, block: b }: Writing): string {
  const [o, i, kh, kw] = kernel.shape
  const taps = kh * kw
  const see = (name: string, ...shape: number[]) => reshaped(printer, name, shape)
  if (!is(kernel.node, flipTapsOp)) {
    const inside = toBlocks(printer, see(nameOf(kernel), 1, o, i * taps, 1))
    return see(transposed(printer, see(inside, o / b, i / b, b, taps, b), [0, 1, 3, 2, 4]), o, i, kh, kw)
  }
  // Packed from the kernel [I, O, kh, kw] before it was flipped, so that only whole blocks are reversed.
  const inside = toBlocks(printer, see(nameOf(kernel.node.inputs[0]), i, o, taps, 1))
  const moved = transposed(printer, see(inside, i / b, b, o / b, taps, b), [2, 0, 3, 1, 4])
  const reversed = printer.integers(Array.from({ length: taps }, (_, tap) => taps - 1 - tap))
  return see(printer.emit('Gather', [moved, reversed], { axis: 2 })[0], o, i, kh, kw)
}

/**
 * The same convolution over images and sites as the standard form, with images as input channels, but one for
 * every block of x's channels, side by side: that is how x lies in memory, and more work to share among threads.
 */
function kernelGradient(
  { inputs: [x, dy], attributes: { sides, periodic } }: Node & { attributes: KernelGradient },
  writing: Writing,
): string[] {
  const { printer, nameOf, block: b } = writing
  const [n, ci, h, w] = x.shape
  const [co, taps] = [dy.shape[1], sides[0] * sides[1]]
  const chunk = ci % b === 0 ? b : ci
  const chunks = ci / chunk
  const { name, zeros } = wrapped(printer, nameOf(x), {
    shape: x.shape,
    margin: [(sides[0] - 1) / 2, (sides[1] - 1) / 2],
    periodic,
  })
  const lastChannels = chunk === b ? toBlocks(printer, name) : transposed(printer, name, [0, 2, 3, 1])
  // Columns of zeros are written out: at the border the operator computes one output at a time.
  const [height, width, margin] = [
    h + sides[0] - 1 - 2 * zeros[0],
    (w + sides[1] - 1) * chunk,
    zeros[1] * chunk,
  ]
  const rows = reshaped(printer, lastChannels, [n * chunks, height, width - 2 * margin])
  const padded =
    margin === 0 ? rows : printer.emit('Pad', [rows, printer.integers([0, 0, margin, 0, 0, margin])])[0]
  const inChunks = swapped(printer, padded, [n, chunks, height * width])
  const images = toBlocks(printer, reshaped(printer, inChunks, [chunks, n, height, width]))
  const blocks = reshaped(printer, toBlocks(printer, nameOf(dy)), [n / b, b, co / b, h * w, b])
  const kernel = reshaped(printer, transposed(printer, blocks, [2, 0, 3, 1, 4]), [co, n, h, w])
  const sums = conv(printer, [images, kernel], {
    kernel_shape: [h, w],
    dilations: [1, chunk],
    pads: [zeros[0], 0, zeros[0], 0],
  })
  const byOutput = swapped(printer, fromBlocks(printer, sums, co), [chunks, co, taps * chunk])
  const byInput = transposed(printer, reshaped(printer, byOutput, [co * chunks, taps, chunk]), [0, 2, 1])
  return [reshaped(printer, byInput, [co, ci, ...sides])]
}

const reshaped = (printer: Printer, name: string, shape: readonly number[]): string =>
  printer.emit('Reshape', [name, printer.integers(shape)])[0]

const transposed = (printer: Printer, name: string, perm: readonly number[]): string =>
  printer.emit('Transpose', [name], { perm })[0]

/** The array, seen with three axes, with the first two exchanged. */
const swapped = (printer: Printer, name: string, shape: readonly [number, number, number]): string =>
  shape[0] === 1 || shape[1] === 1 ? name : transposed(printer, reshaped(printer, name, shape), [1, 0, 2])

const conv = (printer: Printer, inputs: string[], attributes: OnnxAttributes): string =>
  printer.emit('Conv', inputs, attributes, { domain: packedDomain })[0]

const toBlocks = (printer: Printer, name: string): string =>
  printer.emit('ReorderInput', [name], {}, { domain: packedDomain })[0]

const fromBlocks = (printer: Printer, name: string, channels: number): string =>
  printer.emit('ReorderOutput', [name], { channels }, { domain: packedDomain })[0]
