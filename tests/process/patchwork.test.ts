// The walk on lattices larger than what was learned: exact masses, and fluctuations over long distances as asked.
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { lattice } from '../../src/lattice/index.ts'
import { patchwork, process, spatial } from '../../src/process/index.ts'

const of = ({ lengths = [16, 24], rate = 1e-9, patch = [8, 8], masses = table } = {}) =>
  patchwork(spatial({ lattice: lattice(lengths, 'periodic'), channels: 2, rate }), { patch, masses })
const table = [
  [10, 60],
  [50, 20],
]

const draw = (law: ReturnType<typeof of>, masses: number[], seed: number) => {
  const out = new Int32Array(law.channels * law.sites)
  law.limit(masses, { random: random(seed), out })
  return out
}

/** Mass of the patch at (y, x) of a channel. */
const massAt = (counts: Int32Array, [c, y, x]: number[]) => {
  let mass = 0
  for (let j = 0; j < 8; j++)
    for (let i = 0; i < 8; i++) mass += counts[(c * 16 + 8 * y + j) * 24 + 8 * x + i]
  return mass
}

describe('patchwork()', () => {
  it('begins with exactly the masses asked for, few or many, on lattices that patches do not divide', () => {
    for (const lengths of [
      [16, 24],
      [20, 13],
      [8, 30],
      [9, 9],
    ])
      for (const masses of [
        [0, 0],
        [1, 3],
        [180, 240],
        [5000, 7],
      ])
        for (let seed = 0; seed < 20; seed++) {
          const law = of({ lengths, rate: 3 })
          const out = draw(law, masses, seed)
          expect(law.invariant(out)).toEqual(masses)
          expect(out.every(n => n >= 0)).toBe(true)
        }
  })

  it('gives patches the masses of learned images, of all channels together, before they walk', () => {
    // The mean of the table is asked for: each patch has one of its rows, moved by what the others leave over.
    let [variance, covariance] = [0, 0]
    const runs = 400
    for (let seed = 0; seed < runs; seed++) {
      const out = draw(of(), [180, 240], seed)
      const [a, b] = [0, 1].map(c => massAt(out, [c, 0, 1]) - 30 - 10 * c)
      variance += a * a
      covariance += a * b
    }
    // Rows differ by ±20 and ∓20; six patches share one total, so 5/6 of 400 is left. Standard error: 4 %; bound 5 of them.
    expect(variance / runs).toBeGreaterThan(333 * 0.8)
    expect(variance / runs).toBeLessThan(333 * 1.2)
    expect(covariance / runs).toBeLessThan(-333 * 0.8)
  })

  it('walks for the whole time: what lay in patches is spread by the kernel', () => {
    const still = draw(
      of({
        masses: [
          [64, 0],
          [0, 0],
        ],
      }),
      [100, 0],
      3,
    )
    expect(still.filter((n, x) => x < 384 && n === 0).length).toBeGreaterThan(384 / 4)
    const long = of({ rate: 200 })
    // After τ = 200 all waves of 16 and 24 sites have died: patches differ by chance alone.
    let variance = 0
    for (let seed = 0; seed < 200; seed++)
      variance += (massAt(draw(long, [1800, 0], seed), [0, 0, 0]) - 300) ** 2
    // Binomial(1800, 1/6) has variance 250; the standard error of 200 is 10 %, and six of them are allowed.
    expect(variance / 200).toBeGreaterThan(100)
    expect(variance / 200).toBeLessThan(400)
  })

  it('is the walk of spatial in all else, and on a lattice of one patch in this too', () => {
    const law = of({ lengths: [9, 10], rate: 2 })
    const walk = spatial({ lattice: lattice([9, 10], 'periodic'), channels: 2, rate: 2 })
    const out = new Int32Array(180)
    walk.limit([30, 40], { random: random(4), out })
    expect(draw(law, [30, 40], 4)).toEqual(out)
    const [rebuilt] = [process(law.description)]
    expect(rebuilt.description).toEqual(law.description)
    const origin = Float64Array.from({ length: 180 }, (_, x) => (x * 7) % 5)
    for (const one of [law, rebuilt]) {
      const [counts, other] = [out.slice(), out.slice()]
      one.undo(counts, origin, { from: 1, to: 0.5, random: random(9) })
      walk.undo(other, origin, { from: 1, to: 0.5, random: random(9) })
      expect(counts).toEqual(other)
    }
  })

  it('refuses a patch or a table that does not fit', () => {
    expect(() => of({ patch: [8] })).toThrow('the patch must be of 2 lengths')
    expect(() => of({ masses: [] })).toThrow('the table of masses must be of one image at least')
    expect(() => of({ masses: [[1]] })).toThrow('the masses must be 2 per image')
    expect(() => draw(of(), [-1, 0], 1)).toThrow('mass 0 must be an integer')
  })
})
