/**
 * Convolutions of volumes as convolutions of images, for which ONNX Runtime has faster operators.
 *
 * A volume [N, Ci, D, H, W] with its border around it, seen as an image [N, Ci, Dp·Hp, Wp], has the rows of all slices under
 * each other. The taps of a kernel [Co, Ci, kd, kh, kw] in one row y of it are a kernel [Co, Ci, kd, kw] of that image whose rows
 * lie Hp apart; the volume's convolution is the sum of those for all y, each shifted by y rows. Rows that reach over the
 * end of a slice are cut away. (Measured in docs/volumes.md: 1.0 to 1.6 times the speed of Conv on volumes.)
 */
import type { OnnxAttributes, Printer } from '../tensor.ts'
import { type Border, margins, wrapped } from './border.ts'

export interface VolumeShapes extends Border {
  /** [N, Ci, D, H, W] */
  readonly x: readonly number[]
  /** [Co, Ci, kd, kh, kw] */
  readonly kernel: readonly number[]
}

/** How the sum of the convolutions of an image is written. */
export interface RowSum {
  /** The image [N, Ci, rows, Wp] as the convolutions take it. */
  image(printer: Printer, name: string): string
  /** What was summed before plus the convolution with a kernel [Co, Ci, kd, kw]. */
  add(
    printer: Printer,
    of: { readonly image: string; readonly kernel: string; readonly bias?: string; readonly sum?: string },
    attributes: OnnxAttributes,
    shape: readonly number[],
  ): string
  /** The sum as an image [N, Co, rows, W]. */
  result(printer: Printer, sum: string, channels: number): string
}

export const plainRows: RowSum = {
  image: (_, name) => name,
  add(printer, { image, kernel, bias, sum }, attributes) {
    const [own] = printer.emit(
      'Conv',
      bias === undefined ? [image, kernel] : [image, kernel, bias],
      attributes,
    )
    return sum === undefined ? own : printer.emit('Add', [sum, own])[0]
  },
  result: (_, sum) => sum,
}

/** Prints the convolution of volumes; the names are those of x, of the kernel, and of a bias if there is one. */
export function inRows(
  printer: Printer,
  [x, kernel, bias]: readonly string[],
  { x: shape, kernel: [co, ci, kd, kh, kw], periodic }: VolumeShapes,
  by: RowSum,
): string {
  const [n, , d, h, w] = shape
  const margin = margins([co, ci, kd, kh, kw])
  const { name, zeros } = wrapped(printer, x, { shape, margin, periodic })
  // Zeros between the slices are written out; those at the sides of the rows the operator has.
  const [deep, high] = [d + kd - 1, h + kh - 1]
  const within = zeros[0] + zeros[1] === 0 ? name : padded(printer, name, zeros)
  const see = (of: string, to: readonly number[]) => printer.emit('Reshape', [of, printer.integers(to)])[0]
  const cut = (of: string, axis: number, [from, end]: readonly [number, number]) =>
    printer.emit('Slice', [
      of,
      printer.integers([from]),
      printer.integers([end]),
      printer.integers([axis]),
    ])[0]
  const image = by.image(printer, see(within, [n, ci, deep * high, w + kw - 1 - 2 * zeros[2]]))
  let sum: string | undefined
  for (let y = 0; y < kh; y++) {
    const own = kh === 1 ? kernel : cut(kernel, 3, [y, y + 1])
    const attributes = {
      kernel_shape: [kd, kw],
      dilations: [high, 1],
      pads: [kh - 1 - y, zeros[2], y, zeros[2]],
    }
    const of = { image, kernel: see(own, [co, ci, kd, kw]), sum, ...(y === 0 && { bias }) }
    sum = by.add(printer, of, attributes, [co, ci, kd, kw])
  }
  const all = by.result(printer, sum as string, co)
  if (kh === 1) return see(all, [n, co, d, h, w])
  const slices = see(cut(all, 2, [kh - 1, kh - 1 + d * high]), [n, co, d, high, w])
  return cut(slices, 3, [0, h])
}

function padded(printer: Printer, name: string, [z, y]: readonly number[]): string {
  return printer.emit('Pad', [name, printer.integers([0, 0, z, y, 0, 0, 0, z, y, 0])])[0]
}
