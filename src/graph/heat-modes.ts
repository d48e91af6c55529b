/** The leading modes of the walk on a graph, as coordinates of its nodes (Coifman & Lafon 2006, eq. 8). */
import { demandGiven } from '../base/given.ts'
import type { Random } from '../base/random.ts'
import { applyHeat, laplacian } from './chebyshev.ts'
import { demandConnected, type Graph, graphKinds } from './graph.ts'
import { lanczos } from './lanczos.ts'

export interface HeatModesOptions {
  readonly t: number
  readonly count: number
  readonly random: Random
}

/**
 * e^{−tλ_k} ψ_k [nodes, count], ψ the vectors of D⁻¹A after the constant one. Their distances are those of where walks
 * may be after t. Yields the share done.
 */
export function* graphHeatModes(
  graph: Graph,
  options: HeatModesOptions,
): Generator<number, Float64Array, void> {
  demandGiven(
    'find the modes',
    { graph, options },
    { graph: graphKinds, options: { t: 'number', count: 'number', random: 'stream' } },
  )
  const { t, count, random } = options
  demandConnected(graph, 'find the modes of the walk')
  const { nodes, degree } = graph
  const matrix = laplacian(graph, 'normalised')
  const apply = (x: Float64Array): Float64Array => {
    const work = applyHeat(matrix, x, { times: [t], width: 1 })
    for (;;) {
      const { done, value } = work.next()
      if (done) return (value as Float64Array[])[0]
    }
  }
  const { values, vectors } = yield* lanczos(apply, { size: nodes, count: count + 1, random })
  const volume = degree.reduce((sum, value) => sum + value, 0)
  const out = new Float64Array(nodes * count)
  for (let i = 0; i < nodes; i++) {
    const scale = Math.sqrt(volume / degree[i])
    for (let k = 0; k < count; k++) out[i * count + k] = values[k + 1] * vectors[(k + 1) * nodes + i] * scale
  }
  return out
}
