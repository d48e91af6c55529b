// Guidance: the mixture of two rate functions.
import { describe, expect, it } from 'vitest'
import { lattice, noFlux } from '../../src/lattice/index.ts'
import { spatial } from '../../src/process/index.ts'
import { cfl, even, guided, leap, type RateFunction, sample } from '../../src/sampling/index.ts'

const counts = new Int32Array(4)
const times = Float64Array.of(0.5)

/** A rate function of fixed ratios that counts how often it is asked. */
function fixed(ratios: readonly number[]) {
  const asked: (number | undefined)[] = []
  const rate: RateFunction = (_, __, first) => {
    asked.push(first)
    return Float32Array.from(ratios)
  }
  return { rate, asked }
}

const mixed = async (weight: number, told: number[], untold: number[]) => [
  ...(await guided(weight, fixed(told).rate, fixed(untold).rate)(counts, times)),
]

describe('guided()', () => {
  it('multiplies powers of the two ratios, told^w untold^(1 - w)', async () => {
    const [told, untold] = [
      [2, 0.25, 1, 9, 3],
      [1, 0.5, 4, 9, 0.1],
    ]
    for (const weight of [0, 0.5, 1, 1.5, 2, 3]) {
      const got = await mixed(weight, told, untold)
      got.forEach((ratio, k) => {
        const wanted = told[k] ** weight * untold[k] ** (1 - weight)
        expect(Math.abs(ratio / wanted - 1)).toBeLessThan(1e-6)
      })
    }
  })

  it('takes ratios to a power against `even()`, data without structure, and leaves what is forbidden', async () => {
    const told = [2, 0.25, 1, 0, 9, 3, 0.5, 1]
    const got = await guided(1.5, fixed(told).rate, even(2))(counts, times)
    got.forEach((ratio, k) => {
      expect(ratio).toBeCloseTo(told[k] ** 1.5, 4)
    })
    expect([...(await guided(0, fixed(told).rate, even(2))(counts, times))]).toEqual(new Array(8).fill(1))
  })

  it('asks only the told at weight 1, only the untold at 0, and both about the same images otherwise', async () => {
    for (const [weight, toTold, toUntold] of [
      [1, [32], []],
      [0, [], [32]],
      [2, [32], [32]],
    ] as const) {
      const [told, untold] = [fixed([1, 2]), fixed([3, 4])]
      await guided(weight, told.rate, untold.rate)(counts, times, 32)
      expect([told.asked, untold.asked]).toEqual([toTold, toUntold])
    }
  })

  it('stays finite and above 0 whatever a network may say, and at 0 where a jump is forbidden', async () => {
    const most = Math.exp(9)
    const got = await mixed(3, [most, 1 / most, most, 0, 0, 5], [1 / most, most, most, 0, 2, 0])
    expect(got.slice(0, 3).every(ratio => ratio > 1e-6 && ratio < 1e6)).toBe(true)
    expect(got[0]).toBeGreaterThan(1e5)
    expect(got[1]).toBeLessThan(1e-5)
    expect(got.slice(3)).toEqual([0, 0, 0])
  })

  it('copies the first answer where both come in the same array, and changes neither', async () => {
    const shared = new Float32Array(2)
    const into = (ratios: number[]) => async () => {
      shared.set(ratios)
      return shared
    }
    const rate = guided(2, into([4, 8]), into([2, 2]))
    expect([...(await rate(counts, times))].map(Math.round)).toEqual([8, 32])
    expect([...shared]).toEqual([2, 2])
  })

  it('pushes units further the way that the told rates point', async () => {
    const process = spatial({ lattice: lattice([9], noFlux) })
    const to =
      (ratio: number): RateFunction =>
      (_, at) =>
        new Float32Array(18 * at.length).map((_, k) => (Math.floor(k / 9) % 2 ? ratio : 1 / ratio))
    const place = async (weight: number, solver = leap({ calls: 4 })) => {
      const rate = guided(weight, to(1.02), to(1))
      const run = { process, solver, rate, masses: [[20_000]], seed: 1, batch: 1 }
      return (await sample(run)).counts.reduce((sum, n, x) => sum + n * x, 0) / 20_000
    }
    const places = [await place(0), await place(0.5), await place(1), await place(2), await place(3)]
    expect(places).toEqual([...places].sort((a, b) => a - b))
    expect(places[4]).toBeGreaterThan(places[2] + 0.1)
    expect(await place(3, cfl({ fraction: 0.5 }))).toBeGreaterThan(await place(1, cfl({ fraction: 0.5 })))
  })

  it('refuses weights below 0 and such as are no numbers', () => {
    const { rate } = fixed([1])
    for (const weight of [-0.1, Number.NaN, Infinity])
      expect(() => guided(weight, rate, rate)).toThrow(
        new RangeError(`Cannot guide rates: the weight must be finite and >= 0, got ${weight}`),
      )
  })
})
