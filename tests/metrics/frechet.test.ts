// The Fréchet distance against scipy, and against what it must be.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { frechet, moments } from '../../src/metrics/frechet.ts'
import { distanceOfHistograms, histogramOf } from '../../src/metrics/histogram.ts'

const cases = JSON.parse(readFileSync(new URL('./vectors/frechet.json', import.meta.url), 'utf8')) as {
  dimensions: number
  a: number[]
  b: number[]
  distance: number
}[]

describe('frechet()', () => {
  it.each(cases)(
    'equals the distance by scipy in $dimensions dimensions',
    ({ dimensions, a, b, distance }) => {
      // Five vectors in four dimensions leave a covariance that is all but singular.
      expect(frechet(moments(a, dimensions), moments(b, dimensions))).toBeCloseTo(distance, 6)
    },
  )

  it('is 0 for a cloud against itself and symmetric otherwise', () => {
    const [{ dimensions, a, b }] = cases
    const [one, two] = [moments(a, dimensions), moments(b, dimensions)]
    expect(frechet(one, one)).toBeLessThan(1e-9)
    expect(frechet(one, two)).toBeCloseTo(frechet(two, one), 9)
  })

  it('is the squared length of a shift', () => {
    const rng = random(5)
    const cloud = Float64Array.from({ length: 300 }, () => rng.uniform())
    const moved = cloud.map((value, i) => value + [3, 0, -4][i % 3])
    expect(frechet(moments(cloud, 3), moments(moved, 3))).toBeCloseTo(25, 9)
  })

  it('refuses clouds of one vector and of unlike dimensions', () => {
    expect(() => moments([1, 2, 3], 3)).toThrow('Cannot measure the features: their number must be')
    expect(() => frechet(moments([1, 2, 3, 4], 2), moments([1, 2, 3, 4], 1))).toThrow(
      'Cannot compare features',
    )
  })
})

describe('histogramOf()', () => {
  it('gives the share of every count, and the distance their total variation', () => {
    const a = histogramOf([0, 0, 1, 3])
    expect([...a]).toEqual([0.5, 0.25, 0, 0.25])
    expect(distanceOfHistograms(a, histogramOf([0, 0, 1, 3]))).toBe(0)
    expect(distanceOfHistograms(a, histogramOf([2, 2]))).toBe(1)
    expect(distanceOfHistograms(a, histogramOf([0, 0, 0, 5]))).toBeCloseTo(0.5, 12)
  })
})
