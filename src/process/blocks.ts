// A walk on a lattice larger than the images that its origins were learned from: it begins as coarse counts of a known law.
import { scatter } from '../base/draws.ts'
import { demand } from '../base/errors.ts'
import { fourierGrid } from '../base/fourier-grid.ts'
import { normalShare, normals } from '../base/normal.ts'
import type { Random } from '../base/random.ts'
import { apportioned, patches } from './patchwork.ts'
import type { JumpProcess, ProcessDescription } from './process.ts'

/**
 * The law of the units in blocks of a material, one level above its sites: normal fields, one a channel, whose values go
 * through the quantiles of the counts. Plain data.
 */
export interface BlockLaw {
  /** Sites along a side of a block. */
  readonly side: number
  /** Quantiles of the units of a block at even probabilities (i + 1/2) / n, [C][n]. */
  readonly quantiles: readonly (readonly number[])[]
  /** How many lags there are along each axis, in blocks; beyond them nothing is alike. */
  readonly lags: readonly number[]
  /** Correlation of the fields of channels c <= k at the lags 0, 1, … of every axis: [pairs][lags], pairs (0, 0), (0, 1), …, (1, 1), …. */
  readonly correlation: readonly (readonly number[])[]
}

/** Enough to rebuild the process. */
export interface BlocksDescription extends ProcessDescription {
  readonly kind: 'blocks'
  /** The walk on the large lattice, from the time at which its images are known by their blocks. */
  readonly walk: ProcessDescription
  readonly blocks: BlockLaw
}

/**
 * A walk that begins where a coarse image is all that is known of a sample. The coarse image is drawn with exactly the masses asked
 * for: the fields are moved by the one number each with which the quantiles sum to the mass. Then the units of a block are spread
 * over it evenly, and each walks, exactly, for as long as makes the mean squared displacement that of the whole time,
 * 2 tau − side²/12 along an axis: that is the law of n_1 but for what is finer than √(2 tau). (Ours.)
 */
export function blocks(walk: JumpProcess, law: BlockLaw): JumpProcess {
  const what = 'build the process of blocks'
  const [channels, ...lengths] = walk.shape
  const { side, quantiles, correlation, lags } = law
  demand(Number.isInteger(side) && side >= 1, what, 'the side of a block', 'a whole number >= 1', side)
  demand(quantiles.length === channels, what, 'the quantiles', `of ${channels} channels`, quantiles.length)
  const pairs = (channels * (channels + 1)) / 2
  demand(correlation.length === pairs, what, 'the correlations', `of ${pairs} pairs`, correlation.length)
  demand(lags.length === lengths.length, what, 'the lags', `of ${lengths.length} axes`, lags)
  const description: BlocksDescription = { kind: 'blocks', walk: walk.description, blocks: law }
  const places = patches(
    lengths,
    lags.map(() => side),
  )
  const coarse = lengths.map(length => Math.max(1, Math.round(length / side)))
  const time = Math.max(0, 1 - side ** 2 / 24 / walk.rate)
  let fields: ((random: Random) => Float64Array[]) | undefined

  return {
    ...walk,
    description,
    divergence: undefined,
    limit(masses, { random, out }) {
      // Checks the masses; what it draws is not used.
      walk.limit(masses, { random: random.fork(1), out })
      fields ??= fieldsOf(coarse, law)
      const drawn = fields(random.fork(0))
      const filled = new Int32Array(out.length)
      const within = new Int32Array(Math.max(...places.map(place => place.length)))
      for (const [c, field] of drawn.entries()) {
        const wanted = moved(field, {
          quantiles: quantiles[c],
          total: masses[c],
          places,
          full: side ** lags.length,
        })
        const parts = apportioned(
          wanted,
          places.map(place => place.length),
          masses[c],
        )
        for (const [p, place] of places.entries()) {
          within.fill(0)
          scatter(random, parts[p], within, place.length, 0)
          for (let i = 0; i < place.length; i++) filled[c * walk.sites + place[i]] = within[i]
        }
      }
      walk.corrupt(filled, time, { random, noisy: out })
    },
  }
}

/** What the quantiles make of a field that is moved until it sums to the total, as nearly as they can. */
function moved(
  field: Float64Array,
  {
    quantiles,
    total,
    places,
    full,
  }: { quantiles: readonly number[]; total: number; places: readonly Uint32Array[]; full: number },
): number[] {
  const n = quantiles.length
  const of = (z: number) => {
    const at = Math.max(0, Math.min(n - 1, normalShare(z) * n - 0.5))
    const below = Math.min(n - 2, Math.floor(at))
    return quantiles[below] + (at - below) * (quantiles[below + 1] - quantiles[below])
  }
  const at = (shift: number) => places.map(({ length }, p) => (of(field[p] + shift) * length) / full)
  const sum = (all: readonly number[]) => all.reduce((a, b) => a + b, 0)
  let [low, high] = [-8, 8]
  for (let round = 0; round < 40; round++) {
    const middle = (low + high) / 2
    if (sum(at(middle)) < total) low = middle
    else high = middle
  }
  return at((low + high) / 2)
}

/**
 * Normal fields on the torus of the blocks with these correlations: by their spectra (Wood & Chan 1994), at every wave the
 * square root of the matrix of the channels, parts that would be negative left out, and no mean: the masses say that.
 */
function fieldsOf(
  lengths: readonly number[],
  { correlation, quantiles, lags }: BlockLaw,
): (random: Random) => Float64Array[] {
  const channels = quantiles.length
  const size = lengths.reduce((product, length) => product * length, 1)
  const transform = fourierGrid(lengths)
  const spectra = correlation.map(known => {
    const re = onTorus(known, { lags, lengths, size })
    transform(re, new Float64Array(size))
    return re
  })
  const roots = rootsOf(spectra, channels, size)
  return random => {
    const white = Array.from({ length: channels }, () => {
      const [re, im] = [new Float64Array(size), new Float64Array(size)]
      normals(random, re)
      transform(re, im)
      return { re, im }
    })
    return roots.map(row => {
      const [re, im] = [new Float64Array(size), new Float64Array(size)]
      row.forEach((root, k) => {
        for (let i = 1; i < size; i++) {
          re[i] += root[i] * white[k].re[i]
          im[i] += root[i] * white[k].im[i]
        }
      })
      transform(re, im, true)
      return re.map(value => value / size)
    })
  }
}

/** Correlations at the shortest way round the torus; 0 beyond the lags. */
function onTorus(
  known: readonly number[],
  { lags, lengths, size }: { lags: readonly number[]; lengths: readonly number[]; size: number },
): Float64Array {
  return Float64Array.from({ length: size }, (_, site) => {
    let [rest, at, stride, inside] = [site, 0, 1, true]
    for (let a = lengths.length - 1; a >= 0; a--) {
      const x = rest % lengths[a]
      const lag = Math.min(x, lengths[a] - x)
      if (lag >= lags[a]) inside = false
      at += lag * stride
      stride *= lags[a]
      rest = Math.floor(rest / lengths[a])
    }
    return inside ? known[at] : 0
  })
}

/** Lower triangular roots of the spectral matrices, [C][k <= c][size], such that every field has variance 1. */
function rootsOf(spectra: readonly Float64Array[], channels: number, size: number): Float64Array[][] {
  const spectrum = (c: number, k: number) => spectra[c * channels - (c * (c - 1)) / 2 + (k - c)]
  const roots = Array.from({ length: channels }, (_, c) =>
    Array.from({ length: c + 1 }, () => new Float64Array(size)),
  )
  for (let i = 0; i < size; i++)
    for (let c = 0; c < channels; c++)
      for (let k = 0; k <= c; k++) {
        let left = spectrum(k, c)[i]
        for (let j = 0; j < k; j++) left -= roots[c][j][i] * roots[k][j][i]
        const own = k === c ? Math.sqrt(Math.max(0, left)) : roots[k][k][i]
        roots[c][k][i] = k === c ? own : own > 1e-9 ? left / own : 0
      }
  for (const row of roots) {
    let variance = 0
    for (const root of row) for (const value of root) variance += value * value
    const scale = variance > 0 ? Math.sqrt(size / variance) : 0
    for (const root of row) for (let i = 0; i < size; i++) root[i] *= scale
  }
  return roots
}
