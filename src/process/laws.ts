// The laws of displacement along one axis: on its unfolded circle, and over its sites.
import { cosPi } from '../base/numeric.ts'
import type { AxisKernels } from '../lattice/kernel.ts'
import { kernels, type Lattice } from '../lattice/lattice.ts'

/**
 * The law of one unit's displacement along each axis:
 *
 *     D = shift + Bernoulli(fraction) + Poisson(plus) - Poisson(minus),
 *
 * an integer of mean `shift + fraction + plus - minus` and variance `fraction (1 - fraction) + plus + minus`. The
 * axes are independent.
 */
export interface Displacement {
  /** [d] */
  readonly shift: Float64Array
  /** [d] */
  readonly fraction: Float64Array
  /** Mean hops in every direction, [2d] in the order of the lattice: minus, then plus, of each axis. */
  readonly hops: Float64Array
}

/** What the axis knows of displacements. */
export interface AxisLaws {
  readonly length: number
  /** Sites of the circle that the walk is unfolded onto. */
  readonly period: number
  /** [length + period]: position of the unfolded walk -> site. */
  readonly fold: Int32Array
  /** From so many mean hops in all on, the law on the circle is even to the last bit. */
  readonly mixed: number
  /** Writes the law of Poisson(plus) - Poisson(minus) on the circle, [period]. */
  circle(plus: number, minus: number, out: Float64Array): void
  /** Writes the law over the sites of one axis, [length], of units that start at x. */
  tabulate(x: number, of: { law: Displacement; axis: number }, out: Float64Array): void
}

/** The laws of every axis; axes that are alike share them. */
export function axisLaws(lattice: Lattice): readonly AxisLaws[] {
  const sources = kernels(lattice)
  const made = new Map<AxisKernels, AxisLaws>()
  return sources.map((source, a) => {
    const known = made.get(source)
    if (known) return known
    const { length, boundary } = lattice.axes[a]
    const { period } = source
    const fold = Int32Array.from({ length: length + period }, (_, x) => boundary.fold(x, length))
    const mixed = period === 1 ? 0 : SPENT / (1 - cosPi(2 / period))
    const circle = circleLaw(source, mixed)
    const laws = { length, period, fold, mixed, circle, tabulate: tabulator(period, fold, circle) }
    made.set(source, laws)
    return laws
  })
}

/**
 * The slowest mode of the walk on the circle decays as exp(-hops (1 - cos(2 pi / period))), whatever part of the hops goes
 * which way: at e^-42 no bit of a probability is left of it.
 */
const SPENT = 42

/** The symmetric part is the kernel of the walk at tau = min(plus, minus), the excess a Poisson law wrapped around. */
function circleLaw(source: AxisKernels, mixed: number): AxisLaws['circle'] {
  const { period } = source
  const symmetric = new Float64Array(period)
  const hops = new Float64Array(period)
  return (plus, minus, out) => {
    if (plus + minus >= mixed) {
      out.fill(1 / period)
      return
    }
    source.displacement(Math.min(plus, minus), symmetric)
    wrappedPoisson(Math.abs(plus - minus), hops)
    const sign = plus >= minus ? 1 : -1
    out.fill(0)
    for (let k = 0; k < period; k++) {
      if (hops[k] === 0) continue
      for (let i = 0, to = modulo(sign * k, period); i < period; i++) {
        out[to] += hops[k] * symmetric[i]
        if (++to === period) to = 0
      }
    }
  }
}

/** On the circle the law of the hops, shifted by an integer or by one more; then folded onto the sites. */
function tabulator(period: number, fold: Int32Array, circle: AxisLaws['circle']): AxisLaws['tabulate'] {
  const sum = new Float64Array(period)
  return (x, { law, axis }, out) => {
    const fraction = law.fraction[axis]
    const shift = modulo(law.shift[axis], period)
    circle(law.hops[2 * axis + 1], law.hops[2 * axis], sum)
    out.fill(0)
    for (let i = 0; i < period; i++) {
      const to = modulo(i + shift, period)
      out[fold[x + to]] += (1 - fraction) * sum[i]
      out[fold[x + modulo(to + 1, period)]] += fraction * sum[i]
    }
  }
}

/** P(N mod period = k), N of the Poisson law: its terms from the mode outwards, scaled to sum 1. */
function wrappedPoisson(mean: number, out: Float64Array): void {
  const period = out.length
  out.fill(0)
  const mode = Math.floor(mean)
  let total = 0
  for (let k = mode, term = 1; term > 1e-20; term *= mean / ++k) {
    out[k % period] += term
    total += term
  }
  for (let k = mode, term = 1; k > 0; ) {
    term *= k-- / mean
    if (term < 1e-20) break
    out[k % period] += term
    total += term
  }
  for (let k = 0; k < period; k++) out[k] /= total
}

/** The integer x on the circle. */
export function modulo(x: number, period: number): number {
  const y = x % period
  return y < 0 ? y + period : y + 0
}
