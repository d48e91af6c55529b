/**
 * Conjugate gradients preconditioned by multigrid. The cycle is not quite linear, hence the flexible form
 * of Polak and Ribière (Notay 2000, SIAM J. Sci. Comput. 22, 1444–1460).
 */
import { InvariantError } from '../base/errors.ts'
import { dot, type Graph, multiply, residual } from './graph.ts'
import { cycle, multigrid } from './multigrid.ts'
import type { Work } from './work.ts'

export interface Solve {
  /** The first guess, and afterwards the solution. */
  readonly x: Float64Array
  readonly b: Float64Array
  /** Called after every step with the energy ‖Δx‖²_A that it took off the error; true ends the iteration. */
  converged(gain: number, residual: Float64Array): boolean
}

const most = 1000

/**
 * Solves A x = b, x in place; returns the number of steps.
 * @throws InvariantError after 1000 steps: a dozen or two are usual
 */
export function* conjugateGradients(graph: Graph, { x, b, converged }: Solve): Work<number> {
  const grid = multigrid(graph)
  yield 0
  const { size } = graph
  const r = new Float64Array(size)
  const last = new Float64Array(size)
  const z = new Float64Array(size)
  const p = new Float64Array(size)
  const q = new Float64Array(size)
  residual(graph, x, b, r)
  let before = 0
  for (let step = 0; step < most; step++) {
    if (dot(r, r) === 0) return step
    cycle(grid, r, z)
    const now = dot(r, z)
    const beta = before === 0 ? 0 : (now - dot(last, z)) / before
    for (let i = 0; i < size; i++) p[i] = z[i] + beta * p[i]
    const slope = dot(p, r)
    const energy = multiply(graph, p, q)
    // Nothing is left but rounding.
    if (!(slope > 0 && energy > 0)) return step
    const alpha = slope / energy
    last.set(r)
    for (let i = 0; i < size; i++) {
      x[i] += alpha * p[i]
      r[i] -= alpha * q[i]
    }
    before = now
    if (converged(alpha * slope, r)) return step + 1
    yield 0
  }
  throw new InvariantError(`The diffusion equation of ${size} sites has not converged in ${most} steps`)
}
