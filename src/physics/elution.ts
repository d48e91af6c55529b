/**
 * Laws of the time at which a molecule leaves a column, known by their Laplace transforms F(s) = exp(logF(s)).
 *
 * `latticeColumn`: L sites, hops at v, adsorption k_a, desorption k_d: F = [v/(v + s + k_a s/(s + k_d))]^L (Giddings & Eyring
 * 1955; on the lattice: ours). `kineticColumn`: the continuum without diffusion, F = exp(−t₀(s + κ s/(s + k_d))), t₀ = L/u,
 * κ = α k_a (arXiv 2501.00001). `dispersiveColumn`: sorption at equilibrium with diffusion, F = exp(Pe/2 · (1 − √(1 + 4 R t₀ s/Pe))),
 * Pe = uL/D, from which Ogata & Banks 1961 is F/s.
 */
import { demand } from '../base/errors.ts'
import { invert, type Transform } from './laplace.ts'

export interface ElutionLaw {
  /** log F(s) into out: real and imaginary part. */
  readonly logTransform: Transform
  readonly mean: number
  readonly variance: number
  /** No molecule leaves before, and the share `atom` of them just then. */
  readonly earliest: number
  readonly atom: number
}

export interface LatticeColumn {
  readonly sites: number
  /** Per unit of time. */
  readonly hop: number
  readonly adsorb: number
  readonly desorb: number
}

/** mean (L/v)(1 + k_a/k_d), variance (L/v²)(1 + k_a/k_d)² + 2(L/v) k_a/k_d². */
export function latticeColumn({ sites, hop, adsorb, desorb }: LatticeColumn): ElutionLaw {
  positive({ sites, hop, desorb })
  const retained = adsorb / desorb
  return {
    logTransform(re, im, out) {
      sorption(re, im, desorb, out)
      const a = 1 + (re + adsorb * out[0]) / hop
      const b = (im + adsorb * out[1]) / hop
      out[0] = -sites * Math.log(Math.hypot(a, b))
      out[1] = -sites * Math.atan2(b, a)
    },
    mean: (sites / hop) * (1 + retained),
    variance: (sites / hop ** 2) * (1 + retained) ** 2 + (2 * sites * retained) / (hop * desorb),
    earliest: 0,
    atom: 0,
  }
}

export interface KineticColumn {
  /** Time to get through without ever being adsorbed, L/u. */
  readonly dead: number
  /** κ = α k_a and k_d, per unit of time. */
  readonly adsorb: number
  readonly desorb: number
}

/** mean t₀(1 + κ/k_d), variance 2 t₀ κ/k_d²; a share e^{−κt₀} is never adsorbed. */
export function kineticColumn({ dead, adsorb, desorb }: KineticColumn): ElutionLaw {
  positive({ dead, adsorb, desorb })
  return {
    logTransform(re, im, out) {
      sorption(re, im, desorb, out)
      out[0] = -dead * (re + adsorb * out[0])
      out[1] = -dead * (im + adsorb * out[1])
    },
    mean: dead * (1 + adsorb / desorb),
    variance: (2 * dead * adsorb) / desorb ** 2,
    earliest: dead,
    atom: Math.exp(-adsorb * dead),
  }
}

export interface DispersiveColumn {
  readonly dead: number
  /** R = 1 + share adsorbed / share not adsorbed, ≥ 1. */
  readonly retardation: number
  /** uL/D. */
  readonly peclet: number
}

/** mean R t₀, variance 2 (R t₀)²/Pe: the inverse Gaussian law. */
export function dispersiveColumn({ dead, retardation, peclet }: DispersiveColumn): ElutionLaw {
  positive({ dead, retardation, peclet })
  const mean = dead * retardation
  return {
    logTransform(re, im, out) {
      const [a, b] = [1 + (4 * mean * re) / peclet, (4 * mean * im) / peclet]
      const size = Math.hypot(a, b)
      out[0] = (peclet / 2) * (1 - Math.sqrt((size + a) / 2))
      out[1] = (-peclet / 2) * Math.sign(b) * Math.sqrt(Math.max(0, (size - a) / 2))
    },
    mean,
    variance: (2 * mean ** 2) / peclet,
    earliest: 0,
    atom: 0,
  }
}

/** s/(s + k). */
function sorption(re: number, im: number, k: number, out: Float64Array): void {
  const size = (re + k) ** 2 + im ** 2
  out[0] = (re * (re + k) + im * im) / size
  out[1] = (im * k) / size
}

function positive(values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values))
    demand(value > 0 && value < Infinity, 'describe a column', name, 'above 0', value)
}

/** The window of a law: 14 standard deviations to both sides, or from the earliest time on. */
function windowOf({ mean, variance, earliest }: ElutionLaw) {
  const wide = 14 * Math.sqrt(variance)
  return { from: Math.max(earliest, mean - wide), to: mean + 1.5 * wide }
}

/** The density of elution times, [times], without the atom at the earliest time. */
export function elutionDensity(law: ElutionLaw, times: ArrayLike<number>): Float64Array<ArrayBuffer> {
  return inverted(law, times, false)
}

/** The share that has left by each time, [times]. */
export function elutionShare(law: ElutionLaw, times: ArrayLike<number>): Float64Array<ArrayBuffer> {
  const { to } = windowOf(law)
  const shares = inverted(law, times, true)
  for (let i = 0; i < shares.length; i++)
    shares[i] = times[i] >= to ? 1 : shares[i] + (times[i] >= law.earliest ? law.atom : 0)
  return shares
}

function inverted(law: ElutionLaw, times: ArrayLike<number>, divided: boolean): Float64Array<ArrayBuffer> {
  const window = windowOf(law)
  const { from, to } = window
  const transform: Transform = (re, im, out) => {
    law.logTransform(re, im, out)
    const size = Math.exp(out[0] + re * from)
    const angle = out[1] + im * from
    let a = size * Math.cos(angle)
    let b = size * Math.sin(angle)
    if (law.atom > 0) {
      const part = law.atom * Math.exp(re * (from - law.earliest))
      a -= part * Math.cos(im * (from - law.earliest))
      b -= part * Math.sin(im * (from - law.earliest))
    }
    const norm = divided ? re * re + im * im : 1
    out[0] = divided ? (a * re + b * im) / norm : a
    out[1] = divided ? (b * re - a * im) / norm : b
  }
  const values = invert(transform, window, times)
  for (let i = 0; i < values.length; i++) if (times[i] > to) values[i] = 0
  return values
}
