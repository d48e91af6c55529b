// The product kernel against the matrix exponential of the whole lattice, built from its neighbours alone.
import { describe, expect, it } from 'vitest'
import {
  directions,
  kernels,
  type Lattice,
  lattice,
  neighbours,
  spread,
  transition,
} from '../../src/lattice/index.ts'

/** Row `from` of exp(tau A), A of the whole lattice, as a sum over the number of jumps (all terms positive). */
function walk(lattice: Lattice, tau: number, from: number): Float64Array {
  const reached = neighbours(lattice)
  const jumps = directions(lattice)
  const law = new Float64Array(lattice.size)
  let now = new Float64Array(lattice.size)
  now[from] = 1
  let weight = Math.exp(-jumps * tau)
  for (let n = 0; n < 60 + 8 * jumps * tau; n++) {
    const next = new Float64Array(lattice.size)
    for (let x = 0; x < lattice.size; x++) {
      law[x] += weight * now[x]
      for (let j = 0; j < jumps; j++) {
        const y = reached[j * lattice.size + x]
        next[y < 0 ? x : y] += now[x] / jumps
      }
    }
    now = next
    weight *= (jumps * tau) / (n + 1)
  }
  return law
}

describe('transition()', () => {
  it.each([
    ['2-D periodic', lattice([4, 5], 'periodic')],
    ['2-D no-flux', lattice([3, 5], 'no-flux')],
    ['3-D of mixed boundaries', lattice([2, 4, 3], ['periodic', 'no-flux', 'periodic'])],
    ['1-D', lattice([9], 'no-flux')],
    ['with an axis of one site', lattice([5, 1], 'no-flux')],
  ])('`transition()` is the exponential of the walk over `neighbours()`: %s', (_, grid) => {
    for (const tau of [0.01, 0.6, 4]) {
      const tables = kernels(grid).map(axis => axis.at(tau))
      for (const from of [0, 3, grid.size - 1]) {
        const wanted = walk(grid, tau, from)
        for (let to = 0; to < grid.size; to++)
          expect(Math.abs(transition(grid, tables, { from, to }) / wanted[to] - 1)).toBeLessThan(1e-13)
      }
    }
  })

  it('`spread()` is the whole row of `transition()`', () => {
    const grid = lattice([3, 4, 5], ['no-flux', 'periodic', 'no-flux'])
    const tables = kernels(grid).map(axis => axis.at(0.7))
    const out = new Float64Array(grid.size)
    for (const from of [0, 31, 59]) {
      expect(spread(grid, tables, from, out)).toBe(out)
      for (let to = 0; to < grid.size; to++)
        expect(Math.abs(out[to] / transition(grid, tables, { from, to }) - 1)).toBeLessThan(1e-15)
      expect(out.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 14)
    }
  })
})
