// The test of the tests.
import { describe, expect, it } from 'vitest'
import { chiSquareP, gammaQ } from './chi-square.ts'
import vectors from './vectors/draws.json' with { type: 'json' }

describe('chiSquareP', () => {
  it('`gammaQ()` agrees with scipy over both tails', () => {
    for (const { freedom, x, p } of vectors.chiSquare)
      expect(Math.abs(gammaQ(freedom / 2, x / 2) / p - 1), `${freedom} degrees at ${x}`).toBeLessThan(1e-10)
  })

  it('`chiSquareP()` knows a worked case: four throws in three boxes', () => {
    // (20−16)²/16 + (10−16)²/16 + (18−16)²/16 = 3.5 with 2 degrees: p = e^−1.75
    expect(chiSquareP([20, 10, 18], [16, 16, 16])).toBeCloseTo(Math.exp(-1.75), 12)
  })

  it('`chiSquareP()` pools bins that expect less than 5 with their neighbours', () => {
    expect(chiSquareP([20, 4, 6, 18, 0], [16, 8, 8, 15, 1])).toBeCloseTo(
      gammaQ(1.5, (16 / 16 + 16 / 8 + 4 / 8 + 4 / 16) / 2),
      12,
    )
    expect(chiSquareP([1, 2, 2, 12, 12], [1, 1, 3, 12, 12])).toBe(1)
  })

  it('`chiSquareP()` gives 0 to what cannot happen, and refuses totals that differ', () => {
    expect(chiSquareP([100, 1, 99], [100, 0, 100])).toBe(0)
    expect(() => chiSquareP([100, 100], [100, 101])).toThrow('expected')
    expect(() => chiSquareP([1, 1], [1, 1])).toThrow('too few')
  })
})
