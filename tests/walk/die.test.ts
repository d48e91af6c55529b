import { describe, expect, it } from 'vitest'
import { type Random, random } from '../../src/base/random.ts'
import { dieOf, reload, throwInto, throwOne } from '../../src/walk/die.ts'
import { chiSquareP } from '../base/chi-square.ts'

const SIX = Float64Array.of(0.02, 0.4, 0, 0.08, 0.3, 0.2)
/** Too many faces for half a word. */
const MANY = Float64Array.from({ length: 1500 }, (_, i) => 1 + (i % 7))

/** A stream of given words, whose uniform numbers are all the same. */
function scripted(words: number[], uniform: number): Random {
  let at = 0
  return { u32: () => words[at++], uniform: () => uniform, fork: () => random(0) }
}

describe.each([
  ['six faces', SIX, 16],
  ['1500 faces', MANY, 32],
] as const)('a die of %s', (_, weights, word) => {
  const die = dieOf(weights.length, weights)
  const total = weights.reduce((a, b) => a + b)
  const draws = 300_000
  const expected = Array.from(weights, w => (w / total) * draws)

  it('takes half a word or a word', () => {
    expect(die.word).toBe(word)
  })

  it('`throwOne()` shows faces by their law', () => {
    const rng = random(4)
    const seen = new Array(weights.length).fill(0)
    for (let i = 0; i < draws; i++) seen[throwOne(die, rng)]++
    expect(chiSquareP(seen, expected)).toBeGreaterThan(1e-6)
  })

  it('`throwInto()` counts faces by their law, at the places that they stand for', () => {
    const of = Int32Array.from({ length: weights.length + 3 }, (_, x) => (x * 5) % 11)
    const histogram = new Int32Array(11)
    throwInto(die, draws, { from: 3, of, histogram }, random(5))
    const places = new Array(11).fill(0)
    expected.forEach((p, face) => {
      places[of[3 + face]] += p
    })
    expect(chiSquareP(histogram, places)).toBeGreaterThan(1e-6)
    throwInto(die, 0, { from: 3, of, histogram }, random(5))
    expect(histogram.reduce((a, b) => a + b)).toBe(draws)
  })

  it('`throwInto()` throws each time independently of the next: pairs share a word, and yet', () => {
    const likeliest = weights.indexOf(Math.max(...weights))
    const p = weights[likeliest] / total
    const of = Int32Array.from(weights, (_, face) => Number(face === likeliest))
    const [histogram, rng, both] = [new Int32Array(2), random(6), [0, 0, 0]]
    const pairs = 60_000
    for (let i = 0; i < pairs; i++) {
      histogram.fill(0)
      throwInto(die, 2, { from: 0, of, histogram }, rng)
      both[histogram[1]]++
    }
    const law = [(1 - p) ** 2, 2 * p * (1 - p), p * p].map(q => q * pairs)
    expect(chiSquareP(both, law)).toBeGreaterThan(1e-6)
  })

  it('`reload()` gives new weights and forgets the old', () => {
    const again = dieOf(weights.length, weights.slice().reverse())
    reload(again, weights, new Float64Array(2048))
    const [one, other] = [random(9), random(9)]
    for (let i = 0; i < 1000; i++) expect(throwOne(again, one)).toBe(throwOne(die, other))
  })

  it('settles a word that equals the threshold by the remainder', () => {
    const { dice, bits } = die
    for (let column = 0; column < 6; column++) {
      const other = dice.columns[column] & ((1 << bits) - 1)
      const low = dice.columns[column] >>> bits
      const half = (column << (word - bits)) | low
      // In the low half of the word of a pair, and in the word or high half of a single throw.
      const single = word === 16 ? (half << 16) >>> 0 : half >>> 0
      const remainder = dice.remainder[column]
      for (const [uniform, face] of [
        [remainder - 1e-9, column],
        [remainder + 1e-9, other],
      ]) {
        expect(throwOne(die, scripted([single], uniform))).toBe(face)
        const pair = ((half << 16) | half) >>> 0
        const histogram = new Int32Array(weights.length)
        const of = Int32Array.from(weights, (_, x) => x)
        const words = word === 16 ? [pair] : [single, single]
        throwInto(die, 2, { from: 0, of, histogram }, scripted(words, uniform))
        expect(histogram[face]).toBe(2)
      }
    }
  })
})
