// Power schedules, the linear one among them.
import { describe, expect, it } from 'vitest'
import { power } from '../../src/schedule/index.ts'
import { conforms } from './schedule.conformance.ts'

describe('power()', () => {
  describe.each([1, 2, 3, 4, 5, 6, 7, 2.5])('exponent %f', exponent => conforms(power({ exponent })))

  it('`power()` is u^p, and linear by default', () => {
    const linear = power()
    for (const u of [0, 0.1, 1 / 3, 0.9]) {
      expect([linear.time(u), linear.coordinate(u), linear.slope(u)]).toEqual([u, u, 1])
      for (const exponent of [2, 5, 7, 3.3]) {
        expect(power({ exponent }).time(u)).toBeCloseTo(u ** exponent, 15)
        expect(power({ exponent }).slope(u)).toBeCloseTo(exponent * u ** (exponent - 1), 14)
      }
    }
  })

  it('`power()` refuses exponents below 1, above 64 or none', () => {
    for (const exponent of [0.5, 65, Number.NaN, '3' as unknown as number])
      expect(() => power({ exponent })).toThrow(
        'Cannot build the power schedule: the exponent must be in [1, 64]',
      )
  })
})
