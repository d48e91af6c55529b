/** Random graphs with classes: the planted partition, or stochastic block model (Holland, Laskey & Leinhardt 1983). */

import { demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import type { Random } from '../base/random.ts'
import { type Graph, graph, parts } from './graph.ts'

export interface PlantedOptions {
  /** Nodes of each class. */
  readonly sizes: readonly number[]
  /** Probability of an edge within a class, and between two. */
  readonly inside: number
  readonly outside: number
  readonly random: Random
}

/** A connected one: drawn again until it is, at most 1,000 times. Throws RangeError after that. */
export function planted(options: PlantedOptions): {
  readonly graph: Graph
  readonly labels: Int32Array
} {
  demandGiven(
    'plant a graph',
    { options },
    { options: { sizes: 'list', inside: 'number', outside: 'number', random: 'stream' } },
  )
  const { sizes, inside, outside, random } = options
  const labels = Int32Array.from(sizes.flatMap((size, c) => new Array<number>(size).fill(c)))
  const nodes = labels.length
  for (let round = 0; round < 1000; round++) {
    const edges: [number, number][] = []
    for (let b = 1; b < nodes; b++)
      for (let a = 0; a < b; a++)
        if (random.uniform() < (labels[a] === labels[b] ? inside : outside)) edges.push([a, b])
    const drawn = graph({ nodes, edges })
    if (parts(drawn).count === 1) return { graph: drawn, labels }
  }
  demand(false, 'draw a graph', 'the probabilities', 'large enough for a connected graph', [inside, outside])
}
