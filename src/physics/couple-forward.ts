/**
 * The profile that a coefficient of interdiffusion makes, all of it at once: the way back from D̃ to what is measured.
 *
 * After a time t a couple depends on λ = x/√t alone (Boltzmann 1894). The flux F(Y)/√t past the composition Y obeys
 * F F″ = −D̃(Y)/2, F(0) = F(1) = 0, and λ = −2F′. Between two phases D̃ is 0: F is a straight line there and λ stands
 * still, which is their interface. Solved by Newton's method on compositions that are dense at the ends.
 */
import { demand } from '../base/errors.ts'
import { erf } from './couple.ts'

/** A phase: its normalised compositions [from, to], and D̃ in m²/s inside. */
export interface ForwardPhase {
  readonly from: number
  readonly to: number
  readonly coefficient: (Y: number) => number
}

export interface ForwardProfile {
  /** Rising compositions between 0 and 1, and where they are, about the Matano plane, in m/√s, [levels]. */
  readonly Y: Float64Array
  readonly lambda: Float64Array
}

const NODES = 801
/** Y = ½(1 + erf u) for |u| up to this: 1e-6 of the step at either end is left out. */
const REACH = 3.4
const ROUNDS = 100

/** Throws RangeError for phases that overlap or have no coefficient above 0. */
export function forwardProfile(phases: readonly ForwardPhase[]): ForwardProfile {
  const Y = Float64Array.from(
    { length: NODES },
    (_, i) => 0.5 * (1 + erf(REACH * ((2 * i) / (NODES - 1) - 1))),
  )
  Y[0] = 0
  Y[NODES - 1] = 1
  const D = spread(phases, Y)
  const most = D.reduce((high, value) => Math.max(high, value), 0)
  demand(most > 0 && most < Infinity, 'make a profile', 'D̃', 'above 0 and finite', most)
  const F = flux(
    Y,
    D.map(value => value / most),
  )
  const lambda = new Float64Array(NODES - 1)
  const middles = new Float64Array(NODES - 1)
  for (let i = 0; i + 1 < NODES; i++) {
    lambda[i] = (-2 * Math.sqrt(most) * (F[i + 1] - F[i])) / (Y[i + 1] - Y[i])
    middles[i] = (Y[i] + Y[i + 1]) / 2
  }
  return { Y: middles, lambda }
}

/** The mean of D̃ over the compositions nearest to each node: a node beside a gap has a part of it. */
function spread(phases: readonly ForwardPhase[], Y: Float64Array): Float64Array {
  const D = new Float64Array(Y.length)
  phases.forEach(({ from, to, coefficient }, p) => {
    const apart = from < to && from >= (p > 0 ? phases[p - 1].to : 0) && to <= 1
    demand(apart, 'make a profile', `phase ${p + 1}`, 'between 0 and 1, beyond the one before', [from, to])
    for (let i = 1; i + 1 < Y.length; i++) {
      const [low, high] = [(Y[i - 1] + Y[i]) / 2, (Y[i] + Y[i + 1]) / 2]
      const [a, b] = [Math.max(low, from), Math.min(high, to)]
      if (b > a) D[i] += (coefficient((a + b) / 2) * (b - a)) / (high - low)
    }
  })
  return D
}

/** F″ + D/2F = 0 by Newton's method, every step short enough to keep F above 0. */
function flux(Y: Float64Array, D: Float64Array): Float64Array {
  const last = Y.length - 1
  const F = Y.map((_, i) => 0.3 * Math.exp(-((REACH * ((2 * i) / last - 1)) ** 2)))
  F[0] = 0
  F[last] = 0
  const [ratio, change] = [new Float64Array(last + 1), new Float64Array(last + 1)]
  for (let round = 0; round < ROUNDS; round++) {
    // Thomas' algorithm on a ΔF₋ + (−a − c − D/2F²) ΔF + c ΔF₊ = −residual.
    for (let i = 1; i < last; i++) {
      const [h, g] = [Y[i] - Y[i - 1], Y[i + 1] - Y[i]]
      const [a, c] = [2 / (h * (h + g)), 2 / (g * (h + g))]
      const residual = a * (F[i - 1] - F[i]) + c * (F[i + 1] - F[i]) + D[i] / (2 * F[i])
      const pivot = -a - c - D[i] / (2 * F[i] ** 2) - a * ratio[i - 1]
      ratio[i] = c / pivot
      change[i] = (-residual - a * change[i - 1]) / pivot
    }
    let [largest, fall] = [0, 0]
    for (let i = last - 1; i > 0; i--) {
      change[i] -= ratio[i] * (i + 1 < last ? change[i + 1] : 0)
      largest = Math.max(largest, Math.abs(change[i] / F[i]))
      fall = Math.max(fall, -change[i] / F[i])
    }
    const share = Math.min(1, 0.9 / fall)
    for (let i = 1; i < last; i++) F[i] += share * change[i]
    if (largest < 1e-11) break
  }
  return F
}

/** Y at rising positions λ of a profile; 0 and 1 beyond it, [positions]. */
export function composition({ Y, lambda }: ForwardProfile, at: ArrayLike<number>): Float64Array {
  let k = 0
  const last = lambda.length - 1
  return Float64Array.from(at, x => {
    if (x <= lambda[0]) return x < lambda[0] ? 0 : Y[0]
    while (k < last && lambda[k] < x) k++
    if (lambda[k] < x) return 1
    const step = lambda[k] - lambda[k - 1]
    return step > 0 ? Y[k - 1] + ((x - lambda[k - 1]) / step) * (Y[k] - Y[k - 1]) : Y[k]
  })
}
