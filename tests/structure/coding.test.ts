import { describe, expect, it } from 'vitest'
import { labelsOf } from '../../src/structure/coding.ts'
import { otsu } from '../../src/structure/otsu.ts'

describe('labelsOf', () => {
  it('`labelsOf()` says which value became which label, where that is not the same', () => {
    expect(labelsOf(Uint8Array.of(0, 3, 15), {}, 'read a')).toEqual({ data: Uint8Array.of(0, 3, 15) })
    expect(labelsOf(Uint8Array.of(0, 255), {}, 'read a')).toEqual({
      data: Uint8Array.of(0, 1),
      values: [0, 255],
    })
    expect(labelsOf(Int16Array.of(-5, 700, 20), { levels: [700, -5, 20] }, 'read a')).toEqual({
      data: Uint8Array.of(1, 0, 2),
      values: [700, -5, 20],
    })
    expect(labelsOf(Float32Array.of(0, 2, 1), {}, 'read a')).toEqual({ data: Uint8Array.of(0, 2, 1) })
    expect(labelsOf(Uint8Array.of(9, 10, 11), { threshold: 10 }, 'read a')).toEqual({
      data: Uint8Array.of(0, 1, 1),
    })
  })

  it("`labelsOf()` offers Otsu's threshold for grey values, and does not apply it", () => {
    const grey = Uint16Array.from({ length: 1000 }, (_, i) => (i % 4 === 0 ? 900 : 12_000) + ((i * 7) % 100))
    expect(() => labelsOf(grey, {}, 'read rock.tif')).toThrow(
      /^Cannot read rock\.tif: its values must be labels .* --threshold T, Otsu's would be \d+, or --levels .*, got "100 different values from 900 to 12099"$/,
    )
    expect(() => labelsOf(Float32Array.of(Number.NaN, Number.NaN), {}, 'read a')).toThrow(
      '--threshold T or --levels',
    )
    // The same level given for all labels leaves none to be guessed.
    expect(() => labelsOf(Uint8Array.of(1, 7), { levels: [0, 1] }, 'read a')).toThrow(
      'its values must be among those of --levels (0, 1), got "1, 7"',
    )
  })
})

describe('otsu', () => {
  it('`otsu()` has the largest variance between the parts, against trying all thresholds', () => {
    for (let round = 0; round < 5; round++) {
      const values = Uint8Array.from({ length: 400 }, (_, i) =>
        i % 3 === 0 ? 40 + ((i * (7 + round)) % 60) : 150 + ((i * 13) % (30 + 20 * round)),
      )
      const between = (threshold: number) => {
        const [low, high] = [[...values].filter(v => v < threshold), [...values].filter(v => v >= threshold)]
        const mean = (list: number[]) => list.reduce((sum, v) => sum + v, 0) / list.length
        return low.length * high.length * (mean(low) - mean(high)) ** 2 || 0
      }
      const best = Math.max(...Array.from({ length: 256 }, (_, threshold) => between(threshold)))
      expect(between(otsu(values)!)).toBeCloseTo(best, 3)
    }
  })

  it('`otsu()` parts two peaks in the middle, of whole numbers and of others', () => {
    expect(otsu(Uint8Array.of(10, 10, 10, 201))).toBe(106)
    expect(otsu(Int16Array.of(-300, -300, 299))).toBe(0)
    const reals = Float32Array.from({ length: 200 }, (_, i) => (i % 2 ? 0.8 : 0.2) + 1e-4 * (i % 10))
    expect(otsu(reals)).toBeGreaterThan(0.4)
    expect(otsu(reals)).toBeLessThan(0.6)
    expect(otsu(Float64Array.of(0, 1e9, Number.NaN))).toBeCloseTo(5e8, -8)
    expect(otsu(Uint8Array.of(7, 7))).toBeUndefined()
  })
})
