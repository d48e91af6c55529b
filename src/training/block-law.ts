/** The law of a material's units in blocks, measured on what it is trained on: for samples larger than a crop. */
import { normalShare } from '../base/normal.ts'
import { exp } from '../base/numeric.ts'
import type { BlockLaw } from '../process/index.ts'
import { type CropSource, sliceAxes } from './crops.ts'

/** Sites of a block, of slices 8×8 and of volumes 4×4×4, and most lags, in blocks, by the number of axes. */
const SITES = 64
const LAGS: Readonly<Record<number, number>> = { 2: 24, 3: 7 }

/** From one slice to the next that is looked at, in voxels: what lies nearer is nearly the same. */
const APART = 8

/** Blocks of a volume that are looked at, at most, but for a slab that holds all lags; and how deep slabs are, in blocks. */
const MOST = 2 ** 19
const SLAB = 14

/** Numbers that tell the quantiles of a block, and terms of the series below. */
const POINTS = 65
const TERMS = 24

/** The orders of three axes, as they are first: lags in all of them are alike where the axes of crops change places. */
const ORDERS = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
]

/** The blocks of a slice, one deep, or of a volume: [C][depth · rows · columns]. */
interface Blocks {
  readonly lengths: readonly [number, number, number]
  readonly counts: readonly Float64Array[]
}

/**
 * Quantiles of the counts, and the correlations that normal fields must have for the counts to have theirs. With the counts of a block
 * T(z), z normal, and T = Σ a_m He_m / m! in Hermite polynomials, fields of correlation ρ give counts of covariance
 * Σ_(m >= 1) a_m b_m ρ^m / m! (Grigoriu 1998; Cario & Nelson 1997): that is solved for ρ at every lag. Undefined for a material too small
 * for a lag.
 */
export function blockLaw(source: CropSource): BlockLaw | undefined {
  const axes = source.size.length
  const side = Math.round(SITES ** (1 / axes))
  const parts = blocksOf(source, side)
  const shortest = Math.min(...parts.flatMap(({ lengths }) => lengths.slice(3 - axes)))
  const number = Math.min(LAGS[axes], Math.floor(shortest / 2))
  if (parts.length === 0 || number < 2) return undefined
  const lags = [axes === 3 ? number : 1, number, number]
  const { channels, turns } = source
  const all = Array.from({ length: channels }, (_, c) =>
    Float64Array.from(parts.flatMap(({ counts }) => Array.from(counts[c]))),
  )
  const means = all.map(own => own.reduce((sum, n) => sum + n, 0) / own.length)
  const quantiles = all.map(quantilesOf)
  const series = quantiles.map(hermite)
  const correlation: number[][] = []
  for (let c = 0; c < channels; c++)
    for (let k = c; k < channels; k++) {
      const covariance = covariances(parts, { c, k, means, lags, turns })
      correlation.push(
        covariance.map((value, at) => (c === k && at === 0 ? 1 : solved(value, series[c], series[k]))),
      )
    }
  const round = (list: readonly number[], digits: number) => list.map(value => Number(value.toFixed(digits)))
  return {
    side,
    quantiles: quantiles.map(list => round(list, 2)),
    lags: lags.slice(3 - axes),
    correlation: correlation.map(list => round(list, 3)),
  }
}

/** Slices normal to every axis that crops are cut normal to, or the volume, as blocks. */
function blocksOf(source: CropSource, side: number): Blocks[] {
  const { shape, axes } = source
  if (source.size.length === 3) {
    const [deep, rows, columns] = shape.map(length => Math.floor(length / side))
    const all = { way: [0, 1, 2], sides: [side, side, side] }
    const slabs = Math.max(1, Math.floor(MOST / (SLAB * rows * columns)))
    if (slabs * SLAB >= deep) return coarsened(source, { ...all, from: 0, layers: deep })
    // As many slabs as may be, evenly from the first layer to the last.
    const first = (slab: number) =>
      Math.round(((deep - SLAB) * (slab + 0.5 * Number(slabs === 1))) / Math.max(1, slabs - 1))
    return Array.from({ length: slabs }, (_, slab) =>
      coarsened(source, { ...all, from: side * first(slab), layers: SLAB }),
    ).flat()
  }
  return axes.flatMap(axis => {
    const [row, column] = sliceAxes[axis]
    const normal = 3 - row - column
    return Array.from({ length: Math.ceil(shape[normal] / APART) }, (_, slice) =>
      coarsened(source, {
        ...{ way: [normal, row, column], sides: [1, side, side] },
        ...{ from: slice * APART, layers: 1 },
      }),
    ).flat()
  })
}

/** Units in blocks along axes [deep, row, column], so many layers of blocks from a voxel on; none where there are too few rows or columns. */
function coarsened(
  { labels, shape, channels }: CropSource,
  {
    way,
    sides,
    from,
    layers,
  }: { way: readonly number[]; sides: readonly number[]; from: number; layers: number },
): Blocks[] {
  const strides = [shape[1] * shape[2], shape[2], 1]
  const along = (i: number) => Math.floor(shape[way[i]] / sides[i])
  const lengths = [layers, along(1), along(2)] as const
  if (lengths[1] < 2 || lengths[2] < 2) return []
  const counts = Array.from(
    { length: channels },
    () => new Float64Array(lengths[0] * lengths[1] * lengths[2]),
  )
  for (let z = 0; z < lengths[0] * sides[0]; z++)
    for (let y = 0; y < lengths[1] * sides[1]; y++) {
      const block = (Math.floor(z / sides[0]) * lengths[1] + Math.floor(y / sides[1])) * lengths[2]
      const row = (from + z) * strides[way[0]] + y * strides[way[1]]
      for (let x = 0; x < lengths[2] * sides[2]; x++) {
        const label = labels[row + x * strides[way[2]]]
        if (label > 0 && label <= channels) counts[label - 1][block + Math.floor(x / sides[2])]++
      }
    }
  return [{ lengths, counts }]
}

/** Mean products of the counts of two channels about their means at lags [deep, rows, columns], to both sides along every axis. */
function covariances(
  parts: readonly Blocks[],
  {
    c,
    k,
    means,
    lags,
    turns,
  }: { c: number; k: number; means: readonly number[]; lags: readonly number[]; turns: boolean },
): number[] {
  const [deep, high, wide] = lags
  const [sums, pairs] = [new Float64Array(deep * high * wide), new Float64Array(deep * high * wide)]
  for (const { lengths, counts } of parts) {
    const [one, other] = [c, k].map(channel => counts[channel].map(n => n - means[channel]))
    const [depth, rows, columns] = lengths
    // Of one channel a lag and its opposite are alike.
    for (let dz = c === k ? 0 : 1 - deep; dz < deep; dz++)
      for (let dy = 1 - high; dy < high; dy++)
        for (let dx = 1 - wide; dx < wide; dx++) {
          const at = (Math.abs(dz) * high + Math.abs(dy)) * wide + Math.abs(dx)
          const lag = (dz * rows + dy) * columns + dx
          const [from, to] = [Math.max(0, -dx), Math.min(columns, columns - dx)]
          let sum = 0
          for (let z = Math.max(0, -dz); z < Math.min(depth, depth - dz); z++)
            for (let y = Math.max(0, -dy); y < Math.min(rows, rows - dy); y++) {
              const row = (z * rows + y) * columns
              for (let x = row + from; x < row + to; x++) sum += one[x] * other[x + lag]
              pairs[at] += Math.max(0, to - from)
            }
          sums[at] += sum
        }
  }
  return Array.from({ length: deep * high * wide }, (_, site) => {
    const lag = [Math.floor(site / (high * wide)), Math.floor(site / wide) % high, site % wide]
    let [sum, number] = [0, 0]
    for (const order of turns ? ORDERS : ORDERS.slice(0, 1)) {
      const [z, y, x] = order.map(axis => lag[axis])
      // Slices are one deep.
      if (z >= deep) continue
      const at = (z * high + y) * wide + x
      sum += sums[at]
      number += pairs[at]
    }
    return number > 0 ? sum / number : 0
  })
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
