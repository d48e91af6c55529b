/** The law of a material's units in blocks, measured on what it is trained on: for samples larger than a crop. */
import { normalShare } from '../base/normal.ts'
import { exp } from '../base/numeric.ts'
import type { BlockLaw } from '../process/index.ts'
import { type CropSource, sliceAxes } from './crops.ts'

/** Sites along a side of a block, and most lags, in blocks. */
const SIDE = 8
const LAGS = 24

/** From one slice to the next that is looked at, in voxels: what lies nearer is nearly the same. */
const APART = 8

/** Numbers that tell the quantiles of a block, and terms of the series below. */
const POINTS = 65
const TERMS = 24

/** The blocks of one slice, [C][rows · columns]. */
interface Slice {
  readonly rows: number
  readonly columns: number
  readonly counts: readonly Float64Array[]
}

/**
 * Quantiles of the counts, and the correlations that normal fields must have for the counts to have theirs. With the counts of a block
 * T(z), z normal, and T = Σ a_m He_m / m! in Hermite polynomials, fields of correlation ρ give counts of covariance
 * Σ_(m >= 1) a_m b_m ρ^m / m! (Grigoriu 1998; Cario & Nelson 1997): that is solved for ρ at every lag. Undefined for a material too small
 * for a lag.
 */
export function blockLaw(source: CropSource): BlockLaw | undefined {
  const slices = slicesOf(source)
  const shortest = Math.min(...slices.map(({ rows, columns }) => Math.min(rows, columns)))
  const lags = Math.min(LAGS, Math.floor(shortest / 2))
  if (slices.length === 0 || lags < 2) return undefined
  const { channels, turns } = source
  const all = Array.from({ length: channels }, (_, c) =>
    Float64Array.from(slices.flatMap(({ counts }) => Array.from(counts[c]))),
  )
  const means = all.map(own => own.reduce((sum, n) => sum + n, 0) / own.length)
  const quantiles = all.map(quantilesOf)
  const series = quantiles.map(hermite)
  const correlation: number[][] = []
  for (let c = 0; c < channels; c++)
    for (let k = c; k < channels; k++) {
      const covariance = covariances(slices, { c, k, means, lags, turns })
      correlation.push(
        covariance.map((value, at) => (c === k && at === 0 ? 1 : solved(value, series[c], series[k]))),
      )
    }
  const round = (list: readonly number[], digits: number) => list.map(value => Number(value.toFixed(digits)))
  return {
    side: SIDE,
    quantiles: quantiles.map(list => round(list, 2)),
    lags: [lags, lags],
    correlation: correlation.map(list => round(list, 3)),
  }
}

/** Slices normal to every axis that crops are cut normal to, as blocks. */
function slicesOf({ labels, shape, channels, axes }: CropSource): Slice[] {
  const strides = [shape[1] * shape[2], shape[2], 1]
  return axes.flatMap(axis => {
    const [row, column] = sliceAxes[axis]
    const normal = 3 - row - column
    const [rows, columns] = [row, column].map(a => Math.floor(shape[a] / SIDE))
    if (rows < 2 || columns < 2) return []
    return Array.from({ length: Math.ceil(shape[normal] / APART) }, (_, s): Slice => {
      const counts = Array.from({ length: channels }, () => new Float64Array(rows * columns))
      for (let y = 0; y < rows * SIDE; y++)
        for (let x = 0; x < columns * SIDE; x++) {
          const label = labels[s * APART * strides[normal] + y * strides[row] + x * strides[column]]
          if (label > 0 && label <= channels)
            counts[label - 1][Math.floor(y / SIDE) * columns + Math.floor(x / SIDE)]++
        }
      return { rows, columns, counts }
    })
  })
}

/** Mean products of the counts of two channels about their means at lags of rows and columns, [lags · lags]; both ways of each lag. */
function covariances(
  slices: readonly Slice[],
  {
    c,
    k,
    means,
    lags,
    turns,
  }: { c: number; k: number; means: readonly number[]; lags: number; turns: boolean },
): number[] {
  const [sums, pairs] = [new Float64Array(lags * lags), new Float64Array(lags * lags)]
  for (const { rows, columns, counts } of slices)
    for (let dy = 0; dy < Math.min(lags, rows); dy++)
      for (let dx = 1 - lags; dx < lags; dx++) {
        const at = dy * lags + Math.abs(dx)
        for (let y = 0; y + dy < rows; y++)
          for (let x = Math.max(0, -dx); x < Math.min(columns, columns - dx); x++) {
            const one = counts[c][y * columns + x] - means[c]
            sums[at] += one * (counts[k][(y + dy) * columns + x + dx] - means[k])
            pairs[at]++
          }
      }
  const of = (y: number, x: number) => {
    const [a, b] = turns ? [y * lags + x, x * lags + y] : [y * lags + x, y * lags + x]
    const number = pairs[a] + pairs[b]
    return number > 0 ? (sums[a] + sums[b]) / number : 0
  }
  return Array.from({ length: lags * lags }, (_, at) => of(Math.floor(at / lags), at % lags))
}

function quantilesOf(counts: Float64Array): number[] {
  const sorted = counts.slice().sort()
  // The mean of each part, so that the mean of all is right.
  return Array.from({ length: POINTS }, (_, i) => {
    const [from, to] = [i, i + 1].map(edge => Math.floor((edge * sorted.length) / POINTS))
    let sum = 0
    for (let at = from; at < to; at++) sum += sorted[at]
    return to > from ? sum / (to - from) : sorted[from]
  })
}

/** a_m / √m! for m = 0 … TERMS of the function that takes a normal number to the quantile of its share. */
function hermite(quantiles: readonly number[]): number[] {
  const sums = new Array<number>(TERMS + 1).fill(0)
  const step = 0.01
  for (let z = -6; z <= 6; z += step) {
    const at = Math.max(0, Math.min(POINTS - 1, normalShare(z) * POINTS - 0.5))
    const below = Math.min(POINTS - 2, Math.floor(at))
    const value = quantiles[below] + (at - below) * (quantiles[below + 1] - quantiles[below])
    const weight = (step * exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI)
    // He_m / √m!, by its recursion.
    let [before, now] = [0, 1]
    for (let m = 0; m <= TERMS; m++) {
      sums[m] += weight * value * now
      ;[before, now] = [now, (z * now - Math.sqrt(m) * before) / Math.sqrt(m + 1)]
    }
  }
  return sums
}

/** The correlation of fields for which their counts have a covariance; the series is monotone where both grow. */
function solved(covariance: number, a: readonly number[], b: readonly number[]): number {
  const at = (rho: number) => {
    let [sum, power] = [0, 1]
    for (let m = 1; m <= TERMS; m++) {
      power *= rho
      sum += a[m] * b[m] * power
    }
    return sum
  }
  let [low, high] = [-1, 1]
  for (let round = 0; round < 30; round++) {
    const middle = (low + high) / 2
    if (at(middle) < covariance) low = middle
    else high = middle
  }
  return (low + high) / 2
}
