// Ancestral steps: their law, and when they are of use.
import { describe, expect, it } from 'vitest'
import { hopRate, lattice, noFlux, periodic } from '../../src/lattice/index.ts'
import { bridge } from '../../src/sampling/index.ts'
import { distance } from './one-unit.ts'
import { solverConformance } from './solver.conformance.ts'

solverConformance('bridge()', {
  exact: bridge({ calls: 300, until: 2, bend: 0, spread: 1, smallest: 0.003 }),
  quick: bridge({ calls: 4 }),
})

describe('bridge()', () => {
  it('is better than leaps at frozen rates while structure is many sites wide', async () => {
    const image = Array.from({ length: 40 }, (_, x) => Math.max(0, 6 - Math.abs(x - 12)))
    const grid = lattice([40], periodic)
    const place = { lattice: grid, image, until: 1 / hopRate(grid) }
    const bridges = await distance(bridge({ calls: 9, smallest: 1 }), place)
    const leaps = await distance(bridge({ calls: 9, smallest: 1, until: Number.POSITIVE_INFINITY }), place)
    expect(bridges.error).toBeLessThan(0.9 * leaps.error)
  })

  it('refuses impossible options', () => {
    expect(() => bridge({ spread: 2 })).toThrow(RangeError)
    expect(() => bridge({ until: 0 })).toThrow(RangeError)
    expect(() => bridge({ bend: -1 })).toThrow(RangeError)
  })

  it('works between walls too', async () => {
    const place = { lattice: lattice([6], noFlux), image: [5, 0, 1, 3, 0, 0] }
    expect((await distance(bridge({ calls: 64 }), place)).error).toBeLessThan(0.08)
  })
})
