// Guidance: the mixture of two origin functions.
import { describe, expect, it } from 'vitest'
import { lattice, noFlux } from '../../src/lattice/index.ts'
import { spatial } from '../../src/process/index.ts'
import { ancestral, cfl, guided, type OriginFunction, sample } from '../../src/sampling/index.ts'

const counts = new Int32Array(4)
const times = Float64Array.of(0.5)

/** An origin function of fixed numbers that counts how often it is asked. */
function fixed(origins: readonly number[]) {
  const asked: (number | undefined)[] = []
  const origin: OriginFunction = (_, __, first) => {
    asked.push(first)
    return Float32Array.from(origins)
  }
  return { origin, asked }
}

const mixed = async (weight: number, told: number[], untold: number[]) => [
  ...(await guided(weight, fixed(told).origin, fixed(untold).origin)(counts, times)),
]

describe('guided()', () => {
  it('multiplies powers of the two origins, told^w untold^(1 - w)', async () => {
    const [told, untold] = [
      [2, 0.25, 1, 9, 3],
      [1, 0.5, 4, 9, 0.1],
    ]
    for (const weight of [0, 0.5, 1, 1.5, 2, 3]) {
      const got = await mixed(weight, told, untold)
      got.forEach((value, k) => {
        const wanted = told[k] ** weight * untold[k] ** (1 - weight)
        expect(Math.abs(value / wanted - 1)).toBeLessThan(1e-6)
      })
    }
  })

  it('asks only the told at weight 1, only the untold at 0, and both about the same images otherwise', async () => {
    for (const [weight, toTold, toUntold] of [
      [1, [32], []],
      [0, [], [32]],
      [2, [32], [32]],
    ] as const) {
      const [told, untold] = [fixed([1, 2]), fixed([3, 4])]
      await guided(weight, told.origin, untold.origin)(counts, times, 32)
      expect([told.asked, untold.asked]).toEqual([toTold, toUntold])
    }
  })

  it('stays finite and >= 0 whatever a network may say, and as it is where both agree', async () => {
    const got = await mixed(3, [1e8, 0, 255, 0, 7], [0, 1e8, 0, 0, 7])
    expect(got.every(value => value >= 0 && value <= 1e9)).toBe(true)
    expect(got[0]).toBe(1e9)
    expect(got[1]).toBeLessThan(1e-9)
    expect(got.slice(3)).toEqual([0, 7])
  })

  it('copies the first answer where both come in the same array, and changes neither', async () => {
    const shared = new Float32Array(2)
    const into = (origins: number[]) => async () => {
      shared.set(origins)
      return shared
    }
    const origin = guided(2, into([4, 8]), into([2, 2]))
    expect([...(await origin(counts, times))].map(Math.round)).toEqual([8, 32])
    expect([...shared]).toEqual([2, 2])
  })

  it('pushes units further the way that the told origin leans', async () => {
    const process = spatial({ lattice: lattice([9], noFlux) })
    const towards =
      (lean: number): OriginFunction =>
      (_, at) =>
        new Float32Array(9 * at.length).map((_, k) => Math.exp(lean * (k % 9)))
    const place = async (weight: number, solver = ancestral({ calls: 4 })) => {
      const origin = guided(weight, towards(0.05), towards(0))
      const run = { process, solver, origin, masses: [[20_000]], seed: 1, batch: 1 }
      return (await sample(run)).counts.reduce((sum, n, x) => sum + n * x, 0) / 20_000
    }
    const places = [await place(0), await place(0.5), await place(1), await place(2), await place(3)]
    expect(places).toEqual([...places].sort((a, b) => a - b))
    expect(places[4]).toBeGreaterThan(places[2] + 0.1)
    const hops = cfl({ fraction: 1 })
    expect(await place(3, hops)).toBeGreaterThan((await place(1, hops)) + 0.1)
  })

  it('refuses weights below 0 and such as are no numbers', () => {
    const { origin } = fixed([1])
    for (const weight of [-0.1, Number.NaN, Infinity])
      expect(() => guided(weight, origin, origin)).toThrow(
        new RangeError(`Cannot guide origins: the weight must be finite and >= 0, got ${weight}`),
      )
  })
})
