// The default sampler: its law, its order, and what its parts are good for.
import { describe, expect, it } from 'vitest'
import { hopRate, lattice, noFlux, periodic } from '../../src/lattice/index.ts'
import { leap } from '../../src/sampling/index.ts'
import { distance, order } from './one-unit.ts'
import { solverConformance } from './solver.conformance.ts'

solverConformance('leap()', { exact: leap({ calls: 64, smallest: 0.02 }), quick: leap({ calls: 5 }) })
solverConformance('leap() of the whole reverse walk', {
  exact: leap({ calls: 64, smallest: 0.02, churn: 1, substeps: 12 }),
  quick: leap({ calls: 1, churn: 1 }),
})
solverConformance('leap() of the net flow', {
  exact: leap({ calls: 64, smallest: 0.02, churn: 0 }),
  quick: leap({ calls: 3, churn: 0 }),
})

const places = [
  ['a ring', { lattice: lattice([6], periodic), image: [5, 0, 1, 3, 0, 0] }],
  ['walls', { lattice: lattice([6], noFlux), image: [5, 0, 1, 3, 0, 0] }],
  ['a box', { lattice: lattice([4, 3], noFlux), image: [5, 0, 1, 3, 0, 0, 2, 0, 7, 0, 0, 4] }],
] as const

describe('leap()', () => {
  it.each(places)(
    'is of second order in its calls on %s, and of first with frozen rates',
    async (_, place) => {
      // To where the units are still on their way: the end has an error of its own.
      const until = 0.1
      const orders = []
      for (const momentum of [1, 0]) {
        const points = []
        for (const calls of [9, 17, 33]) {
          const rate = 0.1 * hopRate(place.lattice)
          points.push(
            await distance(leap({ calls, smallest: rate, momentum, substeps: 48 }), { ...place, until }),
          )
        }
        orders.push(order(points))
      }
      expect(orders[0]).toBeGreaterThan(1.6)
      expect(orders[1]).toBeGreaterThan(0.8)
      expect(orders[1]).toBeLessThan(1.3)
    },
  )

  it.each(places)(
    'comes within 1 % of the law in 12 calls on %s, where frozen rates are off by 5 %',
    async (_, place) => {
      expect((await distance(leap({ calls: 12 }), place)).error).toBeLessThan(0.01)
      expect(
        (await distance(leap({ calls: 12, momentum: 0, substeps: 1, churn: 1 }), place)).error,
      ).toBeGreaterThan(0.05)
    },
  )

  it('refuses impossible options', () => {
    expect(() => leap({ calls: 0 })).toThrow(
      'Cannot build the time grid: the number of calls must be an integer >= 1, got 0',
    )
    expect(() => leap({ substeps: 0 })).toThrow(RangeError)
    expect(() => leap({ churn: 1.5 })).toThrow(RangeError)
    expect(() => leap({ momentum: -1 })).toThrow(RangeError)
    expect(() => leap({ smallest: 0 })).toThrow(RangeError)
  })
})
