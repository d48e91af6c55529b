/**
 * Multigrid by aggregation with K-cycles (Notay 2010, ETNA 37, 123–146): nodes that are strongly linked are
 * taken together in fours, whatever way the phase winds, until a handful is left.
 */
import { coarsened, paired } from './aggregation.ts'
import { backSubstitute, cholesky, dot, type Graph, multiply, residual, sweep } from './graph.ts'

interface Level {
  readonly graph: Graph
  /** The node of the next level that stands for node i, −1 for a node without links: sweeps solve it. */
  readonly parent: Int32Array
  readonly coarse: Graph
  /** Work of this level [size], and of the next one [coarse.size]. */
  readonly rest: Float64Array
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

export function multigrid(graph: Graph): Multigrid {
  const levels: Level[] = []
  let now = graph
  while (now.size > smallest) {
    const pairs = paired(now)
    const halved = coarsened(now, pairs)
    const fours = paired(halved)
    const parent = pairs.map(pair => (pair < 0 ? -1 : fours[pair]))
    const coarse = coarsened(halved, fours)
    const size = coarse.size
    levels.push({
      graph: now,
      parent,
      coarse,
      rest: new Float64Array(now.size),
      load: new Float64Array(size),
      first: new Float64Array(size),
      second: new Float64Array(size),
      image: new Float64Array(size),
      image2: new Float64Array(size),
    })
    now = coarse
  }
  return { levels, factor: cholesky(now) }
}

/** z = an approximation of A⁻¹ r on a level: smooth, correct from the next level, smooth backwards. */
export function cycle(grid: Multigrid, r: Float64Array, z: Float64Array, depth = 0): void {
  if (depth === grid.levels.length) {
    backSubstitute(grid.factor, r, z)
    return
  }
  const { graph, parent, rest, load, first } = grid.levels[depth]
  z.fill(0)
  sweep(graph, z, r, true)
  residual(graph, z, r, rest)
  load.fill(0)
  for (let i = 0; i < graph.size; i++) if (parent[i] >= 0) load[parent[i]] += rest[i]
  correct(grid, depth)
  for (let i = 0; i < graph.size; i++) if (parent[i] >= 0) z[i] += first[parent[i]]
  sweep(graph, z, r, false)
}

/** `first` = the next level's answer to `load`: one cycle, or the best of the plane of two (a K-cycle). */
function correct(grid: Multigrid, depth: number): void {
  const { coarse, load, first, second, image, image2 } = grid.levels[depth]
  cycle(grid, load, first, depth + 1)
  if (depth + 1 === grid.levels.length) return
  const rho = multiply(coarse, first, image)
  if (!(rho > 0)) return
  const step = dot(first, load) / rho
  const before = dot(load, load)
  for (let i = 0; i < load.length; i++) load[i] -= step * image[i]
  if (dot(load, load) <= 0.0625 * before) {
    for (let i = 0; i < first.length; i++) first[i] *= step
    return
  }
  cycle(grid, load, second, depth + 1)
  const beta = multiply(coarse, second, image2)
  const gamma = dot(second, image)
  const rest = beta - (gamma * gamma) / rho
  const more = rest > 0 ? dot(second, load) / rest : 0
  const less = step - (gamma * more) / rho
  for (let i = 0; i < first.length; i++) first[i] = less * first[i] + more * second[i]
}
