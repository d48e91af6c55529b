/** Maps of points or of graphs: heat distances and their relatives, by name. */

import { cannot, demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import type { Random } from '../base/random.ts'
import { graphKinds } from '../graph/graph.ts'
import { demandConnected, type Graph, graphHeatModes } from '../graph/index.ts'
import { floorOfHeat, heatDistances, heatEntropies, knee, normalisedHeat } from './heat-distance.ts'
import { metric } from './mds.ts'
import { stochasticNeighbours } from './neighbour-map.ts'
import { potentialDistances } from './potential.ts'

/**
 * heat: heat distances, metric scaling. phate: distances of the potentials −log H_i (Moon et al. 2019).
 * sne: the map whose neighbours come as often as H says (Hinton & Roweis 2002, with the tails of t-SNE).
 * diffusion: leading vectors of the walk, each times what is left of it at t (Coifman & Lafon 2006).
 */
export const embeddingNames = ['heat', 'phate', 'sne', 'diffusion'] as const
export type EmbeddingName = (typeof embeddingNames)[number]

export interface EmbedOptions {
  readonly random: Random
  /** Default heat. */
  readonly preset?: EmbeddingName
  /** Default: the knee of the entropy of heat over time. */
  readonly t?: number
  /** ρ of the volume term of `heat`, 0 … 1, default 0. */
  readonly volume?: number
  /** Default 2. */
  readonly dimensions?: number
  /** Chebyshev polynomials with a floor of 1e-16 in place of exact sums: faster, far pairs are blurred. */
  readonly polynomials?: boolean
}

export interface Embedded {
  /** [nodes, dimensions] */
  readonly map: Float64Array
  readonly t: number
  /** The distances that the map shows, [nodes, nodes]; none for sne and diffusion. */
  readonly apart?: Float64Array
}

/** Most nodes: the tables take 24 n² bytes. */
const MOST = 5000

/** Makes a map of a connected graph. Yields the share done. Throws RangeError where the graph falls apart. */
export function* embed(graph: Graph, options: EmbedOptions): Generator<number, Embedded, void> {
  demandGiven('embed the graph', { graph, options }, { graph: graphKinds, options: { random: 'stream' } })
  const { random, preset = 'heat', dimensions = 2, volume, polynomials = false } = options
  demand(graph.nodes <= MOST, 'make a map', 'the number of nodes', `at most ${MOST}`, graph.nodes)
  demandConnected(graph, 'make a map (more neighbours make one graph of the points)')
  if (!embeddingNames.includes(preset))
    throw new RangeError(cannot('make a map', 'the preset', `one of ${embeddingNames.join(', ')}`, preset))
  const t = options.t ?? (yield* kneeTime(graph))
  if (preset === 'diffusion')
    return { map: yield* graphHeatModes(graph, { t, count: dimensions, random }), t }
  const kernel = yield* normalisedHeat(graph, { t, exact: !polynomials })
  // Below the smallest double nothing is known but that it is far.
  for (let i = 0; i < kernel.length; i++) if (kernel[i] === 0) kernel[i] = 1e-300
  if (preset === 'sne') {
    const start = yield* metric(heatDistances(kernel, { t, volume }), { random, dimensions })
    return { map: yield* stochasticNeighbours(kernel, { start, dimensions }), t }
  }
  const apart =
    preset === 'phate' ? yield* potentialDistances(kernel, floorOfHeat) : heatDistances(kernel, { t, volume })
  return { map: yield* metric(apart, { random, dimensions }), t, apart }
}

/** t at the knee of the entropy between 0.05 and 50, ten times evenly apart (arXiv 2305.19043, §4.2). */
export function* kneeTime(graph: Graph): Generator<number, number, void> {
  demandGiven('find the time', { graph }, { graph: graphKinds })
  const times = Array.from({ length: 10 }, (_, i) => 0.05 + (49.95 * i) / 9)
  return knee(times, yield* heatEntropies(graph, times))
}
