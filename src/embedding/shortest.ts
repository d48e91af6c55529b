/** Shortest ways on a graph whose edges have lengths (Dijkstra 1959, with a binary heap). */

import { demandGiven } from '../base/given.ts'
import type { Graph } from '../graph/graph.ts'
import { graphKinds } from '../graph/graph.ts'

/** Lengths of the shortest ways between all nodes, [nodes, nodes]; Infinity where there is none. Yields the share done. */
export function* shortestWays(
  graph: Graph,
  length: (from: number, to: number) => number,
): Generator<number, Float64Array, void> {
  demandGiven('find the ways', { graph, length }, { graph: graphKinds, length: 'function' })
  const { nodes, start, to } = graph
  const lengths = new Float64Array(to.length)
  for (let i = 0; i < nodes; i++) for (let k = start[i]; k < start[i + 1]; k++) lengths[k] = length(i, to[k])
  const out = new Float64Array(nodes * nodes)
  const heap = heapOf(nodes)
  for (let source = 0; source < nodes; source++) {
    waysFrom(source, { graph, lengths, out: out.subarray(source * nodes, (source + 1) * nodes), heap })
    if (source % 16 === 15) yield source / nodes
  }
  return out
}

interface Search {
  readonly graph: Graph
  readonly lengths: Float64Array
  readonly out: Float64Array
  readonly heap: Heap
}

function waysFrom(source: number, { graph: { start, to }, lengths, out, heap }: Search): void {
  out.fill(Number.POSITIVE_INFINITY)
  out[source] = 0
  heap.update(source, out)
  for (let node = heap.take(out); node >= 0; node = heap.take(out))
    for (let k = start[node]; k < start[node + 1]; k++) {
      const way = out[node] + lengths[k]
      if (way >= out[to[k]]) continue
      out[to[k]] = way
      heap.update(to[k], out)
    }
}

interface Heap {
  /** Puts a node in, or moves it up after its key fell. */
  update(node: number, keys: Float64Array): void
  /** The node of the least key; −1 when empty. */
  take(keys: Float64Array): number
}

function heapOf(nodes: number): Heap {
  const items = new Int32Array(nodes)
  const place = new Int32Array(nodes).fill(-1)
  let size = 0
  const put = (node: number, at: number) => {
    items[at] = node
    place[node] = at
  }
  const down = (node: number, keys: Float64Array) => {
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= size) break
      if (child + 1 < size && keys[items[child + 1]] < keys[items[child]]) child++
      if (keys[items[child]] >= keys[node]) break
      put(items[child], at)
      at = child
    }
    put(node, at)
  }
  return {
    update(node, keys) {
      let at = place[node] < 0 ? size++ : place[node]
      for (; at > 0; at = (at - 1) >> 1) {
        const above = items[(at - 1) >> 1]
        if (keys[above] <= keys[node]) break
        put(above, at)
      }
      put(node, at)
    },
    take(keys) {
      if (size === 0) return -1
      const [least] = items
      place[least] = -1
      const last = items[--size]
      if (size > 0) down(last, keys)
      return least
    },
  }
}
