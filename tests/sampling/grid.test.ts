// Time grids: ends, evenness, and what they do on lattices that are too small for them.
import { describe, expect, it } from 'vitest'
import { lattice, periodic } from '../../src/lattice/index.ts'
import { spatial } from '../../src/process/index.ts'
import { type GridOptions, grid } from '../../src/sampling/index.ts'
import { exponential } from '../../src/schedule/index.ts'

const process = spatial({ lattice: lattice([3], periodic), rate: 120 })
const times = (options: GridOptions & { calls: number }) =>
  Array.from({ length: options.calls + 1 }, (_, k) => grid(options).time(process, k))

describe('grid()', () => {
  it.each([0.5, 1, 1.6])(
    'goes from t = 1 to the smallest tau along k^%s in log tau, and ends with 0',
    bend => {
      const list = times({ calls: 9, smallest: 0.05, bend })
      expect(list[0]).toBe(1)
      expect(list[8] * 120).toBeCloseTo(0.05, 12)
      expect(list[9]).toBe(0)
      for (let k = 1; k < 9; k++)
        expect(Math.log(list[k]) / Math.log(list[8])).toBeCloseTo((k / 8) ** bend, 12)
    },
  )

  it('is even in the coordinate of a schedule, down to its first time', () => {
    const schedule = exponential({ start: 1e-3 })
    const list = times({ calls: 4, schedule })
    for (let k = 0; k < 4; k++) expect(list[k]).toBeCloseTo(10 ** -k, 12)
    expect(list[4]).toBe(0)
  })

  it('starts at 1 with a single call', () => {
    expect(times({ calls: 1 })).toEqual([1, 0])
    expect(times({ calls: 1, schedule: exponential() })).toEqual([1, 0])
  })

  it('goes down to a hundredth where the first tau is below the smallest', () => {
    expect(times({ calls: 2, smallest: 500 })[1]).toBeCloseTo(0.01, 14)
  })

  it('refuses impossible options', () => {
    for (const options of [{ calls: 0 }, { calls: 1.5 }, { smallest: 0 }, { bend: 0 }, { bend: 9 }])
      expect(() => grid(options)).toThrow(RangeError)
  })
})
