// The exact origin of a mixture against the enumeration of every state, and its use by solvers.
import { describe, expect, it } from 'vitest'
import { lattice, noFlux, periodic } from '../../src/lattice/index.ts'
import { spatial } from '../../src/process/index.ts'
import { ancestral, mixture, multistep, sample } from '../../src/sampling/index.ts'
import { fewUnits } from '../../src/sampling/study/enumerable.ts'
import { siteKernel } from '../process/oracle.ts'

const images = [
  [3, 0, 1, 0],
  [0, 2, 0, 5],
]
const weights = [0.25, 0.75]
const masses = [4, 7]

describe('mixture()', () => {
  it.each([
    ['a ring', [4], periodic],
    ['walls', [4], noFlux],
    ['a torus', [2, 2], periodic],
    ['a box', [2, 2], noFlux],
  ] as const)(
    'tells the posterior of its images on %s, by Bayes and the kernels alone',
    (_, lengths, boundary) => {
      const grid = lattice(lengths, boundary)
      const exact = mixture({ lattice: grid, rate: 1.5, images, weights })
      for (const time of [0.02, 0.3, 1]) {
        const kernel = siteKernel(grid, 1.5 * time)
        for (const state of [
          Int32Array.of(2, 0, 1, 0),
          Int32Array.of(0, 1, 1, 1),
          Int32Array.of(0, 0, 0, 3),
        ]) {
          const likely = images.map((image, k) => {
            let p = weights[k]
            for (let y = 0; y < 4; y++) {
              const law = image.reduce((sum, n, x) => sum + (n / masses[k]) * kernel[x][y], 0)
              p *= law ** state[y]
            }
            return p
          })
          const got = exact.origin(state, Float64Array.of(time)) as Float32Array
          const logs = exact.logLikelihood(state, time)
          expect(logs[1] - logs[0]).toBeCloseTo(Math.log(likely[1] / 0.75 / (likely[0] / 0.25)), 9)
          const total = likely[0] + likely[1]
          for (let x = 0; x < 4; x++) {
            const wanted = likely.reduce((sum, p, k) => sum + (p / total) * (images[k][x] / masses[k]), 0)
            expect(got[x]).toBeCloseTo(3 * wanted, 5)
          }
        }
      }
    },
  )

  it('differs from the enumerated origin by what single units tell of their own origin, less with more units', () => {
    const grid = lattice([4], periodic)
    const off = (units: number) => {
      const states = fewUnits({ lattice: grid, rate: 1, units, weight: () => 1 }).states
      const weight = (i: number) => {
        const [n] = [states[i]]
        return images.reduce((sum, image, k) => {
          let p = weights[k]
          n.forEach((count, x) => {
            for (let u = 1; u <= count; u++) p *= (image[x] + 0.5) / (masses[k] + 2) / u
          })
          return sum + p
        }, 0)
      }
      const few = fewUnits({ lattice: grid, rate: 1, units, weight })
      const soft = images.map(image => image.map(n => n + 0.5))
      const exact = mixture({ lattice: grid, rate: 1, images: soft, weights })
      let mean = 0
      few.states.forEach((state, s) => {
        const told = exact.origin(state, Float64Array.of(0.3)) as Float32Array
        const right = few.expected(state, 0.3)
        mean += few.at(0.3)[s] * right.reduce((sum, d, x) => sum + Math.abs(d - told[x]) / (2 * units), 0)
      })
      return mean
    }
    const [one, six] = [off(1), off(6)]
    expect(one).toBeGreaterThan(0.1)
    expect(six).toBeLessThan(0.75 * one)
  })

  it('leads every solver to one of its images exactly, each as often as its weight says', async () => {
    const grid = lattice([6], noFlux)
    const process = spatial({ lattice: grid })
    const shapes = [
      [40, 10, 0, 0, 0, 0],
      [0, 0, 0, 5, 15, 30],
    ]
    const { origin } = mixture({ lattice: grid, rate: process.rate, images: shapes, weights })
    const count = 400
    const wanted = new Array(count).fill([50])
    for (const solver of [ancestral({ calls: 48 }), multistep({ calls: 24 })]) {
      const { counts } = await sample({ process, solver, origin, masses: wanted, seed: 3, batch: 100 })
      let second = 0
      for (let i = 0; i < count; i++) {
        const own = [...counts.subarray(i * 6, (i + 1) * 6)]
        expect(shapes).toContainEqual(own)
        if (own[0] === 0) second++
      }
      // 5.5 deviations of a binomial, and 0.03 for the steps.
      expect(Math.abs(second / count - 0.75)).toBeLessThan(5.5 * Math.sqrt((0.25 * 0.75) / count) + 0.03)
    }
  })

  it('treats channels as independent given the image', () => {
    const both = mixture({
      lattice: lattice([2], periodic),
      rate: 1,
      images: [
        [1, 0, 0, 1],
        [0, 1, 1, 0],
      ],
    })
    // The second channel alone tells that the units of the first came from site 0.
    const told = both.origin(Int32Array.of(1, 2, 0, 400), Float64Array.of(0.2)) as Float32Array
    expect(told[0]).toBeCloseTo(3, 5)
    expect(told[1]).toBeCloseTo(0, 5)
    const away = (1 - Math.exp(-4 * 0.2)) / 2
    const log = both.logLikelihood(Int32Array.of(1, 0, 0, 3), 0.2)
    expect(log[0] - log[1]).toBeCloseTo(4 * Math.log((1 - away) / away), 10)
  })

  it('refuses images that do not fit the lattice', () => {
    const grid = lattice([3], periodic)
    expect(() => mixture({ lattice: grid, rate: 1, images: [] })).toThrow('one at least')
    expect(() => mixture({ lattice: grid, rate: 1, images: [[1, 2]] })).toThrow('whole channels of sites')
    const uneven = [
      [1, 2, 3],
      [1, 2],
    ]
    expect(() => mixture({ lattice: grid, rate: 1, images: uneven })).toThrow(RangeError)
  })
})
