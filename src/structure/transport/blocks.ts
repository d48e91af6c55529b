/**
 * Coarser and coarser graphs for multigrid. The nodes of a level lie in the boxes of a grid; boxes are taken
 * together in twos along every axis, and the nodes of a box that hang together inside it become one: whatever
 * way the phase winds, two channels in one box stay two (aggregation, Notay 2010, ETNA 37, 123–146).
 *
 * Boxes grow along the axes of the strongest links alone until all are about equal, so flat voxels cost no more
 * steps than cubes; links across which the conductance falls by more than four do not bind.
 */
import type { Work } from '../work.ts'
import type { Graph } from './graph.ts'

/** Where the nodes of a graph lie. */
export interface Places {
  /** The box of every node, numbered row-major. */
  readonly box: Int32Array
  /** How many boxes there are along every axis. */
  readonly shape: readonly number[]
  /** How strongly neighbours along every axis are linked, up to a common factor. */
  readonly strength: readonly number[]
}

/** So many nodes are gone through without a pause. */
const piece = 500_000

export interface Grouping extends Places {
  /** The number of each node's group, −1 without links. */
  readonly parent: Int32Array
  readonly count: number
}

export function* grouped(graph: Graph, places: Places): Work<Grouping> {
  const { size, start } = graph
  const coarse = halved(places)
  const next = boxes(places, coarse.factors)
  yield 0
  const root = yield* united(graph, next)
  const parent = new Int32Array(size).fill(-1)
  const box = new Int32Array(size)
  let count = 0
  for (let i = 0; i < size; i++) {
    if (start[i] === start[i + 1]) continue
    const top = find(root, i)
    if (top === i) {
      box[count] = next[i]
      parent[i] = count++
    } else parent[i] = parent[top]
    if (i % piece === piece - 1) yield 0
  }
  return { ...coarse, box: box.slice(0, count), parent, count }
}

/** The grid of the next level: halved along the axes of strong links. */
function halved({ shape, strength }: Places) {
  const open = strength.filter((_, axis) => shape[axis] > 1)
  const strongest = open.reduce((most, value) => Math.max(most, value), 0)
  const factors = shape.map((length, axis) => (length > 1 && strength[axis] >= 0.3 * strongest ? 2 : 1))
  return {
    factors,
    shape: shape.map((length, axis) => Math.ceil(length / factors[axis])),
    strength: strength.map((value, axis) => value / factors[axis] ** 2),
  }
}

/** The box of the next level that every node lies in. */
function boxes({ box, shape }: Places, factors: readonly number[]): Int32Array {
  const [, height, width] = [...Array(3 - shape.length).fill(1), ...shape]
  const [fz, fy, fx] = [...Array(3 - shape.length).fill(1), ...factors].map(factor => factor - 1)
  const [rows, columns] = [Math.ceil(height / (fy + 1)), Math.ceil(width / (fx + 1))]
  const next = new Int32Array(box.length)
  for (let i = 0; i < box.length; i++) {
    const line = (box[i] / width) | 0
    const x = box[i] - line * width
    const z = (line / height) | 0
    const y = line - z * height
    next[i] = ((z >> fz) * rows + (y >> fy)) * columns + (x >> fx)
  }
  return next
}

/** For every node a node of its group, the smallest one at the end of the chain. */
function* united(graph: Graph, box: Int32Array): Work<Int32Array> {
  const { size, start, middle, to, weight } = graph
  const strongest = new Float32Array(size)
  for (let i = 0; i < size; i++) {
    let most = 0
    for (let at = start[i]; at < start[i + 1]; at++) if (weight[at] > most) most = weight[at]
    strongest[i] = most
  }
  yield 0
  const root = new Int32Array(size)
  for (let i = 0; i < size; i++) {
    root[i] = i
    for (let at = start[i]; at < middle[i]; at++) {
      const j = to[at]
      if (box[j] !== box[i] || weight[at] < 0.25 * strongest[i] || weight[at] < 0.25 * strongest[j]) continue
      const [a, b] = [find(root, i), find(root, j)]
      if (a < b) root[b] = a
      else root[a] = b
    }
    if (i % piece === piece - 1) yield 0
  }
  return root
}

function find(root: Int32Array, i: number): number {
  while (root[i] !== i) {
    root[i] = root[root[i]]
    i = root[i]
  }
  return i
}

/** The matrix Pᵀ A P of sums over the nodes of each group. */
export function* coarsened(fine: Graph, { parent, count }: Grouping): Work<Graph> {
  const members = membersOf(parent, count)
  yield 0
  const diagonal = new Float64Array(count)
  const start = new Int32Array(count + 1)
  const middle = new Int32Array(count)
  const to = new Int32Array(fine.to.length)
  const weight = new Float64Array(fine.to.length)
  // Where the link to a group stands in the row that is being written.
  const place = new Int32Array(count).fill(-1)
  let end = 0
  for (let c = 0; c < count; c++) {
    start[c] = end
    for (let m = members.start[c]; m < members.start[c + 1]; m++) {
      const i = members.of[m]
      diagonal[c] += fine.diagonal[i]
      for (let at = fine.start[i]; at < fine.start[i + 1]; at++) {
        const other = parent[fine.to[at]]
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
    middle[c] = parted(to, weight, { from: start[c], end, node: c })
    if (c % (piece >> 2) === 0) yield 0
  }
  start[count] = end
  return {
    size: count,
    diagonal,
    start,
    middle,
    to: to.slice(0, end),
    weight: new Float32Array(weight.subarray(0, end)),
  }
}

/** Puts the links to smaller numbers first; returns where the others begin. */
export function parted(
  to: Int32Array,
  weight: Float64Array | Float32Array,
  { from, end, node }: { from: number; end: number; node: number },
): number {
  let middle = from
  for (let at = from; at < end; at++) {
    if (to[at] > node) continue
    const [target, strength] = [to[at], weight[at]]
    to[at] = to[middle]
    weight[at] = weight[middle]
    to[middle] = target
    weight[middle++] = strength
  }
  return middle
}

function membersOf(parent: Int32Array, count: number): { start: Int32Array; of: Int32Array } {
  const start = new Int32Array(count + 2)
  for (let i = 0; i < parent.length; i++) if (parent[i] >= 0) start[parent[i] + 2]++
  for (let c = 0; c < count; c++) start[c + 2] += start[c + 1]
  const of = new Int32Array(parent.length)
  for (let i = 0; i < parent.length; i++) if (parent[i] >= 0) of[start[parent[i] + 1]++] = i
  return { start, of }
}
