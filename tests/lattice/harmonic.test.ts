// Estimates of what a hole holds, and integers shared exactly.
import { describe, expect, it } from 'vitest'
import { below, random } from '../../src/base/random.ts'
import { harmonic, lattice, portions, region } from '../../src/lattice/index.ts'

const hole = (shape: number[], inside: (y: number, x: number) => boolean) =>
  Array.from({ length: shape[0] * shape[1] }, (_, i) =>
    inside(Math.floor(i / shape[1]), i % shape[1]) ? 1 : 0,
  )

describe('harmonic()', () => {
  it('of a hole in an even slope is the slope', () => {
    const shape = [11, 13]
    const slope = Float64Array.from({ length: 143 }, (_, i) => 3 + 2 * Math.floor(i / 13) + 5 * (i % 13))
    const open = hole(shape, (y, x) => (y - 5) ** 2 + (x - 6) ** 2 < 12)
    const values = harmonic(region(lattice(shape, 'no-flux'), open), slope, 0)
    slope.forEach((n, x) => {
      expect(values[x]).toBeCloseTo(n, 3)
    })
  })

  it('takes each part by itself, single sites as the mean of their neighbours', () => {
    const known = Float64Array.of(1, 9, 2, 9, 5, 9, 3, 9, 4)
    const open = [0, 1, 0, 0, 0, 0, 1, 0, 0]
    const values = harmonic(region(lattice([3, 3], 'no-flux'), open), known, 0)
    expect(values[1]).toBeCloseTo((1 + 2 + 5) / 3, 5)
    expect(values[6]).toBeCloseTo(9, 5)
    expect(values[4]).toBe(5)
  })

  it('knows of an image without anything known what it is told', () => {
    const all = region(lattice([4, 4], 'no-flux'), new Uint8Array(16).fill(1))
    expect([...harmonic(all, new Float64Array(16), 2.5)]).toEqual(new Array(16).fill(2.5))
  })
})

describe('portions()', () => {
  it('sum to the whole, and differ from the fair shares by less than 1', () => {
    const rng = random(1)
    for (let trial = 0; trial < 500; trial++) {
      const weights = Array.from({ length: 1 + below(rng, 30) }, () =>
        rng.uniform() < 0.2 ? 0 : rng.uniform() ** 4,
      )
      const total = weights.reduce((sum, weight) => sum + weight, 0)
      const whole = below(rng, 100_000)
      const parts = portions(whole, weights)
      expect(parts.reduce((sum, part) => sum + part, 0)).toBe(whole)
      parts.forEach((part, i) => {
        const fair = total > 0 ? (whole * weights[i]) / total : whole / weights.length
        expect(Math.abs(part - fair)).toBeLessThan(1 + 1e-6)
        expect(Number.isInteger(part)).toBe(true)
      })
    }
  })
})
