// Long measurements pause: whoever drives them can stop them soon.
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { pieces } from '../../src/base/work.ts'
import { type Labels, measure, type Quantity } from '../../src/structure/index.ts'

describe('pieces()', () => {
  it('does every number once, in order, and says how far it is', () => {
    const done: number[] = []
    const shares = [
      ...pieces(
        10,
        (from, to) => {
          for (let i = from; i < to; i++) done.push(i)
        },
        4,
      ),
    ]
    expect(done).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(shares).toEqual([0.4, 0.8, 1])
  })
})

describe('measure()', () => {
  const rng = random(4)
  const side = 128
  const grid: Labels = {
    data: Uint8Array.from({ length: side ** 3 }, () => Math.floor(3 * rng.uniform())),
    shape: [side, side, side],
  }

  it.each<[Quantity, number]>([
    ['linealPath', 3 * 2],
    ['chords', 3 * 2],
    ['specificSurface', 3],
    ['interfaces', 3 + 3 * 2],
    ['lone', 3 * (2 + 3 * 2)],
    ['profiles', 3],
    ['percolates', 8],
  ])('pauses in `%s` of 2^21 sites at least %i times', (quantity, least) => {
    let pauses = 0
    for (const share of measure(grid, { only: [quantity] })) {
      expect(share).toBeLessThanOrEqual(1)
      pauses++
    }
    // Three are made before the first quantity, and one at it.
    expect(pauses - 4).toBeGreaterThanOrEqual(least)
  })
})
