// Exact rates of a known law: the walk from a weighted list of images, in place of a network.
import { demand } from '../base/errors.ts'
import { exp, log } from '../base/numeric.ts'
import { type Lattice, neighbours } from '../lattice/lattice.ts'
import { smoothing } from '../lattice/smoothing.ts'
import type { RateFunction } from './solver.ts'

export interface MixtureOptions {
  readonly lattice: Lattice
  /** r, hops per direction and unit of time: tau = rate * t. */
  readonly rate: number
  /** K images [C, ...sites], each channel of some mass; only the shape of the channel counts, not its mass. */
  readonly images: readonly ArrayLike<number>[]
  /** [K], default all equal. */
  readonly weights?: ArrayLike<number>
  /** Ratios are kept within [1 / bound, bound], default e^9, as those of a network are. */
  readonly bound?: number
}

/** The exact rate function of a mixture, which also tells what it makes of an image. */
export interface MixtureRates {
  readonly rates: RateFunction
  /** log P(n_t | image k) up to a constant in k, [N, K], for counts [N, C, ...sites] at one time. */
  logLikelihood(counts: Int32Array, time: number): Float64Array
  /** The law p_t of one unit in every image, [K, C * sites]. */
  laws(time: number): Float64Array
}

/**
 * The law in which an image k is drawn with its weight, and then every unit of channel c independently has its origin
 * at x with probability images[k][c, x] / mass. Units stay independent given k, each with law p_k,t = k_t * p_k, hence
 *
 *     ratio(x -> y) = Σ_k w_k p_k,t(y) / p_k,t(x),   w_k = P(k | n_t) ∝ weight_k Π_x p_k,t(x)^n_t(x)
 *
 * exactly, since the reverse rate of n -> n' is the forward rate of n' -> n times p_t(n') / p_t(n). For one image this is
 * the mean field of its units.
 */
export function mixtureRates(options: MixtureOptions): MixtureRates {
  const { lattice, rate, images, weights, bound = exp(9) } = options
  const what = 'build the exact rates'
  demand(images.length >= 1, what, 'the list of images', 'one at least', images.length)
  const size = images[0].length
  const channels = size / lattice.size
  demand(Number.isInteger(channels) && channels >= 1, what, 'an image', 'whole channels of sites', size)
  const smooth = smoothing(lattice)
  const origins = normalised(images, lattice.size)
  const prior = Float64Array.from(images, (_, k) => log(weights ? weights[k] : 1))
  const reached = neighbours(lattice)
  const jumps = reached.length / lattice.size
  const p = new Float64Array(origins.length)
  const logs = new Float64Array(origins.length)
  let known = Number.NaN

  function at(time: number): void {
    if (time === known) return
    known = time
    smooth(origins, rate * time, p)
    for (let i = 0; i < p.length; i++) logs[i] = log(Math.max(p[i], 1e-300))
  }

  function likelihood(counts: Int32Array, start: number, out: Float64Array): void {
    for (let k = 0; k < out.length; k++) {
      let sum = 0
      for (let x = 0, at = k * size; x < size; x++, at++) sum += counts[start + x] * logs[at]
      out[k] = sum
    }
  }

  const posterior = new Float64Array(images.length)
  function add(counts: Int32Array, image: number, ratios: Float32Array): void {
    likelihood(counts, image * size, posterior)
    toWeights(posterior, prior)
    const start = image * size * jumps
    const own = ratios.subarray(start, start + size * jumps)
    own.fill(0)
    const blend = { p, own, bound, channels, sites: lattice.size, reached }
    for (let k = 0; k < posterior.length; k++) if (posterior[k] > 1e-9) addRatios(blend, k, posterior[k])
  }

  return {
    rates(counts, times) {
      const ratios = new Float32Array(counts.length * jumps)
      for (let i = 0; i < times.length; i++) {
        at(times[i])
        add(counts, i, ratios)
      }
      return ratios
    },
    logLikelihood(counts, time) {
      at(time)
      const n = counts.length / size
      const out = new Float64Array(n * images.length)
      for (let i = 0; i < n; i++)
        likelihood(counts, i * size, out.subarray(i * images.length, (i + 1) * images.length))
      return out
    },
    laws(time) {
      at(time)
      return p.slice()
    },
  }
}

/** Each channel of each image as a law over its sites, side by side. */
function normalised(images: readonly ArrayLike<number>[], sites: number): Float64Array {
  const size = images[0].length
  const out = new Float64Array(images.length * size)
  images.forEach((image, k) => {
    demand(
      image.length === size,
      'build the exact rates',
      `the length of image ${k}`,
      String(size),
      image.length,
    )
    for (let start = 0; start < size; start += sites) {
      let mass = 0
      for (let x = start; x < start + sites; x++) mass += image[x]
      // An empty channel has no units, and so any law will do.
      for (let x = start; x < start + sites; x++) out[k * size + x] = mass > 0 ? image[x] / mass : 1 / sites
    }
  })
  return out
}

/** In place: log likelihoods to posterior weights of sum 1. */
function toWeights(logs: Float64Array, prior: Float64Array): void {
  let top = -Infinity
  for (let k = 0; k < logs.length; k++) {
    logs[k] += prior[k]
    if (logs[k] > top) top = logs[k]
  }
  let sum = 0
  for (let k = 0; k < logs.length; k++) {
    logs[k] = exp(logs[k] - top)
    sum += logs[k]
  }
  for (let k = 0; k < logs.length; k++) logs[k] /= sum
}

interface Blend {
  readonly p: Float64Array
  readonly own: Float32Array
  readonly bound: number
  readonly channels: number
  readonly sites: number
  readonly reached: Int32Array
}

/** own[c, j, x] += weight * p_k(y) / p_k(x), y the site that jump j leads to; nothing across a wall. */
function addRatios({ p, own, bound, channels, sites, reached }: Blend, k: number, weight: number): void {
  const jumps = reached.length / sites
  for (let c = 0; c < channels; c++) {
    const start = (k * channels + c) * sites
    for (let j = 0; j < jumps; j++) {
      const to = (c * jumps + j) * sites
      for (let x = 0; x < sites; x++) {
        const y = reached[j * sites + x]
        if (y < 0) continue
        const ratio = Math.max(p[start + y], 1e-300) / Math.max(p[start + x], 1e-300)
        own[to + x] += weight * Math.max(1 / bound, Math.min(bound, ratio))
      }
    }
  }
}
