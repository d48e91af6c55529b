/**
 * Multigrid by aggregation with K-cycles (Notay 2010, ETNA 37, 123–146) over the boxes of `blocks.ts`, until a
 * handful of nodes is left.
 */
import type { Work } from '../work.ts'
import { coarsened, grouped, type Places } from './blocks.ts'
import {
  backSubstitute,
  cholesky,
  dot,
  firstSweep,
  type Graph,
  lastSweep,
  multiply,
  restrict,
  rowsOf,
} from './graph.ts'

interface Level {
  readonly graph: Graph
  /** The node of the next level that stands for node i, −1 for a node without links: sweeps solve it. */
  readonly parent: Int32Array
  readonly coarse: Graph
  /** Work of the next level [coarse.size]. */
  readonly load: Float64Array
  readonly first: Float64Array
  readonly second: Float64Array
  readonly image: Float64Array
  readonly image2: Float64Array
}

/** An approximate inverse of the matrix of a graph, symmetric and positive but not quite linear. */
export interface Multigrid {
  readonly levels: readonly Level[]
  /** Of the last graph. */
  readonly factor: Float64Array
}

const smallest = 60

export function* multigrid(graph: Graph, places: Places): Work<Multigrid> {
  const levels: Level[] = []
  let now = graph
  while (now.size > smallest) {
    const groups = yield* grouped(now, places)
    const coarse = yield* coarsened(now, groups)
    places = groups
    const room = () => new Float64Array(coarse.size)
    const rooms = { load: room(), first: room(), second: room(), image: room(), image2: room() }
    levels.push({ graph: now, parent: groups.parent, coarse, ...rooms })
    now = coarse
  }
  return { levels, factor: cholesky(now) }
}

/** z = an approximation of A⁻¹ r on a level, in pieces: smooth, correct from the next level, smooth backwards. */
export function* preconditioned(grid: Multigrid, r: Float64Array, z: Float64Array, depth = 0): Work<void> {
  if (depth === grid.levels.length) {
    backSubstitute(grid.factor, r, z)
    return
  }
  const { graph, parent, load, first } = grid.levels[depth]
  const pieces = rowsOf(graph.size)
  const vectors = { x: z, b: r }
  for (const rows of pieces) {
    firstSweep(graph, vectors, rows)
    if (rows.end > pause) yield 0
  }
  for (const rows of pieces) {
    restrict(graph, z, { parent, load, rows })
    if (rows.end > pause) yield 0
  }
  yield* correct(grid, depth)
  prolong(parent, first, z)
  for (const rows of pieces.reverse()) {
    lastSweep(graph, vectors, rows)
    if (rows.end > pause) yield 0
  }
}

/** Levels of so many nodes are worth a pause. */
const pause = 500_000

function prolong(parent: Int32Array, first: Float64Array, z: Float64Array): void {
  for (let i = 0; i < parent.length; i++) if (parent[i] >= 0) z[i] += first[parent[i]]
}

/**
 * `first` = the next level's answer to `load`: one cycle where that leaves 0.4 of the residual, or the best of the plane of two
 * (a K-cycle). Deviation from Notay's quarter: half takes 20 % less time on rock and 40 % less on uncorrelated sites.
 */
function* correct(grid: Multigrid, depth: number): Work<void> {
  const { coarse, load, first, second, image, image2 } = grid.levels[depth]
  yield* preconditioned(grid, load, first, depth + 1)
  if (depth + 1 === grid.levels.length) return
  const rho = multiply(coarse, { x: first, b: image })
  if (!(rho > 0)) return
  const step = dot(first, load) / rho
  const before = dot(load, load)
  for (let i = 0; i < load.length; i++) load[i] -= step * image[i]
  if (dot(load, load) <= 0.16 * before) {
    for (let i = 0; i < first.length; i++) first[i] *= step
    return
  }
  if (load.length > pause) yield 0
  yield* preconditioned(grid, load, second, depth + 1)
  const beta = multiply(coarse, { x: second, b: image2 })
  const gamma = dot(second, image)
  const rest = beta - (gamma * gamma) / rho
  const more = rest > 0 ? dot(second, load) / rest : 0
  const less = step - (gamma * more) / rho
  for (let i = 0; i < first.length; i++) first[i] = less * first[i] + more * second[i]
}
