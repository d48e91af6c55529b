// The walk on any graph: units on its nodes hop along its edges, and no unit is ever made or lost.
import { demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { finish } from '../base/work.ts'
import { demandConnected, type Graph, graphKinds } from '../graph/graph.ts'
import { modesOf, tableOfModes } from '../graph/modes.ts'
import { tableWalk } from '../walk/table-walk.ts'
import { sitesLink } from './link/sites.ts'
import type { JumpProcess, ProcessDescription } from './process.ts'
import { demandChannels } from './spatial.ts'
import { walking } from './walking.ts'

/** Enough to rebuild the walk. */
export interface GraphDescription extends ProcessDescription {
  readonly kind: 'graph'
  readonly nodes: number
  readonly edges: readonly (readonly [number, number])[]
  /** [edges]; left out: 1. */
  readonly weights?: readonly number[]
  readonly channels: number
  readonly rate: number
  readonly ceiling?: number
}

export interface OnGraphOptions {
  /** Connected, of at most `MOST` nodes. */
  readonly graph: Graph
  /** C, default 1. */
  readonly channels?: number
  /** Hops along an edge of weight 1 per unit of time; the default leaves e^-6 of the slowest mode at t = 1. */
  readonly rate?: number
  /** The largest count of clean states, which `settle` keeps to where the mass allows it; default: none. */
  readonly ceiling?: number
}

/** Kernels are whole tables, three of them of 8 nodes² bytes, and all modes are sought once. */
const MOST = 3000

/**
 * Every unit hops along each edge of its node at the rate of the edge's weight: the walk of `spatial` with the graph in
 * place of the lattice, its kernel e^{-τL} exact from the modes of the Laplacian. A state is [C, 1, nodes]; jump j of a node
 * is along the j-th of its edges, in the order of their other ends. Of a lattice's graph it is the walk on that lattice.
 */
export function onGraph(options: OnGraphOptions): JumpProcess {
  const what = 'build the walk on a graph'
  demandGiven(what, { options }, { options: { graph: graphKinds } })
  const { graph, channels = 1, ceiling } = options
  const { nodes, start, to, weight } = graph
  demandChannels(what, channels)
  demand(nodes <= MOST, what, 'the number of nodes', `at most ${MOST}`, nodes)
  demandConnected(graph, what)
  const modes = finish(modesOf(graph))
  const { rate = nodes === 1 ? 1 : 6 / modes.values[1] } = options
  const jumps = Math.max(1, ...Array.from({ length: nodes }, (_, x) => start[x + 1] - start[x]))
  const reached = new Int32Array(jumps * nodes).fill(-1)
  const pace = new Float64Array(jumps * nodes)
  const edges: [number, number][] = []
  const weights: number[] = []
  for (let x = 0; x < nodes; x++)
    for (let k = start[x], j = x; k < start[x + 1]; k++, j += nodes) {
      reached[j] = to[k]
      pace[j] = weight[k]
      if (to[k] < x) continue
      edges.push([x, to[k]])
      weights.push(weight[k])
    }
  const walk = () =>
    tableWalk({ sites: nodes, reached, pace, table: (tau, out) => out.set(tableOfModes(modes, tau)) })
  const description: GraphDescription = {
    kind: 'graph',
    nodes,
    edges,
    ...(weights.some(w => w !== 1) && { weights }),
    channels,
    rate,
    ...(ceiling !== undefined && { ceiling }),
  }
  return {
    ...walking({
      what,
      channels,
      sites: nodes,
      shape: [channels, 1, nodes],
      rate,
      jumps,
      reached: () => reached,
      parts: () => {
        const one = walk()
        return Array.from({ length: channels }, (_, channel) => ({ channel, walk: one }))
      },
      conserved: channels,
      ceiling,
    }),
    ...(description.weights && { pace: () => pace }),
    description,
    link: sitesLink,
  }
}
