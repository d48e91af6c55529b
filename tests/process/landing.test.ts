// Throws onto the lattice: each way of throwing against the law of its dice.
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { dieOf } from '../../src/process/die.ts'
import { advance, landApart, landOnLine, landOnPlane, type Throw } from '../../src/process/landing.ts'
import { chiSquareP } from '../base/chi-square.ts'

/** 5 faces; 1000, whose half words tie once in 64 throws; 1500, which take whole words. */
const sides = [5, 1000, 1500]

/** A die with unequal faces that moves from `from` to of[from + face], and the law of that, [sites]. */
function throwOf(faces: number, { from, stride, sites }: { from: number; stride: number; sites: number }) {
  const weights = Float64Array.from({ length: faces }, (_, i) => 1 + ((i * 7) % 5) * (i % 3))
  const total = weights.reduce((a, b) => a + b)
  const of = Int32Array.from({ length: faces + 10 }, (_, x) => ((x * x + x) % sites) * stride)
  const law = (shift = 0) => {
    const out = new Float64Array(sites)
    weights.forEach((w, i) => {
      out[of[from + shift + i] / stride] += w / total
    })
    return out
  }
  const die = dieOf(faces, weights)
  const along: Throw = { dice: die.dice, at: 0, bits: die.bits, from, of }
  return { along, law, weights, total }
}

/** Throws in portions that end within a word as well as between words. */
function inPortions(draws: number, land: (n: number) => void): void {
  for (let left = draws, n = 1; left > 0; left -= n, n = Math.min(left, (n % 7) + 1)) land(n)
}

const draws = 120_000

describe('landOnLine()', () => {
  it.each(sides)('lands by the law of a die of %i faces', faces => {
    const { along, law } = throwOf(faces, { from: 2, stride: 3, sites: 7 })
    const counts = new Int32Array(30)
    const rng = random(1)
    inPortions(draws, n => landOnLine(n, along, 5, counts, rng))
    const expected = new Float64Array(30)
    law().forEach((p, x) => {
      expected[5 + 3 * x] = p * draws
    })
    expect(chiSquareP(counts, expected)).toBeGreaterThan(1e-6)
  })
})

describe('landOnPlane() and landApart()', () => {
  const pairs = sides.flatMap(a => sides.map(b => [a, b] as const))
  it.each(pairs)('land by the product of the laws of %i and %i faces', (faces, others) => {
    const a = throwOf(faces, { from: 0, stride: 6, sites: 5 })
    const b = throwOf(others, { from: 3, stride: 1, sites: 6 })
    const rng = random(2)
    const together = new Int32Array(30)
    inPortions(draws, n => landOnPlane(n, a.along, b.along, together, rng))
    const product = (p: Float64Array, q: Float64Array, scale: number) =>
      Array.from({ length: 30 }, (_, x) => scale * p[Math.floor(x / 6)] * q[x % 6])
    expect(chiSquareP(together, product(a.law(), b.law(), draws))).toBeGreaterThan(1e-6)

    // Three units that start at three places.
    const hops = Int32Array.of(0, 2, 5, -3, 1, 0)
    const apart = new Int32Array(30)
    for (let i = 0; i < draws / 3; i++) landApart(3, hops, a.along, b.along, apart, rng)
    const expected = new Array(30).fill(0)
    for (let u = 0; u < 3; u++)
      product(a.law(hops[2 * u]), b.law(hops[2 * u + 1]), draws / 3).forEach((n, x) => {
        expected[x] += n
      })
    expect(chiSquareP(apart, expected)).toBeGreaterThan(1e-6)
  })
})

describe('advance()', () => {
  it.each(sides)('moves positions by the faces, around the circle of %i places', faces => {
    const { along, weights, total } = throwOf(faces, { from: 0, stride: 1, sites: 2 })
    const n = 4000
    const rng = random(3)
    const seen = new Float64Array(faces)
    for (let i = 0; i < draws / n; i++) {
      const position = new Int32Array(n).fill(faces - 2)
      advance(n, along, position, faces, rng)
      expect(Math.min(...position)).toBeGreaterThanOrEqual(0)
      for (const x of position) seen[(x + 2) % faces]++
    }
    expect(
      chiSquareP(
        seen,
        weights.map(w => (w / total) * draws),
      ),
    ).toBeGreaterThan(1e-6)
  })
})
