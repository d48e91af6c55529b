// Exponentials of rate matrices, and the matrices that chains are made of.
import { describe, expect, it } from 'vitest'
import { exponential, inverse, stationary } from '../../src/process/exponential.ts'
import { absorbingRates, chain, uniformRates } from '../../src/process/index.ts'

const of = (...entries: number[]) => Float64Array.from(entries)
const near = (seen: Float64Array, wanted: readonly number[], slack: number) =>
  wanted.forEach((value, i) => {
    expect(Math.abs(seen[i] - value)).toBeLessThanOrEqual(slack * Math.abs(value) + 1e-300)
  })

describe('exponential()', () => {
  it('has the closed form of two states, from the shortest times to the longest', () => {
    const [up, down] = [0.7, 2.1]
    for (const tau of [1e-12, 0.01, 0.3, 4, 1000]) {
      const gone = -Math.expm1(-(up + down) * tau) / (up + down)
      const exact = [1 - up * gone, up * gone, down * gone, 1 - down * gone]
      near(exponential(of(-up, up, down, -down), 2, tau), exact, 1e-12)
    }
    expect([...exponential(of(-1, 1, 2, -2), 2, 0)]).toEqual([1, 0, 0, 1])
  })

  it('is right to the last digits where it takes many jumps to come', () => {
    // Up a ladder at rate 1: a Poisson number of steps.
    const ladder = of(-1, 1, 0, 0, 0, -1, 1, 0, 0, 0, -1, 1, 0, 0, 0, 0)
    const tau = 1e-5
    near(
      exponential(ladder, 4, tau).subarray(0, 3),
      [1, tau, tau ** 2 / 2].map(p => p * Math.exp(-tau)),
      1e-12,
    )
    // The last state keeps all that come: tau³/6 (1 - 3 tau/4 + …).
    near(exponential(ladder, 4, tau).subarray(3, 4), [(tau ** 3 / 6) * (1 - 0.75 * tau)], 1e-9)
  })

  it('has an inverse and an end', () => {
    const matrix = of(-1, 0.9, 0.1, 0.2, -0.5, 0.3, 1.5, 0.1, -1.6)
    const table = exponential(matrix, 3, 0.4)
    const back = inverse(table, 3)
    for (let i = 0; i < 3; i++)
      for (let j = 0; j < 3; j++) {
        let sum = 0
        for (let k = 0; k < 3; k++) sum += table[3 * i + k] * (back?.[3 * k + j] ?? 0)
        expect(sum).toBeCloseTo(i === j ? 1 : 0, 12)
      }
    const end = stationary(matrix, 3) ?? new Float64Array(3)
    for (let j = 0; j < 3; j++)
      expect(end[0] * matrix[j] + end[1] * matrix[3 + j] + end[2] * matrix[6 + j]).toBeCloseTo(0, 12)
    expect(inverse(of(1, 2, 2, 4), 2)).toBeUndefined()
    expect(stationary(of(0, 0, 0, 0), 2)).toBeUndefined()
    // Two states of no return: the end depends on the beginning.
    expect(stationary(of(-2, 1, 1, 0, 0, 0, 0, 0, 0), 3)).toBeUndefined()
  })
})

describe('chain()', () => {
  it('takes the time after which e^-9 of every state is left, where no rate is told', () => {
    expect(chain({ lengths: [1], ...absorbingRates(5) }).rate).toBeCloseTo(9, 9)
    const { rate } = chain({ lengths: [1], ...uniformRates(4) })
    expect(rate).toBeCloseTo(9 + Math.log(3 / 4), 9)
  })

  it('refuses what is no matrix of rates, has no one limit, or too many states', () => {
    const build = (matrix: number[], origin?: number[]) => () => chain({ lengths: [1], matrix, origin })
    expect(build([-1, 1, 1])).toThrow('Cannot build the chain: the matrix must be square, got 3')
    expect(build([-1, 1, -1, 1])).toThrow('the rate from 1 to 0 must be finite and >= 0, got -1')
    expect(build([-1, 2, 1, -1])).toThrow('the sum of row 0 must be 0, got 1')
    expect(build([0, 0, 0, 0])).toThrow('one that leads from all states to one law')
    expect(build([-1, 1, 1, -1], [0.5, 0.6])).toThrow('the origin must be 2 probabilities of sum 1')
    expect(() => uniformRates(65)).toThrow(RangeError)
    expect(() => absorbingRates(1)).toThrow(RangeError)
  })
})
