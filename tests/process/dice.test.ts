import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { bitsFor, type Dice, diceOf, load, roll } from '../../src/process/dice.ts'
import { chiSquareP } from '../base/chi-square.ts'

/** The law that a loaded die has, read off its columns. */
function lawOf(dice: Dice, at: number, bits: number): number[] {
  const columns = 1 << bits
  const unit = 2 ** (32 - bits)
  const law = new Array(columns).fill(0)
  for (let i = 0; i < columns; i++) {
    const own = dice.alias[at + i] === i ? 1 : (dice.threshold[at + i] + dice.remainder[at + i]) / unit
    law[i] += own / columns
    law[dice.alias[at + i]] += (1 - own) / columns
  }
  return law
}

const padded = (weights: number[]) => {
  const out = new Float64Array(1 << bitsFor(weights.length))
  out.set(weights)
  return out
}

describe('dice', () => {
  it('`bitsFor()` is the least number of bits, at least 1', () => {
    expect([1, 2, 3, 4, 5, 8, 9, 256, 257].map(bitsFor)).toEqual([1, 1, 2, 2, 3, 3, 4, 8, 9])
  })

  it.each([
    [[1]],
    [[0, 0, 3]],
    [[1, 1, 1, 1]],
    [[0.2, 0.5, 0.3]],
    [[1e-13, 1, 1e-9, 1e-5, 0]],
    [Array.from({ length: 57 }, (_, i) => Math.exp(-((i - 20) ** 2) / 9))],
    [Array.from({ length: 64 }, (_, i) => 1 / (1 + i))],
  ])('`load()` gives every face its chance, the rare ones too: %o', weights => {
    const bits = bitsFor(weights.length)
    const dice = diceOf(300)
    load(dice, 100, bits, padded(weights))
    const total = weights.reduce((a, b) => a + b)
    lawOf(dice, 100, bits).forEach((p, face) => {
      const exact = (weights[face] ?? 0) / total
      // A face rarer than a column keeps its relative accuracy; others are cut from several columns.
      const bound = exact * 2 ** bits < 1 ? 1e-14 * exact : 1e-15
      expect(Math.abs(p - exact)).toBeLessThanOrEqual(bound)
    })
  })

  it('`roll()` throws faces by their law', () => {
    const weights = [0.02, 0.4, 0, 0.08, 0.3, 0.2]
    const dice = diceOf(40)
    load(dice, 16, 3, padded(weights))
    const rng = random(4)
    const seen = new Array(6).fill(0)
    for (let i = 0; i < 200_000; i++) seen[roll(dice, 16, 3, rng)]++
    expect(
      chiSquareP(
        seen,
        weights.map(w => w * 200_000),
      ),
    ).toBeGreaterThan(1e-6)
  })

  it('`roll()` settles a word that equals the threshold by the remainder', () => {
    const dice = diceOf(2)
    load(dice, 0, 1, Float64Array.of(0.3, 0.7))
    const column = dice.alias[0] === 0 ? 1 : 0
    const word = (column * 2 ** 31 + dice.threshold[column]) >>> 0
    const at = (uniform: number) =>
      roll(dice, 0, 1, { u32: () => word, uniform: () => uniform, fork: () => random(0) })
    expect(at(dice.remainder[column] - 1e-9)).toBe(column)
    expect(at(dice.remainder[column] + 1e-9)).toBe(1 - column)
  })
})
