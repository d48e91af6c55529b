// What the rates say of the clean image, against the enumeration of every clean image.
import { describe, expect, it } from 'vitest'
import { type BoundaryName, kernels, lattice, transition } from '../../src/lattice/index.ts'
import { occupancyOf } from '../../src/sampling/index.ts'
import { knownLaw } from './states.ts'

/** A law of some units on a lattice, and what Bayes says of n_0 given every n_t. */
function posterior(
  lengths: number[],
  boundary: BoundaryName,
  { units, stacked }: { units: number; stacked: boolean },
) {
  const grid = lattice(lengths, boundary)
  const sites = grid.size
  const free = knownLaw({ lattice: grid, rate: 1, units, weight: () => 1 })
  const weight = (i: number) =>
    !stacked && free.states[i].some(n => n > 1) ? 0 : 1 + ((i * i * 7 + 3 * i) % 11)
  const law = knownLaw({ lattice: grid, rate: 1, units, weight })
  const axes = kernels(grid)
  return (tau: number) => {
    const tables = axes.map(axis => axis.at(tau))
    const walk = Float64Array.from({ length: sites * sites }, (_, i) =>
      transition(grid, tables, { from: Math.floor(i / sites), to: i % sites }),
    )
    const likely = law.states.map((state, o) => law.weights[o] > 0 && law.moved(state, walk))
    const total = law.at(tau)
    return law.states.map((noisy, s) => {
      const mean = new Float64Array(sites)
      likely.forEach((row, o) => {
        if (row)
          for (let x = 0; x < sites; x++) mean[x] += (law.weights[o] * row[s] * law.states[o][x]) / total[s]
      })
      const ratios = law.rates(noisy, Float64Array.of(tau)) as Float32Array
      return { noisy, mean, chance: total[s], told: occupancyOf(noisy, ratios, { lattice: grid, tau }) }
    })
  }
}

describe('occupancyOf()', () => {
  it.each([
    ['a ring', [5], 'periodic'],
    ['walls', [5], 'no-flux'],
    ['a torus', [3, 3], 'periodic'],
    ['a box', [2, 3], 'no-flux'],
  ] as const)('is E[n_0 | n_t] to first order in tau on %s', (_, lengths, boundary) => {
    const at = posterior([...lengths], boundary, { units: 3, stacked: false })
    let untold = 0
    const errors = [0.04, 0.02, 0.01, 0.005].map((tau, k) => {
      let error = 0
      for (const { noisy, mean, chance, told } of at(tau))
        for (let x = 0; x < mean.length; x++) {
          error += chance * Math.abs(told[x] - mean[x])
          if (k === 0) untold += chance * Math.abs(noisy[x] - mean[x])
        }
      return error
    })
    expect(errors[0]).toBeLessThan(0.2 * untold)
    for (let i = 1; i < errors.length; i++) expect(errors[i - 1] / errors[i]).toBeGreaterThan(3.4)
  })

  it('tells where each unit of a crowded site came from', () => {
    const tau = 0.001
    const at = posterior([5], 'periodic', { units: 3, stacked: false })(tau)
    let crowded = 0
    for (const { noisy, mean, told, chance } of at) {
      // Two hops at once have a chance of about tau²; there the formula says nothing.
      if (chance < 20 * tau * tau) continue
      if (noisy.some(n => n > 1)) crowded++
      for (let x = 0; x < 5; x++) expect(told[x]).toBeCloseTo(mean[x], 1)
    }
    expect(crowded).toBeGreaterThan(10)
  })

  it('has the exact mean place at any tau, and the mass', () => {
    const sites = 24
    const grid = lattice([sites], 'no-flux')
    const weight = (i: number) => (i > 8 && i < 15 ? 1 + (i % 3) : 0)
    const law = knownLaw({ lattice: grid, rate: 1, units: 1, weight })
    for (const tau of [0.05, 0.3]) {
      const table = kernels(grid)[0].at(tau)
      for (const x of [10, 11, 12, 13]) {
        const noisy = new Int32Array(sites).with(x, 1)
        const ratios = law.rates(noisy, Float64Array.of(tau)) as Float32Array
        const told = occupancyOf(noisy, ratios, { lattice: grid, tau })
        let [above, below, place, mass] = [0, 0, 0, 0]
        for (let i = 0; i < sites; i++) {
          const p = weight(law.states.findIndex(state => state[i] === 1)) * table[i * sites + x]
          above += p * i
          below += p
          place += i * told[i]
          mass += told[i]
        }
        expect(mass).toBeCloseTo(1, 6)
        expect(place).toBeCloseTo(above / below, 5)
      }
    }
  })

  it('lets no unit leave twice, and stays in [0, 1], channel by channel', () => {
    const grid = lattice([3, 3], 'periodic')
    const counts = Int32Array.of(0, 0, 0, 0, 1, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0)
    const ratios = new Float32Array(72)
    ratios[4] = 3e4
    ratios[9 + 4] = 1e4
    ratios.fill(0.1, 36)
    const options = { lattice: grid, channels: 2, tau: 0.05 }
    const told = occupancyOf(counts, ratios, options)
    const first = [0, 0.75, 0, 0, 0, 0, 0, 0.25, 0]
    const second = [1, 0.015, 0.015, 0.015, 0, 0, 0.015, 0, 0]
    told.forEach((q, i) => {
      expect(q).toBeCloseTo([...first, ...second][i], 6)
    })
    expect(occupancyOf(new Int32Array(18), ratios, options)).toEqual(new Float32Array(18))
    expect(() => occupancyOf(counts, ratios, { ...options, tau: 0 })).toThrow(
      'Cannot tell the occupancy: tau',
    )
    expect(() => occupancyOf(counts, ratios.subarray(1), options)).toThrow(RangeError)
  })
})
