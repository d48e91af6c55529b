// Alias tables: the law they hold is read off the table itself, then drawn.
import { describe, expect, it } from 'vitest'
import { type AliasTable, aliasTable, drawAlias, fillAlias } from '../../src/base/alias.ts'
import { type Random, random } from '../../src/base/random.ts'
import { chiSquareP } from './chi-square.ts'

/** The chance of every category, from the widths of its pieces of the columns. */
function law({ cut, other }: AliasTable, at: number, length: number): Float64Array {
  // In units of 2^-53 of a column, so that the sums are exact.
  const pieces: bigint[] = Array(length).fill(0n)
  for (let i = 0; i < length; i++) {
    const kept = Math.min(1, cut[at + i] - i) * 2 ** 53
    pieces[i] += BigInt(Math.round(kept))
    if (kept < 2 ** 53) pieces[other[at + i]] += BigInt(Math.round(2 ** 53 - kept))
  }
  return Float64Array.from(pieces, piece => Number(piece) / 2 ** 53 / length)
}

describe('alias', () => {
  it('`fillAlias()` holds its law to 1e-15, with exact zeros, for weights over 300 orders of magnitude', () => {
    const rng = random(1)
    for (let round = 0; round < 400; round++) {
      const length = 1 + Math.floor(rng.uniform() * (round < 350 ? 40 : 1000))
      const power = [0, 1, 30][round % 3]
      const scale = 10 ** (500 * rng.uniform() - 250)
      const weights = Float64Array.from({ length }, () =>
        rng.uniform() < 0.2 ? 0 : scale * rng.uniform() ** power,
      )
      weights[Math.floor(rng.uniform() * length)] = scale
      const sum = weights.reduce((a, b) => a + b)
      const table = aliasTable(length)
      fillAlias(table, 0, weights)
      law(table, 0, length).forEach((chance, i) => {
        if (weights[i] === 0) expect(chance).toBe(0)
        expect(Math.abs(chance - weights[i] / sum)).toBeLessThan(2e-15 + 3e-17 * length)
      })
    }
  })

  it('`drawAlias()` follows the law, from the table at its offset', () => {
    const weights = Float64Array.of(9, 9, 5, 0, 1, 0.01, 3, 0, 11, 1e-9, 9)
    const table = aliasTable(30)
    fillAlias(table, 0, [1, 2])
    fillAlias(table, 7, weights, 2, 8)
    fillAlias(table, 15, [1])
    const chances = [...weights.subarray(2, 10)].map(w => w / 20.010000001)
    law(table, 7, 8).forEach((chance, i) => {
      expect(Math.abs(chance - chances[i])).toBeLessThan(1e-15)
    })
    const rng = random(3)
    const seen = new Float64Array(8)
    for (let i = 0; i < 400_000; i++) seen[drawAlias(rng, table, 7, 8)]++
    expect(
      chiSquareP(
        seen,
        chances.map(c => c * 400_000),
      ),
    ).toBeGreaterThan(1e-7)
    expect(drawAlias(rng, table, 15, 1)).toBe(0)
  })

  it('`drawAlias()` passes over a weightless category even where the uniform number falls on its edge', () => {
    const table = aliasTable(4)
    fillAlias(table, 0, [0, 1, 0, 1])
    for (const x of [0, 0.25, 0.5, 0.75]) {
      const rng: Random = { u32: () => 0, uniform: () => x, fork: () => rng }
      expect([1, 3]).toContain(drawAlias(rng, table, 0, 4))
    }
  })

  it('`fillAlias()` refuses weights that are no law', () => {
    const table = aliasTable(2)
    expect(() => fillAlias(table, 0, [0, 0])).toThrow('the sum of weights must be above 0')
    expect(() => fillAlias(table, 0, [1, Number.NaN])).toThrow('every weight must be')
    expect(() => fillAlias(table, 0, [1, -1])).toThrow('every weight must be')
  })
})
