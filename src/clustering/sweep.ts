/** Plain proximities against their logarithms: how well each finds known classes, over the parameter (arXiv 1605.01046). */

import { demandGiven } from '../base/given.ts'
import { type Random, random } from '../base/random.ts'
import { graphKinds } from '../graph/graph.ts'
import { type Graph, type PlainProximity, type ProximityName, perron, proximity } from '../graph/index.ts'
import { adjustedRand, mutualInformation } from './agreement.ts'
import { type Division, kernelKmeans } from './kmeans.ts'
import { spectralClusters } from './spectral.ts'

export const clusterMethods = ['kmeans', 'spectral'] as const
export type ClusterMethod = (typeof clusterMethods)[number]

/**
 * t of a kernel at a share 0 < u < 1 of its range: u/ρ of walk, u of pagerank, u / (1 − u) of forest and the
 * exponentials, (1 − u) / u of absorption.
 */
export function parameterOf(graph: Graph, kernel: ProximityName, share: number): number {
  demandGiven(
    'choose the parameter',
    { graph, kernel, share },
    { graph: graphKinds, kernel: 'text', share: 'number' },
  )
  const plain = kernel.replace('log-', '') as PlainProximity
  if (plain === 'walk') return share / perron(graph).largest
  if (plain === 'pagerank') return share
  return plain === 'absorption' ? (1 - share) / share : share / (1 - share)
}

export interface ClusterOptions {
  readonly clusters: number
  readonly random: Random
  readonly method?: ClusterMethod
  readonly starts?: number
}

/** Divides the nodes of a kernel [n, n] by k-means on it or on its leading vectors. Yields the share done. */
export function clusters(kernel: Float64Array, options: ClusterOptions): Generator<number, Division, void> {
  demandGiven('find clusters', { kernel, options }, { kernel: 'floats', options: 'object' })
  const { method = 'kmeans', ...dividing } = options
  return method === 'kmeans' ? kernelKmeans(kernel, dividing) : spectralClusters(kernel, dividing)
}

export interface SweepOptions {
  /** [nodes], the known classes. */
  readonly labels: ArrayLike<number>
  readonly clusters: number
  readonly kernels: readonly ProximityName[]
  /** Of the range of each parameter, 0 … 1. */
  readonly shares: readonly number[]
  readonly method?: ClusterMethod
  readonly seed?: number
  readonly starts?: number
}

export interface SweepRow {
  readonly kernel: ProximityName
  readonly share: number
  readonly t: number
  readonly rand: number
  readonly information: number
}

/** One row per kernel and share; rows whose kernel exceeds the doubles are left out. Yields the share done. */
export function* sweep(graph: Graph, options: SweepOptions): Generator<number, SweepRow[], void> {
  demandGiven(
    'sweep the kernels',
    { graph, options },
    { graph: graphKinds, options: { labels: 'list', clusters: 'number', kernels: 'list', shares: 'list' } },
  )
  const { labels, kernels, shares, seed = 0, method, starts } = options
  const rows: SweepRow[] = []
  const total = kernels.length * shares.length
  let done = 0
  for (const kernel of kernels)
    for (const share of shares) {
      const t = parameterOf(graph, kernel, share)
      try {
        const table = yield* at(done / total, proximity(graph, { kernel, t }))
        const division = clusters(table, { clusters: options.clusters, random: random(seed), method, starts })
        const { labels: found } = yield* at(done / total, division)
        const [rand, information] = [adjustedRand(found, labels), mutualInformation(found, labels)]
        rows.push({ kernel, share, t, rand, information })
      } catch (error) {
        if (!(error instanceof RangeError && error.message.includes('all entries are doubles'))) throw error
      }
      yield ++done / total
    }
  return rows
}

function* at<T>(share: number, work: Generator<number, T, void>): Generator<number, T, void> {
  for (;;) {
    const { done, value } = work.next()
    if (done) return value as T
    yield share
  }
}

/**
 * The reject curve of distances [n, n]: when pairs nearer than a threshold are taken for one class, the share of pairs of
 * one class that are rejected against the share of pairs of two classes that are accepted, threshold by threshold.
 */
export function rejectCurve(apart: Float64Array, labels: ArrayLike<number>, steps = 200): [number, number][] {
  demandGiven(
    'draw the curve of rejects',
    { apart, labels, steps },
    { apart: 'floats', labels: 'list', steps: 'number?' },
  )
  const n = labels.length
  const pairs: [number, boolean][] = []
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) pairs.push([apart[i * n + j], labels[i] === labels[j]])
  pairs.sort((a, b) => a[0] - b[0])
  const same = pairs.filter(pair => pair[1]).length
  const other = pairs.length - same
  const curve: [number, number][] = [[0, 1]]
  let [accepted, wrongly] = [0, 0]
  pairs.forEach(([value, one], i) => {
    if (one) accepted++
    else wrongly++
    // Equal distances are one threshold.
    if (pairs[i + 1]?.[0] === value) return
    const [x, y] = [wrongly / Math.max(1, other), 1 - accepted / Math.max(1, same)]
    const last = curve[curve.length - 1]
    if (Math.abs(x - last[0]) + Math.abs(y - last[1]) >= 1 / steps || i === pairs.length - 1)
      curve.push([x, y])
  })
  return curve
}
