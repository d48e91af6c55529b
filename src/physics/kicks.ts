/**
 * Units of a disk that are kicked: all by one speed (bending) or away from the middle plane (breathing), at once or over a
 * time; and the linear response to the duration of a pulse.
 */
import { demand } from '../base/errors.ts'
import { log } from '../base/numeric.ts'
import { random } from '../base/random.ts'
import type { Work } from '../base/work.ts'
import { KPC_PER_GYR, type Potential } from './disk.ts'

export interface Stars {
  /** kpc and km/s. */
  readonly z: Float64Array
  readonly v: Float64Array
}

/** Units of an isothermal sheet in equilibrium: z = 2h artanh(u), v normal. */
export function sheetStars(units: number, options: { sigma: number; height: number; seed: number }): Stars {
  const { sigma, height, seed } = options
  demand(Number.isInteger(units) && units >= 1, 'draw stars', 'the units', 'a whole number from 1', units)
  const seeds = random(seed)
  const [z, v] = [new Float64Array(units), new Float64Array(units)]
  for (let i = 0; i < units; i++) {
    const rng = seeds.fork(i)
    const u = 2 * rng.uniform() - 1
    z[i] = height * log((1 + u + 1e-16) / (1 - u))
    // Box & Muller 1958.
    v[i] = sigma * Math.sqrt(-2 * log(1 - rng.uniform())) * Math.cos(2 * Math.PI * rng.uniform())
  }
  return { z, v }
}

/** The shape of a pulse of area 1 and duration τ: smooth e^{−t²/2τ²}, or with a cusp, e^{−|t|/τ}. */
export type Pulse = 'gaussian' | 'cusp'

/** What is left of the response at frequency ω: the transform of the pulse, e^{−(ωτ)²/2} or 1/(1 + (ωτ)²). */
export const pulseSpectrum = (pulse: Pulse, phase: number): number =>
  pulse === 'gaussian' ? Math.exp(-(phase ** 2) / 2) : 1 / (1 + phase ** 2)

const shapeOf = (pulse: Pulse, t: number, tau: number) =>
  pulse === 'gaussian'
    ? Math.exp(-0.5 * (t / tau) ** 2) / (Math.sqrt(2 * Math.PI) * tau)
    : Math.exp(-Math.abs(t) / tau) / (2 * tau)

export interface Kick {
  /** bending: all by `speed`; breathing: by speed · z/height. */
  readonly mode: 'bending' | 'breathing'
  /** km/s in all. */
  readonly speed: number
  readonly height: number
  /** Gyr; 0: at once. */
  readonly duration?: number
  readonly pulse?: Pulse
}

export interface Evolution extends Stars {
  readonly potential: Potential
  readonly kick: Kick
  /** Gyr after the middle of the kick. */
  readonly time: number
  /** Gyr, default 5e-4. */
  readonly step?: number
}

/** Moves units through a kick, in place, by leapfrog (kick–drift–kick), from 8 durations before it. */
export function* evolve({ z, v, potential, kick, time, step = 5e-4 }: Evolution): Work<void> {
  const { mode, speed, height, duration = 0, pulse = 'gaussian' } = kick
  demand(time > 0 && step > 0 && duration >= 0, 'evolve stars', 'the times', 'above 0', [
    time,
    step,
    duration,
  ])
  const push = (i: number, amount: number) => {
    v[i] += mode === 'bending' ? amount : (amount * z[i]) / height
  }
  const begin = -8 * duration
  if (duration === 0) for (let i = 0; i < z.length; i++) push(i, speed)
  const steps = Math.ceil((time - begin) / step)
  const dt = (time - begin) / steps
  for (let k = 0; k < steps; k++) {
    const at = (t: number) => (duration > 0 ? speed * shapeOf(pulse, t, duration) * (dt / 2) : 0)
    const [first, second] = [at(begin + k * dt), at(begin + (k + 1) * dt)]
    for (let i = 0; i < z.length; i++) {
      v[i] += 0.5 * dt * KPC_PER_GYR * potential.force(z[i])
      if (first !== 0) push(i, first)
      z[i] += dt * KPC_PER_GYR * v[i]
      v[i] += 0.5 * dt * KPC_PER_GYR * potential.force(z[i])
      if (second !== 0) push(i, second)
    }
    if (k % 8 === 7) yield (k + 1) / steps
  }
}

/** Units per cell of the (z, v) plane over those of the same cell turned half round and mirrored, as a contrast [rows, columns]. */
export function phasePlane(
  { z, v }: Stars,
  { cells = 96, heights, speeds }: { cells?: number; heights: number; speeds: number },
): { density: Float64Array; contrast: Float64Array } {
  const density = new Float64Array(cells * cells)
  const rings = new Float64Array(cells)
  const sites = new Float64Array(cells)
  const ring = (x: number, y: number) => Math.floor((Math.hypot(x, y) * cells) / 2)
  for (let i = 0; i < z.length; i++) {
    const [a, b] = [z[i] / heights, v[i] / speeds]
    if (Math.abs(a) >= 1 || Math.abs(b) >= 1) continue
    density[Math.floor(((b + 1) / 2) * cells) * cells + Math.floor(((a + 1) / 2) * cells)]++
  }
  const middle = (k: number) => (2 * (k + 0.5)) / cells - 1
  for (let at = 0; at < density.length; at++) {
    const r = ring(middle(at % cells), middle(Math.floor(at / cells)))
    if (r >= cells) continue
    rings[r] += density[at]
    sites[r]++
  }
  const contrast = density.map((n, at) => {
    const r = ring(middle(at % cells), middle(Math.floor(at / cells)))
    const mean = rings[r] / sites[r]
    return r < cells / 2 && mean >= 2 ? n / mean - 1 : 0
  })
  return { density, contrast }
}
