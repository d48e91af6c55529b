// Whole numbers nearest to a field, against a search through all.
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { nearestIntegers } from '../../src/walk/integers.ts'

/** The least sum of squared differences of whole numbers 0 … most of that sum. */
function least(field: ArrayLike<number>, total: number, most: number): number {
  let best = [0, ...new Array<number>(total).fill(Infinity)]
  for (let x = 0; x < field.length; x++) {
    const next = new Array<number>(total + 1).fill(Infinity)
    for (let have = 0; have <= total; have++)
      for (let n = 0; n <= Math.min(most, have); n++)
        next[have] = Math.min(next[have], best[have - n] + (n - field[x]) ** 2)
    best = next
  }
  return best[total]
}

const nearest = (field: ArrayLike<number>, total: number, ceiling?: number) => {
  const out = new Int32Array(field.length)
  nearestIntegers(Float64Array.from(field), { total, ceiling }, out)
  return out
}

describe('nearestIntegers()', () => {
  it('has the sum, stays within the ceiling, and is nearest of all', () => {
    const stream = random(1)
    for (let i = 0; i < 300; i++) {
      const field = Float64Array.from({ length: 6 }, () => 9 * stream.uniform() ** 3)
      const total = Math.floor(30 * stream.uniform())
      const ceiling =
        i % 3 === 0 ? undefined : Math.max(Math.ceil(total / 6), Math.floor(9 * stream.uniform()))
      const out = nearest(field, total, ceiling)
      expect(out.reduce((a, b) => a + b)).toBe(total)
      expect(out.every(n => n >= 0 && n <= (ceiling ?? Infinity))).toBe(true)
      const off = out.reduce((sum, n, x) => sum + (n - field[x]) ** 2, 0)
      if (off > least(field, total, ceiling ?? total) + 1e-9)
        expect.fail(`${field} of ${total} below ${ceiling}: ${out}`)
    }
  })

  it('rounds a field of that sum to one below or one above, whole numbers to themselves, ties to the first', () => {
    expect([...nearest([1, 2.5, 0.5, 3], 7)]).toEqual([1, 3, 0, 3])
    expect([...nearest([1.0000004, 2, 4.9999999], 8)]).toEqual([1, 2, 5])
    expect([...nearest([0.4, 0.3, 0.3], 1)]).toEqual([1, 0, 0])
  })

  it('goes above a ceiling only where even that everywhere would not hold the total', () => {
    expect([...nearest([5, 0, 0], 9, 2)]).toEqual([3, 3, 3])
    expect([...nearest([9, 0.1, 0], 9, 5)]).toEqual([5, 2, 2])
  })

  it('takes huge totals and fields far from them at once', () => {
    const out = nearest([2 ** 30, 1, 0, 0], 2 ** 30, 2 ** 29)
    expect(out.reduce((a, b) => a + b)).toBe(2 ** 30)
    expect(out[0]).toBe(2 ** 29)
    expect(nearest(new Float64Array(5), 2 ** 31 - 6).reduce((a, b) => a + b)).toBe(2 ** 31 - 6)
  })
})
