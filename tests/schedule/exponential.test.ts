// The exponential schedule.
import { describe, expect, it } from 'vitest'
import { exponential } from '../../src/schedule/index.ts'
import { conforms } from './schedule.conformance.ts'

describe('exponential()', () => {
  describe.each([1e-5, 1e-9, 0.3])('start %f', start => conforms(exponential({ start })))

  it('`exponential()` spends the same stretch of u on every decade, from 1e-5 by default', () => {
    const { time, coordinate } = exponential()
    for (let decade = 0; decade <= 5; decade++) {
      expect(time(1 - decade / 5) / 10 ** -decade).toBeCloseTo(1, 13)
      expect(coordinate(10 ** -decade)).toBeCloseTo(1 - decade / 5, 13)
    }
  })

  it('`exponential()` refuses a start that is no time before the end', () => {
    for (const start of [0, 1, 1e-301, Number.NaN])
      expect(() => exponential({ start })).toThrow(
        'Cannot build the exponential schedule: the start must be in',
      )
  })
})
