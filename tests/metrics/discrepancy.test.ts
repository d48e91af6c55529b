// Discrepancies of sets: 0 of a set with itself, and what the kernels say of two points.
import { describe, expect, it } from 'vitest'
import { discrepancy, gaussianKernel, moverKernel } from '../../src/metrics/index.ts'

describe('discrepancy()', () => {
  it('is 0 of a set with itself, and 2 - 2k of two points', () => {
    const kernel = gaussianKernel(2)
    const set = [
      [0, 1],
      [3, 2],
      [5, 5],
    ]
    expect(discrepancy(set, set, kernel)).toBeCloseTo(0, 12)
    expect(discrepancy([[0, 0]], [[3, 4]], kernel)).toBeCloseTo(2 - 2 * Math.exp(-25 / 8), 12)
  })

  it('moves earth over the bins between', () => {
    const kernel = moverKernel({ width: 0.5, sigma: 1 })
    // Half of the earth goes three bins, 1.5 wide.
    expect(kernel([0.5, 0.5], [0.5, 0, 0, 0, 0.5])).toBeCloseTo(Math.exp(-(0.75 ** 2) / 2), 12)
    expect(kernel([1], [1, 0, 0])).toBe(1)
  })
})
