/**
 * Which scales of an image live how long: the exact signal and noise of its waves as its units walk.
 *
 * A wave of the lattice fades as e^{-4τs}, s = Σ_axes sin²(πm / period), with period L (periodic, waves e^{2πimx/L}) or 2L
 * (walls, cos(πm(x + ½)/L)); units are independent, so that the amplitude n̂ = Σ_units wave(x_unit) has
 *
 *     |E n̂|² = |n̂_0|² e^{-8τs},      Var n̂ = M (1 - e^{-8τs}) on a torus:
 *
 * SNR_m(τ) = |n̂_0|² e^{-8τs} / (M (1 - e^{-8τs})). Between walls the mean square of a wave is ½(1 + the wave of 2m), and so
 * Var n̂ = ½ Σ_units (1 + e^{-4τs_2m} c_2m) - e^{-8τs} (1 + c_2m), and alike for several axes. (Ours; *Exploring Diffusion
 * Time-steps for Unsupervised Representation Learning*, arXiv 2401.11430, for what is lost when.)
 */
import { demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { cosPi, exp, log, log1p, sinPi } from '../base/numeric.ts'
import type { Lattice } from '../lattice/index.ts'
import { design } from '../schedule/designed.ts'
import type { Schedule } from '../schedule/schedule.ts'

const latticeKind = { axes: 'objects', size: 'number', strides: 'list' } as const

/** An octave of wavelengths, in sites, and its ratio of signal to noise: over all waves and images together. */
export interface Band {
  readonly from: number
  readonly to: number
  /** [taus] */
  readonly snr: readonly number[]
}

export interface ScaleOptions {
  readonly lattice: Lattice
  /** Planes of counts, [sites] each: every channel of an image is one. Without units they count for nothing. */
  readonly planes: readonly ArrayLike<number>[]
  /** Above 0. */
  readonly taus: readonly number[]
}

/** The bands that have waves, long ones first. */
export function scales(options: ScaleOptions): Band[] {
  demandGiven(
    'tell the scales',
    { options },
    { options: { lattice: latticeKind, planes: 'lists', taus: 'list' } },
  )
  const { lattice, planes, taus } = options
  demand(planes.length > 0, 'tell the scales', 'the list of images', 'not empty', planes)
  const modes = modesOf(lattice)
  const octave = Array.from(modes.wavelength, length => Math.floor(Math.log2(length) + 1e-9))
  const octaves = [...new Set(octave.slice(1))].sort((a, b) => b - a)
  const sums = octaves.map(() => ({
    signal: new Float64Array(taus.length),
    noise: new Float64Array(taus.length),
  }))
  for (const plane of planes) {
    const waves = modes.of(plane)
    taus.forEach((tau, i) => {
      const { signal, noise } = waves.at(tau)
      for (let m = 1; m < signal.length; m++) {
        const band = sums[octaves.indexOf(octave[m])]
        band.signal[i] += signal[m]
        band.noise[i] += noise[m]
      }
    })
  }
  return octaves.map((k, b) => ({
    from: 2 ** k,
    to: 2 ** (k + 1),
    snr: taus.map((_, i) => sums[b].signal[i] / sums[b].noise[i]),
  }))
}

/** The tau at which a band's signal has fallen to its noise, between the taus that were asked for; NaN where it is not there. */
export function lifeOf(band: Band, taus: readonly number[]): number {
  demandGiven('tell the life of a scale', { band, taus }, { band: { snr: 'list' }, taus: 'list' })
  const { snr } = band
  const after = snr.findIndex(ratio => ratio < 1)
  if (after < 1) return Number.NaN
  const [above, under] = [log(snr[after - 1]), log(snr[after])]
  const part = above / (above - under)
  return exp(log(taus[after - 1]) + part * (log(taus[after]) - log(taus[after - 1])))
}

export interface SpectralOptions extends Omit<ScaleOptions, 'taus'> {
  /** r: tau = rate t. */
  readonly rate: number
  /** The first time, default: tau = 0.01. */
  readonly start?: number
  /** Times that are looked at, even in their logarithms, default 41. */
  readonly points?: number
  /** The share of the coordinate given to ln t, as in `design()`, default 0.05. */
  readonly share?: number
}

/** The schedule on which the mean over the octaves of log(1 + SNR) falls evenly: every scale dies in as much of it. */
export function spectralSchedule(options: SpectralOptions): Schedule {
  demandGiven(
    'measure a schedule',
    { options },
    { options: { rate: 'number', lattice: latticeKind, planes: 'lists' } },
  )
  const { rate, lattice, planes, start = Math.min(0.5, 0.01 / rate), points = 41, share } = options
  const what = 'measure a schedule'
  demand(start > 0 && start < 1, what, 'the start', 'between 0 and 1, exclusive', start)
  demand(Number.isInteger(points) && points >= 2, what, 'the number of points', 'an integer >= 2', points)
  const times = Array.from({ length: points }, (_, i) =>
    i === points - 1 ? 1 : exp(log(start) * (1 - i / (points - 1))),
  )
  const bands = scales({ lattice, planes, taus: times.map(t => rate * t) })
  const similarity = times.map(
    (_, i) => bands.reduce((sum, { snr }) => sum + log1p(snr[i]), 0) / bands.length,
  )
  return design({ times, similarity, share })
}

/** What the waves of one plane carry at tau, [sites] in the order of the lattice, wave numbers in place of sites. */
export interface Waves {
  at(tau: number): { readonly signal: Float64Array; readonly noise: Float64Array }
}

/** The waves of a lattice, [sites]; the first one is the mass. */
export interface Modes {
  /** In sites; Infinity for the mass. */
  readonly wavelength: Float64Array
  /** The waves of a plane of counts: their exact |E n̂|² and Var n̂. */
  of(plane: ArrayLike<number>): Waves
}

export function modesOf(lattice: Lattice): Modes {
  demandGiven('tell the modes', { lattice }, { lattice: latticeKind })
  const { axes, size, strides } = lattice
  const periods = axes.map(({ length, boundary }) => boundary.period(length))
  const walled = axes.flatMap(({ length }, a) => (periods[a] !== length ? [a] : []))
  const number = (site: number, a: number) => Math.floor(site / strides[a]) % axes[a].length
  const decay = (a: number, m: number) => 4 * sinPi(m / periods[a]) ** 2
  const sets = Array.from({ length: 2 ** walled.length }, (_, bits) =>
    walled.filter((_, k) => (bits >> k) & 1),
  )
  const wavelength = Float64Array.from({ length: size }, (_, site) => {
    const square = axes.reduce((sum, _, a) => {
      const m = number(site, a)
      return sum + (Math.min(m, periods[a] - m) / periods[a]) ** 2
    }, 0)
    return square > 0 ? 1 / Math.sqrt(square) : Infinity
  })

  return {
    wavelength,
    of(plane) {
      demand(plane.length === size, 'tell the waves', 'the plane', `of ${size} counts`, plane.length)
      const amplitude = transformed(
        plane,
        lattice,
        axes.map(({ length }) => range(length, 1)),
      )
      const power = amplitude.re.map((re, i) => re * re + amplitude.im[i] ** 2)
      // The mean squares of waves between walls: what the waves of twice the number, along these axes alone, have.
      const doubled = sets.map(
        set =>
          transformed(
            plane,
            lattice,
            axes.map(({ length }, a) => range(set.includes(a) ? length : 1, 2)),
          ).re,
      )
      const place = sets.map(set => {
        const strides = set.map((_, k) =>
          set.slice(k + 1).reduce((product, a) => product * axes[a].length, 1),
        )
        return (site: number) => set.reduce((sum, a, k) => sum + number(site, a) * strides[k], 0)
      })
      return {
        at(tau) {
          const [signal, noise] = [new Float64Array(size), new Float64Array(size)]
          const once = axes.map(({ length }, a) =>
            Float64Array.from(range(length, 1), m => exp(-2 * tau * decay(a, m))),
          )
          const twice = axes.map(({ length }, a) =>
            Float64Array.from(range(length, 2), m => exp(-tau * decay(a, m))),
          )
          for (let site = 0; site < size; site++) {
            let left = 1
            for (let a = 0; a < axes.length; a++) left *= once[a][number(site, a)]
            signal[site] = left * power[site]
            sets.forEach((set, s) => {
              let faded = 1
              for (const a of set) faded *= twice[a][number(site, a)]
              noise[site] += ((faded - left) * doubled[s][place[s](site)]) / sets.length
            })
          }
          return { signal, noise }
        },
      }
    },
  }
}

const range = (length: number, step: number): number[] => Array.from({ length }, (_, m) => m * step)

/** The amplitudes of some wave numbers of every axis, [waves of axis 0, waves of axis 1, …]. */
function transformed(
  plane: ArrayLike<number>,
  { axes }: Lattice,
  waves: readonly (readonly number[])[],
): { re: Float64Array; im: Float64Array } {
  let [re, im] = [Float64Array.from(plane), new Float64Array(plane.length)]
  axes.forEach(({ length, boundary }, a) => {
    const period = boundary.period(length)
    const walls = period !== length
    const inner = axes.slice(a + 1).reduce((product, axis) => product * axis.length, 1)
    const outer = re.length / (length * inner)
    const wide = waves[a].length
    const [newRe, newIm] = [new Float64Array(outer * wide * inner), new Float64Array(outer * wide * inner)]
    waves[a].forEach((m, k) => {
      for (let x = 0; x < length; x++) {
        const turn = ((walls ? 2 * m * (x + 0.5) : 2 * m * x) / period) % 2
        const [c, s] = [cosPi(turn), walls ? 0 : -sinPi(turn)]
        for (let o = 0; o < outer; o++)
          for (let i = 0; i < inner; i++) {
            const [from, to] = [(o * length + x) * inner + i, (o * wide + k) * inner + i]
            newRe[to] += c * re[from] - s * im[from]
            newIm[to] += s * re[from] + c * im[from]
          }
      }
    })
    ;[re, im] = [newRe, newIm]
  })
  return { re, im }
}
