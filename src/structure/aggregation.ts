/**
 * Coarser and coarser graphs for multigrid: pairs of strongly linked nodes, whatever way the phase winds
 * (Notay 2010, ETNA 37, 123–146, algorithm 2 in its simplest form).
 */
import type { Graph } from './graph.ts'

/**
 * Every node with its most strongly linked neighbour that is still free; a node left over joins its most
 * strongly linked neighbour's pair. Returns the number of each node's pair, −1 without links.
 */
export function paired({ size, start, to, weight }: Graph): Int32Array {
  const pair = new Int32Array(size).fill(-1)
  let count = 0
  for (let i = 0; i < size; i++) {
    if (pair[i] >= 0 || start[i] === start[i + 1]) continue
    let best = -1
    let free = -1
    for (let at = start[i]; at < start[i + 1]; at++) {
      if (best < 0 || weight[at] > weight[best]) best = at
      if (pair[to[at]] < 0 && (free < 0 || weight[at] > weight[free])) free = at
    }
    if (free >= 0 && weight[free] >= 0.25 * weight[best]) {
      pair[i] = pair[to[free]] = count++
    } else if (pair[to[best]] >= 0) pair[i] = pair[to[best]]
    else pair[i] = pair[to[best]] = count++
  }
  return pair
}

/** The matrix Pᵀ A P of sums over the nodes of each pair. */
export function coarsened(fine: Graph, pair: Int32Array): Graph {
  const size = pair.reduce((most, p) => Math.max(most, p), -1) + 1
  const members = membersOf(pair, size)
  const diagonal = new Float64Array(size)
  const start = new Int32Array(size + 1)
  const to = new Int32Array(fine.to.length)
  const weight = new Float64Array(fine.to.length)
  // Where the link to a coarse node stands in the row that is being written.
  const place = new Int32Array(size).fill(-1)
  let end = 0
  for (let c = 0; c < size; c++) {
    start[c] = end
    for (let m = members.start[c]; m < members.start[c + 1]; m++) {
      const i = members.of[m]
      diagonal[c] += fine.diagonal[i]
      for (let at = fine.start[i]; at < fine.start[i + 1]; at++) {
        const other = pair[fine.to[at]]
        if (other === c) {
          diagonal[c] -= fine.weight[at]
          continue
        }
        if (place[other] < start[c]) {
          place[other] = end
          to[end] = other
          weight[end++] = 0
        }
        weight[place[other]] += fine.weight[at]
      }
    }
  }
  start[size] = end
  return { size, diagonal, start, to: to.slice(0, end), weight: weight.slice(0, end) }
}

function membersOf(pair: Int32Array, size: number): { start: Int32Array; of: Int32Array } {
  const start = new Int32Array(size + 2)
  for (const p of pair) if (p >= 0) start[p + 2]++
  for (let c = 0; c < size; c++) start[c + 2] += start[c + 1]
  const of = new Int32Array(pair.length)
  for (let i = 0; i < pair.length; i++) if (pair[i] >= 0) of[start[pair[i] + 1]++] = i
  return { start, of }
}
