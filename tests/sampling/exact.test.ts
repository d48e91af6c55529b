// Exact rates against the enumeration of every state.
import { describe, expect, it } from 'vitest'
import { lattice, noFlux, periodic } from '../../src/lattice/index.ts'
import { mixtureRates } from '../../src/sampling/index.ts'
import { knownLaw } from './states.ts'

const images = [
  [3, 0, 1, 0],
  [0, 2, 0, 5],
]
const weights = [0.25, 0.75]

/** P(n) for 3 units: image k by its weight, then independent units. */
function probability(n: Int32Array): number {
  return images.reduce((sum, image, k) => {
    const mass = image.reduce((a, b) => a + b)
    let p = weights[k] * 6
    n.forEach((count, x) => {
      for (let u = 1; u <= count; u++) p *= image[x] / mass / u
    })
    return sum + p
  }, 0)
}

describe('mixtureRates()', () => {
  it.each([
    ['a ring', [4], periodic],
    ['walls', [4], noFlux],
    ['a torus', [2, 2], periodic],
    ['a box', [2, 2], noFlux],
  ] as const)('are the reverse rates of its law on %s', (_, lengths, boundary) => {
    const grid = lattice(lengths, boundary)
    const rate = 1.5
    const states = knownLaw({ lattice: grid, rate, units: 3, weight: () => 1 }).states
    const weight = (i: number) => probability(states[i])
    const law = knownLaw({ lattice: grid, rate, units: 3, weight })
    const { rates } = mixtureRates({ lattice: grid, rate, images, weights })
    for (const time of [0.02, 0.3, 1]) {
      for (const state of law.states) {
        const times = Float64Array.of(time)
        const expected = law.rates(state, times) as Float32Array
        const got = rates(state, times) as Float32Array
        for (let k = 0; k < expected.length; k++)
          if (state[k % 4] > 0) expect(got[k] / (expected[k] || 1)).toBeCloseTo(expected[k] === 0 ? 0 : 1, 5)
      }
    }
  })

  it('treat channels as independent given the image', () => {
    const grid = lattice([2], periodic)
    const both = mixtureRates({
      lattice: grid,
      rate: 1,
      images: [
        [1, 0, 0, 1],
        [0, 1, 1, 0],
      ],
    })
    // The second channel alone tells that the first has its origin at site 0: p(1) / p(0) there.
    const t = 0.2
    const away = (1 - Math.exp(-4 * t)) / 2
    const ratios = both.rates(Int32Array.of(1, 0, 0, 400), Float64Array.of(t)) as Float32Array
    expect(ratios[0]).toBeCloseTo(away / (1 - away), 5)
    const log = both.logLikelihood(Int32Array.of(1, 0, 0, 3), t)
    expect(log[0] - log[1]).toBeCloseTo(4 * Math.log((1 - away) / away), 10)
  })

  it('stay within the bound', () => {
    const { rates } = mixtureRates({
      lattice: lattice([9], noFlux),
      rate: 1,
      images: [[1, 0, 0, 0, 0, 0, 0, 0, 0]],
      bound: 50,
    })
    const ratios = rates(new Int32Array(9).fill(1), Float64Array.of(1e-6)) as Float32Array
    expect(Math.max(...ratios)).toBe(50)
    expect(ratios[0]).toBe(0)
    expect(ratios[9 + 8]).toBe(0)
  })

  it('refuse images that do not fit the lattice', () => {
    const grid = lattice([3], periodic)
    expect(() => mixtureRates({ lattice: grid, rate: 1, images: [] })).toThrow('one at least')
    expect(() => mixtureRates({ lattice: grid, rate: 1, images: [[1, 2]] })).toThrow(
      'whole channels of sites',
    )
    expect(() =>
      mixtureRates({
        lattice: grid,
        rate: 1,
        images: [
          [1, 2, 3],
          [1, 2],
        ],
      }),
    ).toThrow(RangeError)
  })
})
