// The exact origin of a known law: the walk from a weighted list of images, in place of a network.

import { demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { exp, log } from '../base/numeric.ts'
import type { Lattice } from '../lattice/lattice.ts'
import { latticeKinds } from '../lattice/lattice.ts'
import { latticeWalk } from '../walk/lattice-walk.ts'
import type { OriginFunction } from './solver.ts'

export interface MixtureOptions {
  readonly lattice: Lattice
  /** r, hops per direction and unit of time: tau = rate * t. */
  readonly rate: number
  /** K images [C, ...sites], each channel of some mass; only the shape of the channel counts, not its mass. */
  readonly images: readonly ArrayLike<number>[]
  /** [K], default all equal. */
  readonly weights?: ArrayLike<number>
}

/** The exact origin of a mixture, and what it makes of an image. */
export interface Mixture {
  readonly origin: OriginFunction
  /** log P(n_t | image k) up to a constant in k, [N, K], for counts [N, C, ...sites] at one time. */
  logLikelihood(counts: Int32Array, time: number): Float64Array
}

/**
 * The law in which an image k is drawn with its weight and scaled to the mass of the counts: given n_t,
 *
 *     D = M Σ_k w_k n_k / M_k,   w_k = P(k | n_t) ∝ weight_k Π_x p_k,t(x)^n_t(x),   p_k,t = K_t n_k / M_k
 *
 * up to the multinomial coefficient of the units of the image itself (which units come from where, given n_0): exact where
 * the image's units are drawn independently from its shape, and for its own mass the limit of large counts.
 */
export function mixture(options: MixtureOptions): Mixture {
  demandGiven(
    'build the mixture',
    { options },
    { options: { lattice: latticeKinds, rate: 'number', images: 'lists', weights: 'list?' } },
  )
  const { lattice, rate, images, weights } = options
  const what = 'build the mixture'
  demand(images.length >= 1, what, 'the list of images', 'one at least', images.length)
  const size = images[0].length
  const { size: sites } = lattice
  const channels = size / sites
  demand(Number.isInteger(channels) && channels >= 1, what, 'an image', 'whole channels of sites', size)
  const walk = latticeWalk(lattice)
  const origins = normalised(images, sites)
  const prior = Float64Array.from(images, (_, k) => log(weights ? weights[k] : 1))
  const logs = new Float64Array(origins.length)
  let known = Number.NaN

  function at(time: number): void {
    if (time === known) return
    known = time
    const law = new Float64Array(sites)
    for (let start = 0; start < origins.length; start += sites) {
      walk.spread(origins.subarray(start, start + sites), rate * time, law)
      for (let x = 0; x < sites; x++) logs[start + x] = log(Math.max(law[x], 1e-300))
    }
  }

  function likelihood(counts: Int32Array, start: number, out: Float64Array): void {
    for (let k = 0; k < out.length; k++) {
      let sum = 0
      for (let x = 0, i = k * size; x < size; x++, i++) sum += counts[start + x] * logs[i]
      out[k] = sum
    }
  }

  const posterior = new Float64Array(images.length)
  function expect(counts: Int32Array, start: number, out: Float32Array): void {
    likelihood(counts, start, posterior)
    toWeights(posterior, prior)
    const mean = new Float64Array(size)
    for (let k = 0; k < posterior.length; k++) {
      if (posterior[k] < 1e-12) continue
      for (let x = 0, i = k * size; x < size; x++, i++) mean[x] += posterior[k] * origins[i]
    }
    for (let c = 0; c < channels; c++) {
      let mass = 0
      for (let x = c * sites; x < (c + 1) * sites; x++) mass += counts[start + x]
      for (let x = c * sites; x < (c + 1) * sites; x++) out[start + x] = mass * mean[x]
    }
  }

  return {
    origin(counts, times) {
      const out = new Float32Array(counts.length)
      for (let i = 0; i < times.length; i++) {
        at(times[i])
        expect(counts, i * size, out)
      }
      return out
    },
    logLikelihood(counts, time) {
      at(time)
      const n = counts.length / size
      const out = new Float64Array(n * images.length)
      for (let i = 0; i < n; i++)
        likelihood(counts, i * size, out.subarray(i * images.length, (i + 1) * images.length))
      return out
    },
  }
}
/** Each channel of each image as a law over its sites, side by side. */
function normalised(images: readonly ArrayLike<number>[], sites: number): Float64Array {
  const size = images[0].length
  const out = new Float64Array(images.length * size)
  images.forEach((image, k) => {
    demand(image.length === size, 'build the mixture', `the length of image ${k}`, String(size), image.length)
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
