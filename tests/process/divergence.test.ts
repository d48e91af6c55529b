// How far n_1 still is from the limit: against sums over all that can have happened.
import { describe, expect, it } from 'vitest'
import { lattice } from '../../src/lattice/index.ts'
import {
  absorbingRates,
  birthDeath,
  chain,
  death,
  type JumpProcess,
  spatial,
} from '../../src/process/index.ts'
import { siteKernel } from './oracle.ts'

const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1))
const binomial = (n: number, k: number, p: number) =>
  k > n ? 0 : (factorial(n) / factorial(k) / factorial(n - k)) * p ** k * (1 - p) ** (n - k)
const poisson = (k: number, mean: number) => (Math.exp(-mean) * mean ** k) / factorial(k)
const of = (process: JumpProcess, ...clean: number[]) =>
  process.divergence?.(Int32Array.from(clean)) ?? Number.NaN

describe('divergence()', () => {
  it.each([0.05, 0.9, 15])('of death is that from what any count leaves, after tau = %d', rate => {
    const [ceiling, alive] = [6, Math.exp(-rate)]
    const process = death({ lengths: [2], ceiling, rate })
    const even = (n: number) => {
      let sum = 0
      for (let origin = 0; origin <= ceiling; origin++) sum += binomial(origin, n, alive) / (ceiling + 1)
      return sum
    }
    const exact = [2, 6].map(origin => {
      let sum = 0
      for (let n = 0; n <= origin; n++) {
        const p = binomial(origin, n, alive)
        if (p > 0) sum += p * Math.log(p / even(n))
      }
      return sum
    })
    expect(of(process, 2, 6)).toBeCloseTo(exact[0] + exact[1], 9)
    expect(of(process, 0, 0)).toBeGreaterThanOrEqual(0)
  })

  it.each([0.3, 2])('of birth and death is that from the Poisson law, after tau = %d', rate => {
    const [mean, alive] = [1.7, Math.exp(-rate)]
    const process = birthDeath({ lengths: [1], mean, rate })
    let exact = 0
    for (let n = 0; n < 60; n++) {
      let p = 0
      for (let k = 0; k <= Math.min(5, n); k++)
        p += binomial(5, k, alive) * poisson(n - k, mean * (1 - alive))
      if (p > 0) exact += p * Math.log(p / poisson(n, mean))
    }
    expect(of(process, 5)).toBeCloseTo(exact, 9)
  })

  it('of a chain is that from what data without structure become', () => {
    const process = chain({ lengths: [1], ...absorbingRates(3), rate: 0.8 })
    const [alive, gone] = [Math.exp(-0.8), 1 - Math.exp(-0.8)]
    expect(of(process, 1)).toBeCloseTo(
      alive * Math.log(alive / (alive / 2)) + gone * Math.log(gone / gone),
      12,
    )
  })

  it('of the walk is the sum of those of its units from an even law', () => {
    const grid = lattice([3, 4], ['periodic', 'no-flux'])
    const process = spatial({ lattice: grid, rate: 0.4 })
    const kernel = siteKernel(grid, 0.4)
    const one = (x0: number) => kernel[x0].reduce((sum, p) => sum + p * Math.log(p * 12), 0)
    const clean = [0, 2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]
    expect(of(process, ...clean)).toBeCloseTo(2 * one(1) + one(6), 9)
  })
})
