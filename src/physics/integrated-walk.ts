/**
 * A walk and its integral over time, exactly: units hop at `rate` per direction on an endless line of integers, and
 * carry along ∫₀ᵗ y ds. What drifts or turns at a speed in proportion to y has come so far.
 */
import { demand } from '../base/errors.ts'
import { random } from '../base/random.ts'
import type { Work } from '../base/work.ts'
import { exponential } from './exponential.ts'

export interface IntegratedWalk {
  readonly units: number
  readonly rate: number
  /** Rising, from 0. */
  readonly times: readonly number[]
  readonly seed: number
  /** Told of every unit at every time: which time, where it is, and its integral. */
  readonly see: (time: number, y: number, integral: number) => void
}

/** Moves every unit to the last of the times; returns the number of hops. */
export function* integratedWalk({ units, rate, times, seed, see }: IntegratedWalk): Work<number> {
  const what = 'integrate a walk'
  demand(rate >= 0 && rate < Infinity, what, 'the rate', 'finite and ≥ 0', rate)
  const rising = times.every((t, k) => t >= (k ? times[k - 1] : 0))
  demand(rising && times.length > 0, what, 'the times', 'one or more, rising from 0', [...times])
  const seeds = random(seed)
  const last = times.length
  let hops = 0
  for (let unit = 0; unit < units; unit++) {
    const rng = seeds.fork(unit)
    let [t, y, integral, k] = [0, 0, 0, 0]
    while (k < last) {
      const next = rate > 0 ? t + exponential(rng) / (2 * rate) : Infinity
      for (; k < last && times[k] <= next; k++) see(k, y, integral + y * (times[k] - t))
      integral += y * (next - t)
      t = next
      y += rng.u32() & 1 ? 1 : -1
      hops++
    }
    hops--
    if (unit % 4096 === 4095) yield (unit + 1) / units
  }
  return hops
}

/** Mean squared displacement along a shear x′ = a y with diffusion D in both directions: 2Dt + ⅔ a² D t³ (Novikov 1958). */
export const shearDispersion = (shear: number, diffusion: number, t: number): number =>
  2 * diffusion * t + (2 / 3) * shear ** 2 * diffusion * t ** 3

/**
 * What phase mixing with diffusion of the actions leaves of a mode: units on a lattice of actions turn by ω = n Ω′ a more
 * per step, A(t) = exp(−2r[t − sin(ωt)/ω]) (ours), for small ωt exp(−r ω² t³/3).
 */
export const mixedAmplitude = (omega: number, rate: number, t: number): number =>
  Math.exp(-2 * rate * (t - (omega === 0 ? t : Math.sin(omega * t) / omega)))

/** The amplitude of a mode over walking units, at every time: mean of cos(ω ∫ j dt). */
export function* walkedAmplitude(
  options: Omit<IntegratedWalk, 'see'> & { readonly omega: number },
): Work<Float64Array> {
  const { omega, times, units } = options
  const sums = new Float64Array(times.length)
  const see = (k: number, _: number, integral: number) => {
    sums[k] += Math.cos(omega * integral)
  }
  yield* integratedWalk({ ...options, see })
  return sums.map(sum => sum / units)
}

/** Mean squared displacement of units that walk along x and y, and drift along x by the shear: at every time. */
export function* walkedShear(
  options: Omit<IntegratedWalk, 'see'> & { readonly shear: number },
): Work<{ mean: Float64Array; error: Float64Array }> {
  const { shear, times, units, rate, seed } = options
  const many = times.length
  const drifts = new Float32Array(units * many)
  const walks = new Float32Array(units * many)
  const into = (out: Float32Array, value: (y: number, integral: number) => number) => {
    let at = 0
    return (_: number, y: number, integral: number) => {
      out[at++] = value(y, integral)
    }
  }
  yield* integratedWalk({ ...options, see: into(drifts, (_, integral) => shear * integral) })
  // Streams of their own: the seeds of drift and walk differ.
  yield* integratedWalk({ units, rate, times, seed: seed + 1, see: into(walks, y => y) })
  const mean = new Float64Array(many)
  const squares = new Float64Array(many)
  for (let i = 0; i < drifts.length; i++) {
    const square = (drifts[i] + walks[i]) ** 2
    mean[i % many] += square / units
    squares[i % many] += square ** 2 / units
  }
  return { mean, error: mean.map((m, k) => Math.sqrt((squares[k] - m * m) / units)) }
}
