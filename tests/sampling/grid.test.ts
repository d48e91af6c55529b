// Time grids: ends, evenness, and what they do on lattices that are too small for them.
import { describe, expect, it } from 'vitest'
import { lattice, periodic } from '../../src/lattice/index.ts'
import { spatial } from '../../src/process/index.ts'
import { grid } from '../../src/sampling/index.ts'

const process = spatial({ lattice: lattice([3], periodic), rate: 120 })
const times = (options: { calls: number; smallest: number; bend: number }) =>
  Array.from({ length: options.calls + 1 }, (_, k) => grid(options).time(process, k))

describe('grid()', () => {
  it.each([0, 0.3, 0.5, 1])('is even in tau^%s from t = 1 to the smallest tau, and ends with 0', bend => {
    const list = times({ calls: 9, smallest: 0.05, bend })
    expect(list[0]).toBe(1)
    expect(list[8] * 120).toBeCloseTo(0.05, 12)
    expect(list[9]).toBe(0)
    const coordinates = list.slice(0, 9).map(t => (bend === 0 ? Math.log(t) : (120 * t) ** bend))
    const step = (coordinates[8] - coordinates[0]) / 8
    coordinates.forEach((c, k) => {
      expect(c).toBeCloseTo(coordinates[0] + k * step, 10)
    })
  })

  it('starts at 1 with a single call', () => {
    expect(times({ calls: 1, smallest: 0.05, bend: 0.3 })).toEqual([1, 0])
  })

  it('goes down to a hundredth where the first tau is below the smallest', () => {
    expect(times({ calls: 2, smallest: 500, bend: 0 })[1]).toBeCloseTo(0.01, 14)
  })
})
