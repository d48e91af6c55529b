/** The border of a convolution follows the lattice, axis by axis: zeros at a wall, the opposite edge on a periodic axis. */
import type { Printer } from '../tensor.ts'

export interface Border {
  /** Whether each axis of the sites is periodic. */
  readonly periodic: readonly boolean[]
}

/** Half the sides of a kernel: how far it reaches. */
export const margins = (kernel: readonly number[]): number[] => kernel.slice(2).map(side => (side - 1) / 2)

/** Adds the opposite edges of the periodic axes; returns the name and the zeros still to pad per axis. */
export function wrapped(
  printer: Printer,
  x: string,
  options: { shape: readonly number[]; margin: readonly number[] } & Border,
): { name: string; zeros: number[] } {
  const { shape, margin, periodic } = options
  const zeros = [...margin]
  let name = x
  for (let side = 0; side < margin.length; side++) {
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
