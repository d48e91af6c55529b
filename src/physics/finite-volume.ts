/**
 * The full equations of a column, by finite volumes: ∂c/∂t + ∂(uc)/∂x = D ∂²c/∂x² − ∂q/∂t for every component, and
 * ∂q/∂t = κ c (1 − Σ q/q_max) − k_d q, in which the components compete for places.
 *
 * Third order in space with Koren's limiter (Koren 1993), third order in time (Shu & Osher 1988), steps below the
 * limits of advection, diffusion and exchange. The concentration in front of the column is given.
 */
import { demand } from '../base/errors.ts'
import type { Work } from '../base/work.ts'

export interface Component {
  /** κ = α k_a and k_d, per unit of time. */
  readonly adsorb: number
  readonly desorb: number
  /** The concentration that comes in at a time. */
  readonly inlet: (t: number) => number
}

export interface FullColumn {
  readonly length: number
  /** At the inlet, length per time. */
  readonly velocity: number
  /**
   * Pressure at the outlet over that at the inlet, in (0, 1]: gas driven by pressure moves as
   * u(x) = u(0)/√(1 − (1 − P²)x/L) (p u the same everywhere, Darcy). Default 1: constant velocity.
   */
  readonly pressures?: number
  readonly diffusion: number
  readonly components: readonly Component[]
  /** Largest Σ q, Infinity (default) where places are free enough. */
  readonly capacity?: number
  /** Default 300. */
  readonly cells?: number
  /** The column goes on beyond its length by so much of it, unobserved, default 0. */
  readonly beyond?: number
  /** Rising. */
  readonly times: ArrayLike<number>
}

/** Flux at the outlet over u(0), [components, times]: the concentration there where the velocity is constant. */
export function* fullColumn(options: FullColumn): Work<Float64Array> {
  const { components, times, cells = 300, beyond = 0, length } = options
  demand(length > 0 && options.velocity > 0, 'solve a column', 'length and velocity', 'above 0', [
    length,
    options.velocity,
  ])
  const all = Math.ceil(cells * (1 + beyond))
  const { slope, limit } = slopeOf(options, all)
  const size = 2 * components.length * all
  const [state, one, two, change] = Array.from({ length: 4 }, () => new Float64Array(size))
  const out = new Float64Array(components.length * times.length)
  const speed = speedAt(options)(1) / options.velocity
  let t = 0
  for (let k = 0; k < times.length; k++) {
    const steps = Math.ceil((times[k] - t) / limit)
    const dt = steps > 0 ? (times[k] - t) / steps : 0
    for (let step = 0; step < steps; step++) {
      // Shu–Osher: u₁ = u + Δt f, u₂ = ¾u + ¼(u₁ + Δt f₁), u ← ⅓u + ⅔(u₂ + Δt f₂).
      slope(state, t, change)
      for (let i = 0; i < size; i++) one[i] = state[i] + dt * change[i]
      slope(one, t + dt, change)
      for (let i = 0; i < size; i++) two[i] = 0.75 * state[i] + 0.25 * (one[i] + dt * change[i])
      slope(two, t + dt / 2, change)
      for (let i = 0; i < size; i++) state[i] = state[i] / 3 + (2 / 3) * (two[i] + dt * change[i])
      t += dt
      if (step % 64 === 63) yield t / times[times.length - 1]
    }
    for (let j = 0; j < components.length; j++) {
      const c = state.subarray(j * all, (j + 1) * all)
      // The face at the end of the column: by the third-order formula, or the last cell where nothing follows.
      const i = cells - 1
      const face = beyond > 0 ? c[i] + (2 * (c[i + 1] - c[i]) + (c[i] - c[i - 1])) / 6 : c[i]
      out[j * times.length + k] = face * speed
    }
  }
  return out
}

/** u at a share of the length. */
function speedAt({ velocity, pressures = 1 }: FullColumn): (share: number) => number {
  return share => velocity / Math.sqrt(Math.max(pressures ** 2, 1 - (1 - pressures ** 2) * share))
}

/** Time to get through without being adsorbed: ∫ dx/u. */
export function deadTime(column: Pick<FullColumn, 'length' | 'velocity' | 'pressures'>): number {
  const { length, velocity, pressures: P = 1 } = column
  // ∫₀¹ √(1 − (1 − P²)y) dy = ⅔ (1 − P³)/(1 − P²)
  return (length / velocity) * (P === 1 ? 1 : ((2 / 3) * (1 - P ** 3)) / (1 - P ** 2))
}

type Slope = (state: Float64Array, t: number, out: Float64Array) => void

/** The right-hand side over c₀ … , q₀ … [2, components, cells], and the largest stable step. */
function slopeOf(column: FullColumn, all: number): { slope: Slope; limit: number } {
  const { components, capacity = Infinity, diffusion, length, cells = 300 } = column
  const dx = length / cells
  const speed = speedAt(column)
  const u = Float64Array.from({ length: all + 1 }, (_, i) => speed(Math.min(1, i / cells)))
  const fastest = Math.max(u[0], u[all])
  const exchange = components.map(({ adsorb, desorb }) => adsorb + desorb)
  const limit = 0.5 / (fastest / dx + (2 * diffusion) / dx ** 2 + Math.max(...exchange))
  const flux = new Float64Array(all + 1)
  const slope: Slope = (state, t, out) => {
    const half = components.length * all
    for (let j = 0; j < components.length; j++) {
      const { adsorb, desorb, inlet } = components[j]
      const at = j * all
      fluxes(state, at, { u, inlet: inlet(t), stiff: diffusion / dx, flux })
      for (let i = 0; i < all; i++) {
        let taken = 0
        if (capacity < Infinity) for (let m = i; m < half; m += all) taken += state[half + m]
        const free = capacity < Infinity ? 1 - taken / capacity : 1
        const rise = adsorb * state[at + i] * free - desorb * state[half + at + i]
        out[half + at + i] = rise
        out[at + i] = (flux[i] - flux[i + 1]) / dx - rise
      }
    }
  }
  return { slope, limit }
}

/** What passes each face per time: u c upwind with Koren's limiter, less D ∂c/∂x. */
function fluxes(
  state: Float64Array,
  at: number,
  { u, inlet, stiff, flux }: { u: Float64Array; inlet: number; stiff: number; flux: Float64Array },
): void {
  const all = u.length - 1
  flux[0] = u[0] * inlet - 2 * stiff * (state[at] - inlet)
  for (let i = 0; i < all; i++) {
    const here = state[at + i]
    const rise = here - (i > 0 ? state[at + i - 1] : inlet)
    const ahead = i + 1 < all ? state[at + i + 1] - here : 0
    // ½ φ(r) (c_i − c_{i−1}), φ = max(0, min(2r, (1 + 2r)/3, 2)), written without a division.
    const same = rise * ahead > 0
    const size = same ? Math.min(Math.abs(ahead), Math.abs(rise), Math.abs(rise + 2 * ahead) / 6) : 0
    const face = here + (rise < 0 ? -size : size)
    flux[i + 1] = u[i + 1] * face - (i + 1 < all ? stiff * ahead : 0)
  }
}
