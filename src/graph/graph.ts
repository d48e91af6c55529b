/**
 * Graphs without direction: nodes 0 … n − 1 and edges with positive weights, checked where they are built.
 */

import { cannot, demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'

export interface Graph {
  readonly nodes: number
  /** [nodes + 1]: the edges of node i lie from start[i] to start[i + 1] in `to` and `weight`, by rising `to`. */
  readonly start: Int32Array
  /** [2 edges]: every edge lies at both its ends. */
  readonly to: Int32Array
  /** [2 edges], finite and above 0. */
  readonly weight: Float64Array
  /** [nodes], the sum of the weights at a node. */
  readonly degree: Float64Array
}

/** What a graph is made of, for the doors of what takes one. */
export const graphKinds = {
  nodes: 'number',
  start: 'list',
  to: 'list',
  weight: 'list',
  degree: 'list',
} as const

export interface GraphOptions {
  readonly nodes: number
  /** Pairs of nodes. An edge may be listed from both its ends, with one weight; it is one edge. */
  readonly edges: readonly (readonly [number, number])[]
  /** [edges], default 1. */
  readonly weights?: ArrayLike<number>
  /** What becomes of edges from a node to itself; default: an error. */
  readonly loops?: 'refuse' | 'drop'
}

/** Builds a graph. Throws RangeError on self-loops, weights that differ by direction, NaN, and the like. */
export function graph(options: GraphOptions): Graph {
  demandGiven(
    'build the graph',
    { options },
    { options: { nodes: 'number', edges: 'lists', weights: 'list?' } },
  )
  const { nodes, edges, weights, loops = 'refuse' } = options
  const what = 'build the graph'
  const some = Number.isSafeInteger(nodes) && nodes >= 1 && nodes < 2 ** 31
  demand(some, what, 'the number of nodes', 'a whole number of at least 1', nodes)
  const same = weights === undefined || weights.length === edges.length
  demand(same, what, 'the number of weights', `${edges.length}, one per edge`, weights?.length)
  const kept: Kept = { from: [], to: [], weight: [] }
  edges.forEach(([a, b], i) => {
    for (const end of [a, b])
      if (!Number.isSafeInteger(end) || end < 0 || end >= nodes)
        throw new RangeError(cannot(what, `edge ${i}`, `between nodes 0 … ${nodes - 1}`, `${a}–${b}`))
    const weight = weights === undefined ? 1 : weights[i]
    if (!(weight > 0 && weight < Infinity))
      throw new RangeError(cannot(what, `the weight of the edge ${a}–${b}`, 'finite and above 0', weight))
    if (a === b) {
      const wanted = "between two nodes (loops: 'drop' leaves such edges out)"
      demand(loops === 'drop', what, `edge ${i}`, wanted, `${a}–${b}`)
      return
    }
    kept.from.push(a)
    kept.to.push(b)
    kept.weight.push(weight)
  })
  return assembled(nodes, kept)
}

interface Kept {
  readonly from: number[]
  readonly to: number[]
  readonly weight: number[]
}

/** Lays every edge at both its ends, once. */
function assembled(nodes: number, { from, to, weight }: Kept): Graph {
  const heads = from.concat(to)
  const tails = to.concat(from)
  const order = sortedByNode(nodes, heads, sortedByNode(nodes, tails))
  const start = new Int32Array(nodes + 1)
  const ends = new Int32Array(heads.length)
  const values = new Float64Array(heads.length)
  const degree = new Float64Array(nodes)
  let size = 0
  let last = -1
  for (const at of order) {
    const [head, tail, value] = [heads[at], tails[at], weight[at % from.length]]
    if (last >= 0 && heads[last] === head && tails[last] === tail) {
      demandMirrored({ first: last, second: at, edges: from.length }, { from, to, weight })
      continue
    }
    last = at
    ends[size] = tail
    values[size++] = value
    start[head + 1]++
    degree[head] += value
  }
  for (let i = 0; i < nodes; i++) start[i + 1] += start[i]
  return { nodes, start, to: ends.slice(0, size), weight: values.slice(0, size), degree }
}

/** Two entries of one edge must be its two directions, with one weight. */
function demandMirrored(
  { first, second, edges }: { first: number; second: number; edges: number },
  { from, to, weight }: Kept,
): void {
  const [a, b] = [first % edges, second % edges]
  const name = `${from[a]}–${to[a]}`
  const once = from[a] !== from[b]
  demand(once, 'build the graph', `the edge ${name}`, 'listed once from each end at most', 'it twice')
  const wanted = 'the same in both directions (graphs here have no direction)'
  demand(
    weight[a] === weight[b],
    'build the graph',
    `the weight of the edge ${name}`,
    wanted,
    `${weight[a]} and ${weight[b]}`,
  )
}

/** Positions in `keys` by rising key; equal ones in the order that they had in `order`. */
function sortedByNode(nodes: number, keys: readonly number[], order?: Int32Array): Int32Array {
  const next = new Int32Array(nodes + 1)
  for (const key of keys) next[key + 1]++
  for (let i = 0; i < nodes; i++) next[i + 1] += next[i]
  const sorted = new Int32Array(keys.length)
  for (let i = 0; i < keys.length; i++) {
    const at = order ? order[i] : i
    sorted[next[keys[at]]++] = at
  }
  return sorted
}

/** The part of each node, [nodes], numbered by first node, and how many parts there are. */
export function parts(options: Graph): { readonly part: Int32Array; readonly count: number } {
  demandGiven('find the parts', { options }, { options: graphKinds })
  const { nodes, start, to } = options
  const part = new Int32Array(nodes).fill(-1)
  const queue = new Int32Array(nodes)
  let count = 0
  for (let first = 0; first < nodes; first++) {
    if (part[first] >= 0) continue
    let length = 1
    queue[0] = first
    part[first] = count
    for (let at = 0; at < length; at++)
      for (let k = start[queue[at]]; k < start[queue[at] + 1]; k++) {
        if (part[to[k]] >= 0) continue
        part[to[k]] = count
        queue[length++] = to[k]
      }
    count++
  }
  return { part, count }
}

/** Throws RangeError unless every node can be reached from every other. */
export function demandConnected(graph: Graph, what: string): void {
  demandGiven('look at the graph', { graph, what }, { graph: graphKinds, what: 'text' })
  const { count, part } = parts(graph)
  if (count === 1) return
  const apart = part.indexOf(1)
  const got = `${count} parts (no path leads from node 0 to node ${apart})`
  throw new RangeError(`Cannot ${what}: the graph must be connected, got ${got}`)
}

/** Edges on the shortest ways from node 0, at most: no two nodes are further apart than twice this. */
export function reachOf({ nodes, start, to }: Graph): number {
  const hops = new Int32Array(nodes).fill(-1)
  const queue = new Int32Array(nodes)
  let furthest = 0
  for (let first = 0; first < nodes; first++) {
    if (hops[first] >= 0) continue
    let length = 1
    queue[0] = first
    hops[first] = 0
    for (let at = 0; at < length; at++) {
      const i = queue[at]
      furthest = Math.max(furthest, hops[i])
      for (let k = start[i]; k < start[i + 1]; k++)
        if (hops[to[k]] < 0) {
          hops[to[k]] = hops[i] + 1
          queue[length++] = to[k]
        }
    }
  }
  return furthest
}
