import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { bitsFor, type Dice, diceOf, load, read } from '../../src/walk/dice.ts'

/** The law that a loaded die has, read off its columns. */
function lawOf({ columns, remainder }: Dice, at: number, bits: number, word: 16 | 32): number[] {
  const count = 1 << bits
  const law = new Array(count).fill(0)
  for (let i = 0; i < count; i++) {
    const other = columns[at + i] & (count - 1)
    const own = ((columns[at + i] >>> bits) + remainder[at + i]) / 2 ** (word - bits)
    law[i] += own / count
    law[other] += (1 - own) / count
  }
  return law
}

const padded = (weights: number[]) => {
  const out = new Float64Array(1 << bitsFor(weights.length))
  out.set(weights)
  return out
}

const WORDS = [16, 32] as const

describe('dice', () => {
  it('`bitsFor()` is the least number of bits, at least 1', () => {
    expect([1, 2, 3, 4, 5, 8, 9, 256, 257].map(bitsFor)).toEqual([1, 1, 2, 2, 3, 3, 4, 8, 9])
  })

  it.each([
    ['one face', [1]],
    ['one of three', [0, 0, 3]],
    ['equal faces', [1, 1, 1, 1]],
    ['three faces', [0.2, 0.5, 0.3]],
    ['rare faces', [1e-13, 1, 1e-9, 1e-5, 0]],
    ['a bell', Array.from({ length: 57 }, (_, i) => Math.exp(-((i - 20) ** 2) / 9))],
    ['a slope', Array.from({ length: 64 }, (_, i) => 1 / (1 + i))],
  ])('`load()` gives every face its chance, the rare ones too: %s', (_, weights) => {
    const bits = bitsFor(weights.length)
    const total = weights.reduce((a, b) => a + b)
    for (const word of WORDS) {
      const dice = diceOf(300)
      load(dice, { at: 100, bits, word }, padded(weights))
      lawOf(dice, 100, bits, word).forEach((p, face) => {
        const exact = (weights[face] ?? 0) / total
        // A face rarer than a column keeps its relative accuracy; others are cut from several columns.
        const bound = exact * 2 ** bits < 1 ? 1e-14 * exact : 1e-15
        expect(Math.abs(p - exact)).toBeLessThanOrEqual(bound)
      })
    }
  })

  const weights = [0.02, 0.4, 0, 0.08, 0.3, 0.2]

  it('`read()` over all half words and all remainders has the law itself', () => {
    const dice = diceOf(8)
    load(dice, { at: 0, bits: 3, word: 16 }, padded(weights))
    const chance = new Array(6).fill(0)
    for (let half = 0; half < 65_536; half++) {
      const remainder = dice.remainder[half >>> 13]
      // A uniform number below the remainder, and one above it.
      const of = (uniform: number) =>
        read(dice, 0, 3, half, { u32: () => 0, uniform: () => uniform, fork: () => random(0) })
      chance[of(0)] += remainder / 65_536
      chance[of(0.9999999999)] += (1 - remainder) / 65_536
    }
    chance.forEach((p, face) => {
      expect(Math.abs(p - weights[face])).toBeLessThan(1e-12)
    })
  })
})
