import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { kolmogorovSmirnov } from '../../src/metrics/kolmogorov.ts'

interface Vectors {
  cases: { a: number[]; b: number[]; statistic: number; p: number }[]
  limits: { x: number; p: number }[]
}

const { cases, limits }: Vectors = JSON.parse(
  readFileSync(new URL('vectors/kolmogorov.json', import.meta.url), 'utf8'),
)

describe('kolmogorovSmirnov', () => {
  it("`kolmogorovSmirnov()` has scipy's exact statistics and p-values", () => {
    for (const { a, b, statistic, p } of cases) {
      const found = kolmogorovSmirnov(a, b)
      expect(found.statistic).toBeCloseTo(statistic, 12)
      expect(Math.abs(found.p / p - 1), `${a.length} and ${b.length}`).toBeLessThan(1e-9)
      expect(kolmogorovSmirnov(b, a).p).toBeCloseTo(found.p, 12)
    }
  })

  it("`kolmogorovSmirnov()` of large samples has Kolmogorov's limit law", () => {
    // Two grids that differ by `steps` of their points: D = steps / n, λ = D √(n/2).
    const n = 1_000_000
    for (const { x, p } of limits) {
      const steps = Math.round(x * Math.sqrt(2 * n))
      const a = Float64Array.from({ length: n }, (_, i) => i)
      const b = a.map(value => value + steps - 0.5)
      const found = kolmogorovSmirnov(a, b)
      expect(found.statistic).toBeCloseTo(steps / n, 12)
      expect(found.p).toBeCloseTo(p, 3)
    }
  })

  it('`kolmogorovSmirnov()` tells equal samples from disjoint ones, and takes infinite values', () => {
    expect(kolmogorovSmirnov([3, 1, 2], [1, 2, 3])).toEqual({ statistic: 0, p: 1 })
    // Of all 20 orders of 3 and 3 two are as far apart.
    expect(kolmogorovSmirnov([1, 2, 3], [4, 5, Infinity])).toEqual({
      statistic: 1,
      p: expect.closeTo(0.1, 12),
    })
    expect(kolmogorovSmirnov([Infinity, Infinity, 1], [1, Infinity, Infinity]).p).toBe(1)
    expect(() => kolmogorovSmirnov([], [1])).toThrow('the samples must be not empty, got 0')
    expect(() => kolmogorovSmirnov([NaN], [1])).toThrow('the values must be numbers, got NaN')
  })

  it('`kolmogorovSmirnov()` of one law gives p below 0.05 about once in twenty', () => {
    const rng = random(8)
    const draw = (length: number) => Float64Array.from({ length }, () => rng.uniform())
    let few = 0
    for (let i = 0; i < 2000; i++) if (kolmogorovSmirnov(draw(40), draw(50)).p < 0.05) few++
    // Discrete: P(p < 0.05) is below 0.05, and above 0.03 for these sizes. Five deviations of 9.7.
    expect(few).toBeLessThan(100 + 50)
    expect(few).toBeGreaterThan(60 - 45)
  })
})
