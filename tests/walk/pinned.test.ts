// The walk between two ends that are known.
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { lattice } from '../../src/lattice/index.ts'
import { latticeWalk } from '../../src/walk/lattice-walk.ts'
import { pinnedWalk } from '../../src/walk/pinned.ts'
import { chiSquareP } from '../base/chi-square.ts'

describe('pinnedWalk()', () => {
  it('places units as k_before(z|from) k_after(to|z) says', () => {
    const grid = lattice([4, 3], ['periodic', 'no-flux'])
    const walk = latticeWalk(grid)
    const [before, after, units] = [0.3, 0.7, 40_000]
    const row = (site: number, tau: number) => {
      const field = new Float64Array(12)
      field[site] = 1
      walk.spread(field, tau, field)
      return field
    }
    for (const [from, to] of [
      [0, 11],
      [4, 4],
    ]) {
      const counts = new Int32Array(12)
      pinnedWalk(grid).place(new Int32Array(units).fill(from), new Int32Array(units).fill(to), {
        before,
        after,
        random: random(3),
        counts,
      })
      const [a, b] = [row(from, before), row(to, after)]
      const law = a.map((p, z) => p * b[z])
      const sum = law.reduce((s, p) => s + p)
      expect(
        chiSquareP(
          [...counts],
          [...law].map(p => (units * p) / sum),
        ),
      ).toBeGreaterThan(1e-8)
    }
  })

  it('places units that are too far apart for the time between the two', () => {
    const counts = new Int32Array(200)
    const grid = lattice([200], 'no-flux')
    pinnedWalk(grid).place(Int32Array.of(0), Int32Array.of(199), {
      before: 1e-9,
      after: 1e-9,
      random: random(1),
      counts,
    })
    expect(counts.reduce((a, b) => a + b)).toBe(1)
  })
})
