// Structural similarity of two images of counts, in any number of dimensions.

import { demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { exp } from '../base/numeric.ts'

export interface SimilarityOptions {
  /** Lengths of the axes of one plane, row-major; the images hold any number of planes (channels) of it. */
  readonly shape: readonly number[]
  /** Weights of the local window: Wang's Gaussian, or all alike. */
  readonly window?: 'gaussian' | 'uniform'
  /** Sites the window spans along every axis, odd; shorter axes take the longest odd window that fits. */
  readonly width?: number
  /** Standard deviation of the Gaussian window, in sites. */
  readonly deviation?: number
  /** Span of the values, L of the constants; by default largest less smallest value of the first image (1 if flat). */
  readonly range?: number
}

/**
 * The mean structural similarity (SSIM), at most 1: Wang, Bovik, Sheikh and Simoncelli, *Image quality assessment: from
 * error visibility to structural similarity*, IEEE Trans. Image Processing 13 (2004), eq. (13) with C1 = (0.01 L)² and
 * C2 = (0.03 L)²:
 *
 *     SSIM = (2 μa μb + C1)(2 σab + C2) / ((μa² + μb² + C1)(σa² + σb² + C2))
 *
 * μ and σ in windows of 11 sites with Gaussian weights of deviation 1.5, moved over every place where the window lies
 * inside the image, then averaged over places and planes. Images are [...planes, ...shape].
 */
export function ssim(a: ArrayLike<number>, b: ArrayLike<number>, options: SimilarityOptions): number {
  demandGiven('compare the images', { a, b, options }, { a: 'list', b: 'list', options: { shape: 'list' } })
  const { shape, window = 'gaussian', width = window === 'uniform' ? 7 : 11, deviation = 1.5 } = options
  const what = 'compare two images'
  demand(
    Number.isInteger(width) && width % 2 === 1 && width > 0,
    what,
    'the width',
    'an odd integer > 0',
    width,
  )
  demand(deviation > 0, what, 'the deviation', '> 0', deviation)
  const size = shape.reduce((product, length) => product * length, 1)
  const planes = a.length / size
  demand(a.length === b.length, what, 'their sizes', `equal, ${a.length}`, b.length)
  demand(Number.isInteger(planes) && planes > 0, what, 'their size', `a multiple of ${size}`, a.length)
  const range = options.range ?? span(a)
  demand(range > 0 && range < Infinity, what, 'the range', '> 0 and finite', range)
  const windows = shape.map(length => {
    const fitting = Math.min(width, length % 2 === 1 ? length : length - 1)
    return window === 'uniform' ? uniform(fitting) : gaussian(fitting, deviation)
  })
  let sum = 0
  for (let plane = 0; plane < planes; plane++) {
    const values = (image: ArrayLike<number>) =>
      Float64Array.from({ length: size }, (_, i) => image[plane * size + i])
    sum += planeSimilarity(values(a), values(b), { shape, windows, range })
  }
  return sum / planes
}

interface Local {
  readonly shape: readonly number[]
  readonly windows: readonly Float64Array[]
  readonly range: number
}

function planeSimilarity(a: Float64Array, b: Float64Array, { shape, windows, range }: Local): number {
  const mean = (field: Float64Array) => smoothed(field, shape, windows)
  // Variances do not change with the origin; counted from the middle of the image they do not cancel.
  const origin = a.reduce((sum, value) => sum + value, 0) / a.length
  const [da, db] = [a.map(value => value - origin), b.map(value => value - origin)]
  const [ma, mb] = [mean(da), mean(db)]
  const [aa, bb, ab] = [mean(da.map(v => v * v)), mean(db.map(v => v * v)), mean(da.map((v, i) => v * db[i]))]
  const c1 = (0.01 * range) ** 2
  const c2 = (0.03 * range) ** 2
  let sum = 0
  for (let i = 0; i < ma.length; i++) {
    const [ua, ub] = [origin + ma[i], origin + mb[i]]
    const luminance = (2 * ua * ub + c1) / (ua * ua + ub * ub + c1)
    const variances = aa[i] - ma[i] * ma[i] + (bb[i] - mb[i] * mb[i])
    sum += (luminance * (2 * (ab[i] - ma[i] * mb[i]) + c2)) / (variances + c2)
  }
  return sum / ma.length
}

/** Weighted means over every place where the window fits: each axis of length n shrinks to n - width + 1. */
function smoothed(
  field: Float64Array,
  shape: readonly number[],
  windows: readonly Float64Array[],
): Float64Array {
  let now = field
  let inner = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const weights = windows[axis]
    const places = shape[axis] - weights.length + 1
    const outer = now.length / (inner * shape[axis])
    const next = new Float64Array(outer * places * inner)
    for (let o = 0; o < outer; o++)
      for (let x = 0; x < places; x++)
        for (let w = 0; w < weights.length; w++) {
          const from = (o * shape[axis] + x + w) * inner
          const to = (o * places + x) * inner
          for (let i = 0; i < inner; i++) next[to + i] += weights[w] * now[from + i]
        }
    now = next
    inner *= places
  }
  return now
}

function uniform(width: number): Float64Array {
  return new Float64Array(width).fill(1 / width)
}

function gaussian(width: number, deviation: number): Float64Array {
  const centre = (width - 1) / 2
  const weights = Float64Array.from({ length: width }, (_, i) => exp(-0.5 * ((i - centre) / deviation) ** 2))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map(weight => weight / sum)
}

function span(values: ArrayLike<number>): number {
  let least = Infinity
  let most = -Infinity
  for (let i = 0; i < values.length; i++) {
    if (values[i] < least) least = values[i]
    if (values[i] > most) most = values[i]
  }
  return most > least ? most - least : 1
}
