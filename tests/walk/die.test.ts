import { describe, expect, it } from 'vitest'
import { type Random, random } from '../../src/base/random.ts'
import { dieOf, reload, throwInto, throwMany, throwOne } from '../../src/walk/die.ts'
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

  it('`throwMany()` shows faces by their law, each throw independent of the next', () => {
    const faces = new Int32Array(draws)
    throwMany(die, draws, faces, random(5))
    const seen = new Array(weights.length).fill(0)
    // Runs of the likeliest face across the two halves of a word, and across words.
    const likeliest = weights.indexOf(Math.max(...weights))
    const p = weights[likeliest] / total
    const runs = [0, 0]
    faces.forEach((face, u) => {
      seen[face]++
      if (u > 0 && face === likeliest && faces[u - 1] === likeliest) runs[u % 2]++
    })
    expect(chiSquareP(seen, expected)).toBeGreaterThan(1e-6)
    for (const run of runs) {
      const mean = (p * p * draws) / 2
      expect(Math.abs(run - mean)).toBeLessThan(6 * Math.sqrt(mean) + 1)
    }
  })

  it('`throwInto()` counts the faces that `throwMany()` would have shown', () => {
    const of = Int32Array.from({ length: weights.length + 3 }, (_, x) => (x * 5) % 11)
    for (const n of [0, 1, 2, 3, 40_001]) {
      const faces = new Int32Array(n)
      const histogram = new Int32Array(11)
      const [one, other] = [random(7), random(7)]
      throwMany(die, n, faces, one)
      throwInto(die, n, { from: 3, of, histogram }, other)
      const counted = new Int32Array(11)
      for (const face of faces) counted[of[3 + face]]++
      expect(histogram).toEqual(counted)
      expect(one.u32()).toBe(other.u32())
    }
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
        const faces = new Int32Array(3)
        throwMany(die, 3, faces, scripted([single, single, single], uniform))
        expect(faces[1 + Number(word === 32)]).toBe(face)
      }
    }
  })
})
