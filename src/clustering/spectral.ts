/**
 * Spectral clustering: k-means on the leading vectors of a centred kernel, each times the root of its value,
 * which is k-means in as many dimensions as there are clusters, less one (kernel principal components).
 */

import { demandGiven } from '../base/given.ts'
import type { Random } from '../base/random.ts'
import { applyHeat, laplacian } from '../graph/chebyshev.ts'
import type { Graph } from '../graph/graph.ts'
import { graphKinds } from '../graph/graph.ts'
import { lanczos } from '../graph/lanczos.ts'
import { type Division, kmeans } from './kmeans.ts'

export interface SpectralOptions {
  readonly clusters: number
  readonly random: Random
  readonly starts?: number
}

/** Divides the nodes of a kernel [n, n]. Yields the share done. */
export function* spectralClusters(
  kernel: Float64Array,
  options: SpectralOptions,
): Generator<number, Division, void> {
  demandGiven(
    'find clusters',
    { kernel, options },
    { kernel: 'floats', options: { clusters: 'number', random: 'stream' } },
  )
  const size = Math.round(Math.sqrt(kernel.length))
  const apply = (vector: Float64Array): Float64Array => {
    const x = centred(vector)
    const out = new Float64Array(size)
    for (let i = 0; i < size; i++) {
      let sum = 0
      for (let j = 0, row = i * size; j < size; j++) sum += kernel[row + j] * x[j]
      out[i] = sum
    }
    return centred(out)
  }
  return yield* fromLeading(apply, { ...options, size })
}

/**
 * Divides the nodes of a graph by its heat kernel at t without a table: Lanczos' method on Chebyshev polynomials.
 * For 10⁵ nodes. Yields the share done.
 */
export function* heatClusters(
  graph: Graph,
  options: SpectralOptions & { readonly t: number },
): Generator<number, Division, void> {
  demandGiven(
    'find clusters',
    { graph, options },
    { graph: graphKinds, options: { t: 'number', clusters: 'number', random: 'stream' } },
  )
  const { t, ...dividing } = options
  const matrix = laplacian(graph)
  const apply = (vector: Float64Array): Float64Array => {
    const work = applyHeat(matrix, centred(vector), { times: [t], width: 1 })
    for (;;) {
      const { done, value } = work.next()
      if (done) return centred((value as Float64Array[])[0])
    }
  }
  return yield* fromLeading(apply, { ...dividing, size: graph.nodes })
}

function* fromLeading(
  apply: (vector: Float64Array) => Float64Array,
  { clusters, random, starts, size }: SpectralOptions & { readonly size: number },
): Generator<number, Division, void> {
  if (clusters === 1) return { labels: new Int32Array(size), inertia: 0 }
  const dimensions = Math.min(clusters - 1, size)
  const { values, vectors } = yield* lanczos(apply, { size, count: dimensions, random })
  const points = new Float64Array(size * dimensions)
  for (let k = 0; k < dimensions; k++) {
    const root = Math.sqrt(Math.max(0, values[k]))
    for (let i = 0; i < size; i++) points[i * dimensions + k] = root * vectors[k * size + i]
  }
  return yield* kmeans(points, { clusters, random, starts, dimensions })
}

function centred(vector: Float64Array): Float64Array {
  let mean = 0
  for (let i = 0; i < vector.length; i++) mean += vector[i]
  mean /= vector.length
  return vector.map(value => value - mean)
}
