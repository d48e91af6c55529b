import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { thinner } from '../../src/process/thin.ts'
import { chiSquareP } from '../base/chi-square.ts'

/** P(k) of Binomial(n, p), k = 0 … n. */
function binomialLaw(n: number, p: number): number[] {
  const law = [1]
  for (let unit = 0; unit < n; unit++) {
    law.push(0)
    for (let k = unit + 1; k >= 0; k--) law[k] = law[k] * (1 - p) + (k > 0 ? law[k - 1] * p : 0)
  }
  return law
}

describe('thinner', () => {
  it.each([0.5, 0.03, 0.31, 0.97, 1e-9])('`thin.draw()` is binomial for every count at p = %d', p => {
    const counts = Int32Array.of(0, 1, 2, 9, 15, 16, 17, 31, 100, 128, 240, 255, 256, 300, 511)
    const thinned = new Int32Array(counts.length)
    const thin = thinner(2)
    thin.set(0, 0.123)
    thin.set(1, p)
    const rng = random(21)
    const draws = 20_000
    const seen = Array.from(counts, n => new Array(n + 1).fill(0))
    for (let i = 0; i < draws; i++) {
      thin.draw(1, counts.length, counts, thinned, rng)
      thinned.forEach((k, which) => {
        seen[which][k]++
      })
      if (i % 100 === 0) thin.draw(0, counts.length, counts, thinned, rng)
    }
    counts.forEach((n, which) => {
      // Bins from the likely end on, so that the tail is pooled into one that expects enough.
      const bins = Array.from({ length: n + 1 }, (_, k) => (p > 0.5 ? n - k : k))
      const law = binomialLaw(n, p)
      const observed = bins.map(k => seen[which][k])
      expect(
        chiSquareP(
          observed,
          bins.map(k => law[k] * draws),
        ),
      ).toBeGreaterThan(1e-6)
    })
  })

  it('`thin.draw()` takes no one at p = 0 and everyone at p = 1', () => {
    const counts = Int32Array.of(0, 3, 70, 5000)
    const thinned = new Int32Array(4).fill(-1)
    const thin = thinner(2)
    thin.set(0, 0)
    thin.set(1, 1)
    thin.draw(0, 4, counts, thinned, random(1))
    expect([...thinned]).toEqual([0, 0, 0, 0])
    thin.draw(1, 4, counts, thinned, random(1))
    expect([...thinned]).toEqual([...counts])
  })

  it('`thin.draw()` depends on the stream alone, not on what was loaded before', () => {
    const counts = Int32Array.from({ length: 500 }, (_, i) => i)
    const fresh = thinner(40)
    const used = thinner(40)
    // Enough rows to fill the room for dice more than once.
    for (let round = 0; round < 3; round++)
      for (let row = 0; row < 40; row++) {
        used.set(row, (row + 1 + round) / 50)
        used.draw(row, 500, counts, new Int32Array(500), random(row))
      }
    for (let row = 0; row < 40; row++) {
      for (const thin of [fresh, used]) thin.set(row, (row + 1) / 47)
      const [a, b] = [new Int32Array(500), new Int32Array(500)]
      fresh.draw(row, 500, counts, a, random(row))
      used.draw(row, 500, counts, b, random(row))
      expect(a).toEqual(b)
    }
  })
})
