/**
 * Multinomial draws by conditional binomials, written into the caller's array.
 */

import { binomial } from './binomial.ts'
import { cannot } from './errors.ts'
import { demandGiven } from './given.ts'
import { below, type Random } from './random.ts'

/** An array of counts to write into. */
export type Counts = Int32Array | Uint32Array | Float64Array | number[]

/**
 * Throws n units into categories with chances proportional to `weights` (any scale, ≥ 0, at least one above 0 when
 * n > 0): out[outAt + i·outStride] is set to the count of weights[at + i], i = 0 … length−1. Counts add up to n exactly;
 * a category of weight zero never receives a unit.
 */
export function multinomial(
  rng: Random,
  n: number,
  weights: ArrayLike<number>,
  out: Counts,
  length = weights?.length,
  at = 0,
  outAt = 0,
  outStride = 1,
): void {
  if (typeof rng?.u32 !== 'function' || !weights || !out)
    demandGiven(
      'draw a multinomial',
      { random: rng, weights, out },
      { random: 'stream', weights: 'list', out: 'list' },
    )
  // The weight still ahead, as high + low (Knuth's two-sum): without the low part, the last categories of a row that
  // falls by many orders of magnitude would get conditional chances made of rounding errors.
  let high = 0
  let low = 0
  let last = -1
  for (let i = 0; i < length; i++) {
    const w = weights[at + i]
    if (!(w >= 0 && w < Infinity))
      throw new RangeError(cannot('draw a multinomial', 'every weight', '≥ 0 and finite', w))
    if (w === 0) continue
    const sum = high + w
    const part = sum - high
    low += high - (sum - part) + (w - part)
    high = sum
    last = i
  }
  if (last < 0 && n > 0)
    throw new RangeError(cannot('draw a multinomial', 'the sum of weights', 'above 0', 0))
  let left = n
  for (let i = 0; i < length; i++) {
    let taken = 0
    if (i >= last) taken = i === last ? left : 0
    else if (left > 0) {
      const w = weights[at + i]
      if (w > 0) {
        const ahead = high + low
        taken = w >= ahead ? left : binomial(rng, left, w / ahead)
        const rest = high - w
        const part = rest - high
        low += high - (rest - part) - (w + part)
        high = rest
      }
    }
    out[outAt + i * outStride] = taken
    left -= taken
  }
}

/** Units per site below which throwing them one by one beats halving the sites. */
const SPARSE = 8
/** More sites than this are halved all the same, so that the counts being thrown at stay in the nearest cache. */
const NEAR = 16384

/** Throws n units uniformly onto `sites` sites: out[at … at+sites−1] is set to the counts, which add up to n exactly. */
export function scatter(rng: Random, n: number, out: Counts, sites = out.length, at = 0): void {
  if (!(sites > 0)) {
    if (n > 0) throw new RangeError(cannot('scatter units', 'sites', 'at least 1', sites))
  } else if (sites === 1) out[at] = n
  else if (n <= SPARSE * sites && sites <= NEAR) {
    for (let i = 0; i < sites; i++) out[at + i] = 0
    for (let unit = 0; unit < n; unit++) out[at + below(rng, sites)]++
  } else {
    // The units of one half of the sites are a binomial share, and each half is scattered again.
    const half = sites >>> 1
    const taken = binomial(rng, n, half / sites)
    scatter(rng, taken, out, half, at)
    scatter(rng, n - taken, out, sites - half, at + half)
  }
}
