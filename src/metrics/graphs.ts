// How far two sets of small graphs are from each other: by degrees, clustering and orbits, as GraphRNN and GDSS measure it.
import { clusteringOf, degreeShares, type Graph, graph, ORBITS, orbitCounts } from '../graph/index.ts'
import { demandSmallGraphs, type SmallGraph } from '../graph/listed.ts'
import { discrepancy, gaussianKernel, moverKernel } from './discrepancy.ts'

/** MMD² of each, and their mean. */
export interface GraphDistances {
  readonly degree: number
  readonly clustering: number
  readonly orbits: number
  readonly mean: number
}

/**
 * MMD² (biased) between two sets of graphs: of histograms of degrees by e^(-d²/2), d the earth mover's distance; of histograms
 * of clustering coefficients in 100 bins, a hundredth wide each, with σ = 0.1; and of how often a node is in each orbit of
 * connected subgraphs of up to four nodes, the mean of a graph, by a Gaussian kernel of σ = 30 (You et al. 2018; the code of arXiv
 * 2202.02514). Nodes without an edge are left out there and here.
 */
export function graphDistances(a: readonly SmallGraph[], b: readonly SmallGraph[]): GraphDistances {
  for (const set of [a, b]) demandSmallGraphs('compare graphs', set)
  const [x, y] = [a, b].map(set => set.map(joinedOf))
  const of = <T>(see: (one: Graph) => T, kernel: (p: T, q: T) => number) =>
    discrepancy(x.map(see), y.map(see), kernel)
  const degree = of(degreeShares, moverKernel())
  const clustering = of(clusteringShares, moverKernel({ width: 0.01, sigma: 0.1 }))
  const orbits = of(meanOrbits, gaussianKernel(30))
  return { degree, clustering, orbits, mean: (degree + clustering + orbits) / 3 }
}

/**
 * The share of the graphs that are like none of the others: of other numbers of nodes and edges, or with nodes in other orbits. Graphs
 * that are told apart so are not isomorphic; few that are not isomorphic are not told apart.
 */
export function novelty(graphs: readonly SmallGraph[], others: readonly SmallGraph[]): number {
  for (const set of [graphs, others]) demandSmallGraphs('tell new graphs', set)
  const known = new Set(others.map(keyOf))
  return graphs.filter(one => !known.has(keyOf(one))).length / graphs.length
}

const built = ({ n, edges }: SmallGraph): Graph => graph({ nodes: n, edges })

/** The graph of the nodes that have an edge; of none a single node. */
function joinedOf({ edges }: SmallGraph): Graph {
  const names = [...new Set(edges.flat())].sort((a, b) => a - b)
  const at = new Map(names.map((name, i) => [name, i]))
  const place = (end: number) => at.get(end) ?? 0
  return built({ n: Math.max(1, names.length), edges: edges.map(([a, b]) => [place(a), place(b)] as const) })
}

function clusteringShares(one: Graph): Float64Array {
  const shares = new Float64Array(100)
  for (const value of clusteringOf(one)) shares[Math.min(99, Math.floor(100 * value))] += 1 / one.nodes
  return shares
}

function meanOrbits(one: Graph): Float64Array {
  const counts = orbitCounts(one)
  return Float64Array.from({ length: ORBITS }, (_, k) => {
    let sum = 0
    for (let i = 0; i < one.nodes; i++) sum += counts[i * ORBITS + k]
    return sum / one.nodes
  })
}

function keyOf(one: SmallGraph): string {
  const counts = orbitCounts(built(one))
  const rows = Array.from({ length: one.n }, (_, i) => counts.subarray(i * ORBITS, (i + 1) * ORBITS).join())
  return rows.sort().join(';')
}
