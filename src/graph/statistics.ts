/**
 * What graphs are compared by: degrees, clustering coefficients, and the orbits of their nodes in subgraphs of four nodes
 * (Hočevar & Demšar 2014 for the orbits, counted here one set of four after the other: for small graphs).
 */
import type { Graph } from './graph.ts'

/** How many nodes have each degree, as shares: [largest degree + 1]. */
export function degreeShares({ nodes, start }: Graph): Float64Array {
  const degrees = Array.from({ length: nodes }, (_, i) => start[i + 1] - start[i])
  const shares = new Float64Array(1 + Math.max(0, ...degrees))
  for (const degree of degrees) shares[degree] += 1 / nodes
  return shares
}

/** The share of the pairs of neighbours of each node that are neighbours themselves, [nodes]; 0 below two neighbours. */
export function clusteringOf(graph: Graph): Float64Array {
  const { nodes, start, to } = graph
  const joined = joinedIn(graph)
  return Float64Array.from({ length: nodes }, (_, i) => {
    const near = to.subarray(start[i], start[i + 1])
    let closed = 0
    for (let a = 0; a < near.length; a++)
      for (let b = 0; b < a; b++) closed += joined[near[a] * nodes + near[b]]
    const pairs = (near.length * (near.length - 1)) / 2
    return pairs > 0 ? closed / pairs : 0
  })
}

/** Orbits 0 … 14: of an edge, of the two subgraphs of three nodes and the six of four, by the degrees in them. */
export const ORBITS = 15

/** The orbit of a node of degree d in a connected subgraph of `size` nodes with so many edges; sums of degrees tell the rest. */
function orbitOf(
  size: number,
  { edges, degree, largest }: { edges: number; degree: number; largest: number },
): number {
  if (size === 2) return 0
  if (size === 3) return edges === 3 ? 3 : degree === 2 ? 2 : 1
  if (edges === 3) return largest === 3 ? (degree === 3 ? 7 : 6) : degree === 2 ? 5 : 4
  if (edges === 4) return largest === 2 ? 8 : degree === 1 ? 9 : degree === 2 ? 10 : 11
  if (edges === 5) return degree === 2 ? 12 : 13
  return 14
}

/** How often each node is in each orbit of connected induced subgraphs, [nodes, ORBITS]; about nodes⁴ / 24 steps. */
export function orbitCounts(graph: Graph): Float64Array {
  const { nodes } = graph
  const joined = joinedIn(graph)
  const counts = new Float64Array(nodes * ORBITS)
  const chosen: number[] = []
  const look = (): void => {
    const degrees = chosen.map(i => chosen.reduce((sum, j) => sum + joined[i * nodes + j], 0))
    const edges = degrees.reduce((sum, degree) => sum + degree, 0) / 2
    if (!connected(chosen, joined, nodes)) return
    const largest = Math.max(...degrees)
    chosen.forEach((node, k) => {
      counts[node * ORBITS + orbitOf(chosen.length, { edges, degree: degrees[k], largest })]++
    })
  }
  const extend = (from: number): void => {
    if (chosen.length >= 2) look()
    if (chosen.length === 4) return
    for (let i = from; i < nodes; i++) {
      chosen.push(i)
      extend(i + 1)
      chosen.pop()
    }
  }
  extend(0)
  return counts
}

function connected(chosen: readonly number[], joined: Uint8Array, nodes: number): boolean {
  const reached = new Set([chosen[0]])
  for (const node of reached) for (const other of chosen) if (joined[node * nodes + other]) reached.add(other)
  return reached.size === chosen.length
}

function joinedIn({ nodes, start, to }: Graph): Uint8Array {
  const joined = new Uint8Array(nodes * nodes)
  for (let i = 0; i < nodes; i++) for (let k = start[i]; k < start[i + 1]; k++) joined[i * nodes + to[k]] = 1
  return joined
}
