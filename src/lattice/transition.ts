// The transition probability on a lattice: axes are independent, so it is the product of the 1-D kernels.
import type { Lattice } from './lattice.ts'

/** p(to | from) = Π_axes k(to_i | from_i), `tables` the kernels [length, length] of every axis at one tau. */
export function transition(
  lattice: Lattice,
  tables: readonly Float64Array[],
  { from, to }: { from: number; to: number },
): number {
  const { axes, strides } = lattice
  let product = 1
  for (let axis = 0; axis < axes.length; axis++) {
    const length = axes[axis].length
    const x0 = Math.floor(from / strides[axis]) % length
    const x = Math.floor(to / strides[axis]) % length
    product *= tables[axis][x0 * length + x]
  }
  return product
}

/** The whole law p(· | from) over the sites, [size], row-major. */
export function spread(
  lattice: Lattice,
  tables: readonly Float64Array[],
  from: number,
  out: Float64Array = new Float64Array(lattice.size),
): Float64Array {
  const { axes, strides } = lattice
  out[0] = 1
  let filled = 1
  // One axis after the other, last first: the law on the axes so far, [filled], is repeated scaled by k(x | x0).
  for (let axis = axes.length - 1; axis >= 0; axis--) {
    const length = axes[axis].length
    const row = (Math.floor(from / strides[axis]) % length) * length
    for (let x = length - 1; x >= 0; x--) {
      const scale = tables[axis][row + x]
      for (let i = 0; i < filled; i++) out[x * filled + i] = out[i] * scale
    }
    filled *= length
  }
  return out
}
