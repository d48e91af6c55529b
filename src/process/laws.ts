// Tables of displacement along one axis: dice of standard lengths, and whole laws over its sites.
import type { AxisKernels } from '../lattice/kernel.ts'
import { kernels, type Lattice } from '../lattice/lattice.ts'
import { type Die, dieOf } from './die.ts'

/**
 * The law of one unit's displacement along each axis, [d] each:
 *
 *     D = shift + Bernoulli(fraction) + Poisson(plus) - Poisson(minus),
 *
 * an integer of mean `shift + fraction + plus - minus` and variance `fraction (1 - fraction) + plus + minus`. The
 * axes are independent. Means beyond 2^30 hops are cut there: the place on any real lattice is uniform long before.
 */
export interface Displacement {
  readonly shift: Float64Array
  readonly fraction: Float64Array
  readonly plus: Float64Array
  readonly minus: Float64Array
}

/** A die whose faces are displacements on the unfolded circle of an axis. */
export interface WalkDie extends Die {
  /** Mean hops in the direction, or in either direction, that it stands for. */
  readonly hops: number
}

/** What the axis knows of displacements. */
export interface AxisLaws {
  readonly period: number
  /** [length + period]: position of the unfolded walk -> site. */
  readonly fold: Int32Array
  /** A die of Poisson(h) - Poisson(h), h the longest standard length in `hops`; undefined if that is not worth a throw. */
  symmetric(hops: number): WalkDie | undefined
  /** A die of Poisson(h), wrapped around the circle. */
  ahead(hops: number): WalkDie | undefined
  /** The law over the sites of one axis, [length], of units that start at x. */
  tabulate(x: number, of: { law: Displacement; axis: number }, out: Float64Array): void
}

/** The standard lengths, 2^(k/4) from 2^-2 to 2^30: a sum of few of them comes close to any length. */
const LENGTHS = standardLengths()

function standardLengths(): Float64Array {
  const root = Math.sqrt(Math.SQRT2)
  const lengths = new Float64Array(129)
  lengths.set([0.25, 0.25 * root, 0.25 * Math.SQRT2, 0.25 * Math.SQRT2 * root])
  for (let k = 4; k < lengths.length; k++) lengths[k] = 2 * lengths[k - 4]
  return lengths
}

/** The laws of every axis; axes that are alike share their tables. */
export function axisLaws(lattice: Lattice): readonly AxisLaws[] {
  const sources = kernels(lattice)
  const made = new Map<AxisKernels, AxisLaws>()
  return sources.map((source, a) => {
    const known = made.get(source)
    if (known) return known
    const { length, boundary } = lattice.axes[a]
    const { period } = source
    const fold = Int32Array.from({ length: length + period }, (_, x) => boundary.fold(x, length))
    const laws: AxisLaws = {
      period,
      fold,
      symmetric: standardDice(period, (hops, out) => source.displacement(hops, out)),
      ahead: standardDice(period, wrappedPoisson),
      tabulate: tabulator(source, fold),
    }
    made.set(source, laws)
    return laws
  })
}

/** Dice of the standard lengths, each made when it is first wanted. */
function standardDice(
  period: number,
  lawOf: (hops: number, out: Float64Array) => void,
): (hops: number) => WalkDie | undefined {
  const dice: WalkDie[] = []
  return hops => {
    if (hops < LENGTHS[0]) return undefined
    let low = 0
    let high = LENGTHS.length
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (LENGTHS[middle] <= hops) low = middle
      else high = middle
    }
    if (!dice[low]) {
      const law = new Float64Array(period)
      lawOf(LENGTHS[low], law)
      dice[low] = { ...dieOf(period, law), hops: LENGTHS[low] }
    }
    return dice[low]
  }
}

/**
 * On the circle: the symmetric part is the kernel of the walk at tau = min(plus, minus), the excess a Poisson law
 * wrapped around, the rest a shift by an integer or by one more; then folded onto the sites.
 */
function tabulator(source: AxisKernels, fold: Int32Array): AxisLaws['tabulate'] {
  const { period } = source
  const symmetric = new Float64Array(period)
  const hops = new Float64Array(period)
  const sum = new Float64Array(period)
  return (x, { law, axis }, out) => {
    const plus = law.plus[axis]
    const minus = law.minus[axis]
    const fraction = law.fraction[axis]
    const shift = modulo(law.shift[axis], period)
    source.displacement(Math.min(plus, minus), symmetric)
    wrappedPoisson(Math.abs(plus - minus), hops)
    const sign = plus >= minus ? 1 : -1
    sum.fill(0)
    for (let k = 0; k < period; k++) {
      if (hops[k] === 0) continue
      for (let i = 0, to = modulo(sign * k, period); i < period; i++) {
        sum[to] += hops[k] * symmetric[i]
        if (++to === period) to = 0
      }
    }
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
