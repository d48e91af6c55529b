// Structural similarity against an independent computation, and the laws of its formula.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { type SimilarityOptions, ssim } from '../../src/metrics/ssim.ts'

interface Case {
  options: SimilarityOptions
  a: number[]
  b: number[]
  ssim: number
}

const cases: Case[] = JSON.parse(readFileSync(new URL('./vectors/ssim.json', import.meta.url), 'utf8'))

describe('ssim()', () => {
  it.each(cases)('`ssim()` is the full-window computation: $options', ({ options, a, b, ssim: wanted }) => {
    expect(Math.abs(ssim(Int32Array.from(a), Int32Array.from(b), options) - wanted)).toBeLessThan(1e-12)
  })

  it('`ssim()` takes the window of the 2004 paper unless told otherwise: 11 sites, deviation 1.5', () => {
    const published = cases.filter(({ options }) => options.window === 'gaussian' && options.width === 11)
    expect(published.length).toBe(4)
    for (const { options, a, b, ssim: wanted } of published)
      expect(ssim(a, b, { shape: options.shape })).toBeCloseTo(wanted, 12)
  })

  it('`ssim()` of an image with itself is 1, and symmetric at a given range', () => {
    const { a, b, options } = cases[4]
    expect(ssim(a, a, options)).toBe(1)
    expect(ssim(a, b, { ...options, range: 20 })).toBeCloseTo(ssim(b, a, { ...options, range: 20 }), 14)
    expect(ssim(a, b, options)).toBeLessThan(0.95)
  })

  it('`ssim()` of two flat images compares their brightness alone', () => {
    const flat = (value: number) => new Int32Array(400).fill(value)
    const c1 = 0.01 ** 2
    const wanted = (2 * 3 * 5 + c1) / (3 * 3 + 5 * 5 + c1)
    expect(ssim(flat(3), flat(5), { shape: [20, 20] })).toBeCloseTo(wanted, 12)
    expect(ssim(flat(0), flat(0), { shape: [20, 20] })).toBe(1)
    // Nothing is lost on large counts: their squares, 1e14, do not hide a constant of 1e-3.
    expect(ssim(flat(1e7), flat(1e7 + 1), { shape: [20, 20] })).toBeCloseTo(1, 10)
  })

  it('`ssim()` averages over planes, with one range for all', () => {
    const { a, b, options } = cases[3]
    const range = Math.max(...a) - Math.min(...a)
    const both = ssim([...a, ...b], [...b, ...b], { ...options, range })
    expect(both).toBeCloseTo((ssim(a, b, { ...options, range }) + 1) / 2, 14)
  })

  it('`ssim()` falls as noise grows', () => {
    const rng = random(3)
    const clean = Int32Array.from({ length: 784 }, (_, i) => (Math.floor(i / 28) % 8 < 4 ? 40 : 5))
    const values = [0, 2, 5, 10, 20].map(noise =>
      ssim(
        clean,
        clean.map(v => v + Math.round(noise * (2 * rng.uniform() - 1))),
        { shape: [28, 28] },
      ),
    )
    for (let i = 1; i < values.length; i++) expect(values[i]).toBeLessThan(values[i - 1])
  })

  it('`ssim()` refuses images and windows that do not fit', () => {
    const four = [1, 2, 3, 4]
    expect(() => ssim(four, [1, 2], { shape: [4] })).toThrow(
      'Cannot compare two images: their sizes must be equal, 4',
    )
    expect(() => ssim(four, four, { shape: [3] })).toThrow('their size must be a multiple of 3, got 4')
    expect(() => ssim(four, four, { shape: [4], width: 4 })).toThrow(
      'the width must be an odd integer > 0, got 4',
    )
    expect(() => ssim(four, four, { shape: [4], range: 0 })).toThrow(
      'the range must be > 0 and finite, got 0',
    )
    expect(() => ssim(four, four, { shape: [4], deviation: 0 })).toThrow('the deviation must be > 0, got 0')
  })
})
