// The axes of a walk at one value of tau: where a displacement leads, and the ratios that drive the reverse walk.
import type { AxisKernels } from '../lattice/kernel.ts'
import { kernels, type Lattice } from '../lattice/lattice.ts'

/**
 * One axis of the lattice, with its tables at the tau last set.
 *
 * A unit at x0 that moves by d (drawn from `law`) arrives at `fold[x0 + d]`; there the reverse walk is driven by
 * `down[x0 * length + x] = k(x-1|x0) / k(x|x0)` and `up = k(x+1|x0) / k(x|x0)`, 0 across a wall.
 */
export interface WalkAxis {
  readonly length: number
  readonly stride: number
  readonly period: number
  /** [length + period]: position of the unfolded walk -> site. */
  readonly fold: Int32Array
  /** [period]: law of the displacement on the unfolded circle. */
  readonly law: Float64Array
  /** [length, length]. */
  readonly down: Float64Array
  /** [length, length]. */
  readonly up: Float64Array
}

/** The axes of the lattice, and the function that fills their tables at any tau >= 0. */
export function walkAxes(lattice: Lattice): { axes: readonly WalkAxis[]; set(tau: number): void } {
  const sources = kernels(lattice)
  const made = lattice.axes.map((_, i) => walkAxis(lattice, i, sources[i]))
  return {
    axes: made.map(({ axis }) => axis),
    set(tau) {
      for (const { update } of made) update(tau)
    },
  }
}

function walkAxis(
  lattice: Lattice,
  i: number,
  source: AxisKernels,
): { axis: WalkAxis; update(tau: number): void } {
  const { length, boundary } = lattice.axes[i]
  const { period } = source
  const axis: WalkAxis = {
    length,
    stride: lattice.strides[i],
    period,
    fold: Int32Array.from({ length: length + period }, (_, x) => boundary.fold(x, length)),
    law: new Float64Array(period),
    down: new Float64Array(length * length),
    up: new Float64Array(length * length),
  }
  const kernel = new Float64Array(length * length)
  const below = Int32Array.from({ length }, (_, x) => boundary.neighbour(x, -1, length))
  const above = Int32Array.from({ length }, (_, x) => boundary.neighbour(x, 1, length))
  return {
    axis,
    update(tau) {
      source.displacement(tau, axis.law)
      source.table(axis.law, kernel)
      ratios(kernel, below, axis.down)
      ratios(kernel, above, axis.up)
    },
  }
}

/** out[x0, x] = k(neighbour(x)|x0) / k(x|x0); 0 where there is no neighbour or where no unit can be. */
function ratios(kernel: Float64Array, neighbour: Int32Array, out: Float64Array): void {
  const length = neighbour.length
  for (let row = 0; row < kernel.length; row += length)
    for (let x = 0; x < length; x++) {
      const y = neighbour[x]
      const here = kernel[row + x]
      out[row + x] = y < 0 || here === 0 ? 0 : kernel[row + y] / here
    }
}
