// Exact kernels of one axis: k_tau = exp(tau A), A the lattice Laplacian, at any real tau >= 0.
import { demand } from '../base/errors.ts'
import { cosPi, exp, sinPi } from '../base/numeric.ts'
import { line, reach } from './line.ts'

/**
 * Kernels of one axis at any tau = rate * time. Holds its cosines and its scratch: make one per axis and keep it.
 *
 * The walk is unfolded onto a circle of `period` sites (length for a periodic axis, 2 length for one with walls),
 * where only the displacement matters; the boundary's `fold` brings it back. So `x = fold(x0 + d)`, d drawn from
 * `displacement(tau)`, has law k_tau(x | x0) whatever the boundary, and one table of draws serves every origin.
 */
export interface AxisKernels {
  readonly length: number
  readonly period: number
  /** The law of the displacement on the circle: [period], d -> probability, even in d, sum 1. */
  displacement(tau: number, out?: Float64Array): Float64Array
  /** Folds a displacement law [period] into the kernel [length, length]: out[x0 * length + x] = k_tau(x | x0). */
  table(displacement: Float64Array, out?: Float64Array): Float64Array
  /** The kernel at tau, [length, length]: `table(displacement(tau))` without the copy in between. */
  at(tau: number, out?: Float64Array): Float64Array
}

/**
 * tau / period² above which the sum of modes is used. There the least likely displacement still has 0.7 / period, and
 * the rounding of a sum of order 1 stays relative: measured 7e-16 at 0.05, 3e-14 at 0.01, but 1e-3 at 0.002 (period
 * 200, least probability 4e-15). Below, the images of the infinite line, at most 3 periods of them, are all positive
 * and keep their relative accuracy however small the probability.
 */
const SWITCH = 0.05

/** Modes that have decayed below this weight leave no trace in a sum of order 1. */
const SPENT = 1e-19

/** How a boundary turns a displacement law on the circle into the kernel [length, length]. */
export type Fold = (law: Float64Array, length: number, out: Float64Array) => void

/** Kernels of an axis of `length` sites whose unfolded walk lives on a circle of `period` sites. */
export function axisKernels(length: number, period: number, fold: Fold): AxisKernels {
  const circle = walkOnCircle(period)
  const law = new Float64Array(period)
  return {
    length,
    period,
    displacement(tau, out = new Float64Array(period)) {
      circle(tau, out)
      return out
    },
    table(displacement, out = new Float64Array(length * length)) {
      fold(displacement, length, out)
      return out
    },
    at(tau, out = new Float64Array(length * length)) {
      circle(tau, law)
      fold(law, length, out)
      return out
    },
  }
}

/** The walk on a circle: a function that writes the law of its displacement at tau, [period]. */
function walkOnCircle(period: number): (tau: number, law: Float64Array) => void {
  const half = Math.floor(period / 2)
  const threshold = SWITCH * period * period
  const q = new Float64Array(half + reach(threshold) + 1)
  const cosine = Float64Array.from({ length: period }, (_, m) => cosPi((2 * m) / period))
  // Decay per unit tau of mode m: 4 sin²(pi m / period), m = 0 … half.
  const decay = Float64Array.from({ length: half + 1 }, (_, m) => 4 * sinPi(m / period) ** 2)

  return (tau, law) => {
    demand(tau >= 0, 'compute a kernel', 'tau', 'a number >= 0', tau)
    if (tau <= threshold) sumImages(tau, law, q)
    else sumModes(tau, law, cosine, decay)
    for (let d = 1; d < period - d; d++) law[period - d] = law[d]
  }
}

/** g(d) = Σ_k q(d + k period) for d = 0 … period/2, from the smallest term up. */
function sumImages(tau: number, law: Float64Array, q: Float64Array): void {
  const period = law.length
  const half = Math.floor(period / 2)
  const last = half + reach(tau)
  line(tau, last, q)
  for (let d = 0; d <= half; d++) {
    let sum = 0
    for (let j = last - ((last - d) % period); j > d; j -= period) sum += q[j]
    for (let j = last - ((last + d) % period); j > 0; j -= period) sum += q[j]
    law[d] = sum + q[d]
  }
}

/** g(d) = (1/period) Σ_m exp(-4 tau sin²(pi m/period)) cos(2 pi m d/period) for d = 0 … period/2. */
function sumModes(tau: number, law: Float64Array, cosine: Float64Array, decay: Float64Array): void {
  const period = law.length
  const half = Math.floor(period / 2)
  law.fill(0, 0, half + 1)
  for (let m = 1; m <= half; m++) {
    const weight = (2 * m === period ? 1 : 2) * exp(-tau * decay[m])
    if (weight < SPENT) break
    for (let d = 0, index = 0; d <= half; d++) {
      law[d] += weight * cosine[index]
      index += m
      if (index >= period) index -= period
    }
  }
  for (let d = 0; d <= half; d++) law[d] = (1 + law[d]) / period
}
