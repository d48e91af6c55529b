// The two ends of an axis: periodic (a hop wraps) or no-flux (a hop out does not happen). A boundary is a value.
import { demand } from '../base/errors.ts'
import { sinPi } from '../base/numeric.ts'
import { type AxisKernels, axisKernels } from './kernel.ts'

export type BoundaryName = 'periodic' | 'no-flux'

/** What happens at the ends of an axis. Nothing outside asks which one it is. */
export interface Boundary {
  readonly name: BoundaryName
  /** The circle on which the unfolded walk lives: length, or 2 length where walls reflect it. */
  period(length: number): number
  /** The site reached from x by a hop, or -1 where the hop does not happen. */
  neighbour(x: number, hop: -1 | 1, length: number): number
  /** Any integer position of the unfolded walk -> the site it stands for. */
  fold(x: number, length: number): number
  /** Decay exponent per unit tau of the slowest mode; Infinity where there is nothing to mix (length 1). */
  slowest(length: number): number
  /** Exact 1-D kernels at any tau. Holds tables: make once per axis. */
  kernels(length: number): AxisKernels
}

/** The axis closes on itself: site length - 1 is a neighbour of site 0. Slowest mode 4 sin²(pi / length). */
export const periodic: Boundary = {
  name: 'periodic',
  period: length => length,
  neighbour: (x, hop, length) => wrap(x + hop, length),
  fold: wrap,
  slowest: length => (length === 1 ? Infinity : 4 * sinPi(1 / length) ** 2),
  kernels: length => axisKernels(checked(length), length, rotate),
}

/** Walls: unfolded, the walk is reflected as …, 1, 0, 0, 1, …, L-1, L-1, L-2, … Slowest mode 4 sin²(pi / 2 length). */
export const noFlux: Boundary = {
  name: 'no-flux',
  period: length => 2 * length,
  neighbour: (x, hop, length) => (x + hop < 0 || x + hop >= length ? -1 : x + hop),
  fold(x, length) {
    const y = wrap(x, 2 * length)
    return y < length ? y : 2 * length - 1 - y
  },
  slowest: length => (length === 1 ? Infinity : 4 * sinPi(1 / (2 * length)) ** 2),
  kernels: length => axisKernels(checked(length), 2 * length, reflect),
}

/** The boundary of that name, from plain data. */
export function boundary(name: BoundaryName): Boundary {
  const found = [periodic, noFlux].find(known => known.name === name)
  demand(found !== undefined, 'choose the boundary', 'its name', '"periodic" or "no-flux"', name)
  return found
}

function wrap(x: number, length: number): number {
  const y = x % length
  return y < 0 ? y + length : y === 0 ? 0 : y
}

function checked(length: number): number {
  demand(
    Number.isSafeInteger(length) && length >= 1,
    'build the kernels',
    'the length',
    'an integer >= 1',
    length,
  )
  return length
}

/** k(x | x0) = g(x - x0): row x0 is row 0 rotated. */
function rotate(law: Float64Array, length: number, out: Float64Array): void {
  for (let x0 = 0, i = 0; x0 < length; x0++) {
    for (let d = length - x0; d < length; d++) out[i++] = law[d]
    for (let d = 0; d < length - x0; d++) out[i++] = law[d]
  }
}

/** k(x | x0) = g(x - x0) + g(x + x0 + 1): the walk and its mirror image behind the wall, g even on 2 length sites. */
function reflect(law: Float64Array, length: number, out: Float64Array): void {
  for (let x0 = 0, i = 0; x0 < length; x0++) {
    for (let x = 0; x < x0; x++) out[i++] = law[x0 - x] + law[x + x0 + 1]
    for (let x = x0; x < length; x++) out[i++] = law[x - x0] + law[x + x0 + 1]
  }
}
