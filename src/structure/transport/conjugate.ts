/**
 * Conjugate gradients preconditioned by multigrid. The cycle is not quite linear, hence the flexible form
 * of Polak and Ribière (Notay 2000, SIAM J. Sci. Comput. 22, 1444–1460).
 */
import { InvariantError } from '../../base/errors.ts'
import type { Work } from '../work.ts'
import type { Places } from './blocks.ts'
import { dot, type Graph, multiply, residual, rowsOf } from './graph.ts'
import { multigrid, preconditioned } from './multigrid.ts'

export interface Solve {
  /** The first guess, and afterwards the solution. */
  readonly x: Float64Array
  readonly b: Float64Array
  readonly places: Places
  /** Called after every step with the energy ‖Δx‖²_A that it took off the error; true ends the iteration. */
  converged(gain: number, residual: Float64Array): boolean
}

const most = 1000

/**
 * Solves A x = b, x in place; returns the number of steps.
 * @throws InvariantError after 1000 steps: a dozen or two are usual
 */
export function* conjugateGradients(graph: Graph, { x, b, places, converged }: Solve): Work<number> {
  const grid = yield* multigrid(graph, places)
  const { size } = graph
  const [r, z, p, q] = [0, 1, 2, 3].map(() => new Float64Array(size))
  residual(graph, x, b, r)
  let [before, alpha, rest] = [0, 0, dot(r, r)]
  for (let step = 0; step < most; step++) {
    if (rest === 0) return step
    yield* preconditioned(grid, r, z)
    yield 0
    // (z, r − r of the step before) = −α (z, q).
    const now = dot(r, z)
    const beta = before === 0 ? 0 : (-alpha * dot(q, z)) / before
    const slope = turned(p, { z, beta, r })
    yield 0
    let energy = 0
    for (const rows of rowsOf(size)) {
      energy += multiply(graph, { x: p, b: q }, rows)
      yield 0
    }
    // Nothing is left but rounding.
    if (!(slope > 0 && energy > 0)) return step
    yield 0
    alpha = slope / energy
    rest = advanced({ x, r, p, q }, alpha)
    before = now
    if (converged(alpha * slope, r)) return step + 1
    yield 0
  }
  throw new InvariantError(`The diffusion equation of ${size} sites has not converged in ${most} steps`)
}

/** p = z + β p; returns p·r. */
function turned(p: Float64Array, { z, beta, r }: { z: Float64Array; beta: number; r: Float64Array }): number {
  let slope = 0
  for (let i = 0; i < p.length; i++) {
    const next = z[i] + beta * p[i]
    p[i] = next
    slope += next * r[i]
  }
  return slope
}

interface State {
  readonly x: Float64Array
  readonly r: Float64Array
  readonly p: Float64Array
  readonly q: Float64Array
}

/** x += α p, r −= α q; returns r·r. */
function advanced({ x, r, p, q }: State, alpha: number): number {
  let rest = 0
  for (let i = 0; i < x.length; i++) {
    x[i] += alpha * p[i]
    const left = r[i] - alpha * q[i]
    r[i] = left
    rest += left * left
  }
  return rest
}
