// The Sobol sequence: the numbers of scipy.stats.qmc.Sobol, and what scrambling must leave.
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { mostAxes, sobol } from '../../src/base/sobol.ts'

describe('sobol()', () => {
  it('is that of SciPy 1.17, scramble=False, on ten axes', () => {
    const point = sobol(10)
    expect([0, 1, 2, 3].map(point)).toEqual([
      Array(10).fill(0),
      Array(10).fill(1 / 2),
      [0.75, 0.25, 0.25, 0.25, 0.75, 0.75, 0.25, 0.75, 0.75, 0.75],
      [0.25, 0.75, 0.75, 0.75, 0.25, 0.25, 0.75, 0.25, 0.25, 0.25],
    ])
    const times = (factor: number, i: number) => point(i).map(x => x * factor)
    expect(times(16, 4)).toEqual([6, 6, 10, 14, 6, 2, 6, 14, 14, 10])
    expect(times(16, 15)).toEqual([1, 15, 9, 5, 11, 3, 13, 5, 5, 11])
    expect(times(1024, 777)).toEqual([709, 959, 167, 281, 651, 365, 195, 781, 357, 331])
    expect(times(1024, 1000)).toEqual([225, 99, 531, 693, 287, 929, 47, 921, 513, 71])
  })

  it('has one of 2^m points in every interval of 2^-m of an axis, and in every dyadic box of the first two, scrambled or not', () => {
    for (const seed of [undefined, 1, 2]) {
      const stream = random(seed ?? 0)
      const keys = seed === undefined ? undefined : Array.from({ length: mostAxes }, () => stream.u32())
      const points = Array.from({ length: 64 }, (_, i) => sobol(mostAxes, keys)(i))
      for (let axis = 0; axis < mostAxes; axis++)
        expect(new Set(points.map(point => Math.floor(64 * point[axis]))).size).toBe(64)
      for (let split = 0; split <= 6; split++) {
        const boxes = points.map(
          ([x, y]) => `${Math.floor(2 ** split * x)} ${Math.floor(2 ** (6 - split) * y)}`,
        )
        expect(new Set(boxes).size).toBe(64)
      }
    }
  })

  it('is another one for every key, and uniform on its own', () => {
    const [one, other] = [sobol(1, [1]), sobol(1, [2])]
    expect([0, 1, 2].map(one)).not.toEqual([0, 1, 2].map(other))
    // The mean of the first point over 4,000 keys: uniform has 0.289 / 63.
    const stream = random(7)
    const firsts = Array.from({ length: 4000 }, () => sobol(1, [stream.u32()])(0)[0])
    expect(Math.abs(firsts.reduce((a, b) => a + b) / 4000 - 0.5)).toBeLessThan(5.5 * 0.00457)
  })

  it('refuses axes that it has no directions for', () => {
    expect(() => sobol(11)).toThrow('Cannot draw points: the axes must be from 1 to 10, got 11')
    expect(() => sobol(0)).toThrow(RangeError)
    expect(() => sobol(2)(-1)).toThrow(RangeError)
  })
})
