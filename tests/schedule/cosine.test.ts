// The cosine schedule against its printed formula.
import { describe, expect, it } from 'vitest'
import { cosine } from '../../src/schedule/index.ts'
import { conforms } from './schedule.conformance.ts'

describe('cosine()', () => {
  describe.each([0, 0.008, 0.3, 1])('offset %f', offset => conforms(cosine({ offset })))

  it('`cosine()` is 1 - ᾱ of its formula, offset 0.008 by default', () => {
    const share = (u: number) => Math.cos((((u + 0.008) / 1.008) * Math.PI) / 2) ** 2
    for (let u = 0; u <= 1; u += 1 / 64) expect(cosine().time(u)).toBeCloseTo(1 - share(u) / share(0), 14)
  })

  it('`cosine()` comes to rest at u = 1', () => {
    expect(cosine().slope(1)).toBe(0)
    expect(cosine().slope(0.5)).toBeGreaterThan(1)
  })

  it('`cosine()` refuses offsets outside [0, 1]', () => {
    for (const offset of [-0.1, 1.1, Number.NaN])
      expect(() => cosine({ offset })).toThrow(
        'Cannot build the cosine schedule: the offset must be in [0, 1]',
      )
  })
})
