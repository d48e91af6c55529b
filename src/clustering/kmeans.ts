/**
 * k-means on a kernel: nodes are points of which only the inner products are known
 * (Dhillon, Guan & Kulis 2004; seeds by Arthur & Vassilvitskii 2007).
 */

import { demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { below, type Random } from '../base/random.ts'

export interface KmeansOptions {
  readonly clusters: number
  readonly random: Random
  /** Starts, of which the one with the least inertia is kept; default 10. */
  readonly starts?: number
}

export interface Division {
  /** [nodes], 0 … clusters − 1. */
  readonly labels: Int32Array
  /** Σ |x − mean of its cluster|². */
  readonly inertia: number
}

/** Divides the nodes of a kernel [n, n]. Yields the share done. A kernel need not be positive: log kernels are not. */
export function* kernelKmeans(
  kernel: Float64Array,
  options: KmeansOptions,
): Generator<number, Division, void> {
  demandGiven(
    'find clusters',
    { kernel, options },
    { kernel: 'floats', options: { clusters: 'number', random: 'stream' } },
  )
  const { clusters, random, starts = 10 } = options
  const n = Math.round(Math.sqrt(kernel.length))
  demandClusters(clusters, n)
  let best: Division | undefined
  for (let start = 0; start < starts; start++) {
    const found = yield* descend(kernel, { n, clusters, labels: seeded(kernel, { n, clusters, random }) })
    if (!best || found.inertia < best.inertia) best = found
    yield (start + 1) / starts
  }
  return best as Division
}

/** Divides points [n, dimensions]. */
export function* kmeans(
  points: Float64Array,
  options: KmeansOptions & { readonly dimensions: number },
): Generator<number, Division, void> {
  demandGiven(
    'find clusters',
    { points, options },
    { points: 'floats', options: { dimensions: 'number', clusters: 'number', random: 'stream' } },
  )
  const { clusters, random, starts = 10, dimensions } = options
  const n = points.length / dimensions
  demandClusters(clusters, n)
  let best: Division | undefined
  for (let start = 0; start < starts; start++) {
    const found = lloyd(points, {
      n,
      dimensions,
      centres: seedsAmong(points, { n, dimensions, clusters, random }),
    })
    if (!best || found.inertia < best.inertia) best = found
    yield (start + 1) / starts
  }
  return best as Division
}

function demandClusters(clusters: number, n: number): void {
  const some = Number.isInteger(clusters) && clusters >= 1 && clusters <= n
  demand(some, 'divide into clusters', 'their number', `a whole number from 1 to ${n}`, clusters)
}

/** Most rounds of one descent. */
const ROUNDS = 100

interface Problem {
  readonly n: number
  readonly clusters: number
}

/** Rounds of "every node to the nearest mean": |x_i − m_c|² = k_ii − 2 Σ_j k_ij / N_c + Σ_jl k_jl / N_c². */
function* descend(
  kernel: Float64Array,
  { n, clusters, labels }: Problem & { labels: Int32Array },
): Generator<number, Division, void> {
  const near = new Float64Array(n * clusters)
  let inertia = Infinity
  for (let round = 0; round < ROUNDS; round++) {
    const sizes = new Float64Array(clusters)
    for (const label of labels) sizes[label]++
    near.fill(0)
    const within = new Float64Array(clusters)
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) near[i * clusters + labels[j]] += kernel[i * n + j]
      within[labels[i]] += near[i * clusters + labels[i]]
    }
    let changed = 0
    inertia = 0
    for (let i = 0; i < n; i++) {
      let [best, least] = [labels[i], Infinity]
      for (let c = 0; c < clusters; c++) {
        if (sizes[c] === 0) continue
        const apart = kernel[i * n + i] - (2 * near[i * clusters + c]) / sizes[c] + within[c] / sizes[c] ** 2
        if (apart < least) [best, least] = [c, apart]
      }
      inertia += least
      if (best !== labels[i]) changed++
      labels[i] = best
    }
    if (changed === 0) break
    if (n > 300) yield 0
  }
  return { labels, inertia }
}

/** Every node to the nearest of k-means++ seeds. */
function seeded(kernel: Float64Array, { n, clusters, random }: Problem & { random: Random }): Int32Array {
  const apart = (i: number, j: number) => kernel[i * n + i] - 2 * kernel[i * n + j] + kernel[j * n + j]
  return nearestSeeds({ n, clusters, random }, apart).labels
}

interface Seeds {
  readonly labels: Int32Array
  readonly seeds: readonly number[]
}

function nearestSeeds(
  { n, clusters, random }: Problem & { random: Random },
  apart: (i: number, j: number) => number,
): Seeds {
  const labels = new Int32Array(n)
  const least = new Float64Array(n).fill(Infinity)
  const seeds = [below(random, n)]
  for (;;) {
    const seed = seeds.at(-1) as number
    let sum = 0
    for (let i = 0; i < n; i++) {
      const value = i === seed ? 0 : Math.max(0, apart(i, seed))
      if (value < least[i]) [least[i], labels[i]] = [value, seeds.length - 1]
      sum += least[i]
    }
    if (seeds.length === clusters) return { labels, seeds }
    let left = random.uniform() * sum
    let next = 0
    while (next < n - 1 && left >= least[next]) left -= least[next++]
    seeds.push(sum > 0 ? next : below(random, n))
  }
}

function seedsAmong(
  points: Float64Array,
  { n, dimensions: d, clusters, random }: Problem & { dimensions: number; random: Random },
): Float64Array {
  const apart = (i: number, j: number) => {
    let sum = 0
    for (let a = 0; a < d; a++) sum += (points[i * d + a] - points[j * d + a]) ** 2
    return sum
  }
  const { seeds } = nearestSeeds({ n, clusters, random }, apart)
  return Float64Array.from({ length: clusters * d }, (_, k) => points[seeds[Math.floor(k / d)] * d + (k % d)])
}

interface Start {
  readonly n: number
  readonly dimensions: number
  /** [clusters, dimensions]; moved in place. */
  readonly centres: Float64Array
}

function lloyd(points: Float64Array, { n, dimensions: d, centres }: Start): Division {
  const clusters = centres.length / d
  const labels = new Int32Array(n).fill(-1)
  let inertia = 0
  for (let round = 0; round < ROUNDS; round++) {
    let changed = 0
    inertia = 0
    for (let i = 0; i < n; i++) {
      let [best, least] = [0, Infinity]
      for (let c = 0; c < clusters; c++) {
        let sum = 0
        for (let a = 0; a < d; a++) sum += (points[i * d + a] - centres[c * d + a]) ** 2
        if (sum < least) [best, least] = [c, sum]
      }
      inertia += least
      if (labels[i] !== best) changed++
      labels[i] = best
    }
    if (changed === 0) break
    const sizes = new Float64Array(clusters)
    const sums = new Float64Array(centres.length)
    for (let i = 0; i < n; i++) {
      sizes[labels[i]]++
      for (let a = 0; a < d; a++) sums[labels[i] * d + a] += points[i * d + a]
    }
    for (let k = 0; k < sums.length; k++)
      if (sizes[Math.floor(k / d)] > 0) centres[k] = sums[k] / sizes[Math.floor(k / d)]
  }
  return { labels, inertia }
}
