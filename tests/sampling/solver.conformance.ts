// What every solver owes: the law of exact rates, exact masses under any rates, and samples that depend on (seed, i).
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { type Boundary, type Lattice, lattice, noFlux, periodic } from '../../src/lattice/index.ts'
import { spatial } from '../../src/process/index.ts'
import { type RateFunction, type Solver, sample } from '../../src/sampling/index.ts'
import { chiSquareP } from '../base/chi-square.ts'
import { type KnownLaw, knownLaw } from './states.ts'

const places: [string, number[], Boundary, number][] = [
  ['a ring of 3 sites', [3], periodic, 3],
  ['4 sites between walls', [4], noFlux, 2],
  ['2 x 2 sites between walls', [2, 2], noFlux, 2],
  ['a torus of 3 x 2 sites', [3, 2], periodic, 2],
]

/** Rates of no law at all: from 10^-wild to 10^wild, and zeros, from the counts alone so that they are a function. */
const absurd =
  (jumps: number, sites: number, wild: number): RateFunction =>
  (counts, times) => {
    const out = new Float32Array(counts.length * jumps)
    const size = out.length / times.length
    for (let i = 0; i < times.length; i++) {
      let key = Math.floor(times[i] * 1e9)
      for (let x = 0; x < size / jumps; x++) key += counts[(i * size) / jumps + x] * ((x % sites) + 1)
      const rng = random(key)
      for (let k = 0; k < size; k++)
        out[i * size + k] = rng.u32() % 5 === 0 ? 0 : 10 ** (wild * (2 * rng.uniform() - 1))
    }
    return out
  }

interface Promises {
  /** The solver with steps so small that its law is that of the rates, or with any steps and `law`. */
  readonly exact: Solver
  /** The law that its steps give it, if not that of the rates. */
  readonly law?: (known: KnownLaw, place: { lattice: Lattice; rate: number }) => Float64Array
  readonly samples?: number
  /** The solver with few calls; where its steps follow the rates, few for rates up to 10^`wild`. */
  readonly quick: Solver
  readonly wild?: number
}

export function solverConformance(
  name: string,
  { exact, law: lawOf = known => known.weights, quick, samples = 3000, wild = 6 }: Promises,
): void {
  describe(`${name} as a solver`, () => {
    it.each(places)(
      'returns a known law on %s',
      async (_, lengths, boundary, units) => {
        const grid = lattice(lengths, boundary)
        const process = spatial({ lattice: grid })
        const law = knownLaw({
          lattice: grid,
          rate: process.rate,
          units,
          weight: i => 1 + ((i * i * 3) % 7) ** 2,
        })
        const n = samples
        const masses = new Array(n).fill([units])
        const { counts } = await sample({
          process,
          solver: exact,
          rate: law.rates,
          masses,
          seed: 5,
          batch: 500,
        })
        const seen = new Float64Array(law.states.length)
        for (let i = 0; i < n; i++) seen[law.index(counts.subarray(i * grid.size, (i + 1) * grid.size))]++
        expect(
          chiSquareP(
            seen,
            lawOf(law, { lattice: grid, rate: process.rate }).map(p => p * n),
          ),
        ).toBeGreaterThan(1e-6)
        // And the test can fail: the limit law is far from it.
        expect(
          chiSquareP(
            seen,
            law.at(1).map(p => p * n),
          ),
        ).toBeLessThan(1e-6)
      },
      300_000,
    )

    it.each([
      ['a torus', periodic],
      ['walls', noFlux],
    ])('keeps the mass of every channel under absurd rates on %s', async (_, boundary) => {
      const process = spatial({ lattice: lattice([4, 5], boundary), channels: 3 })
      const masses = [
        [7, 0, 300],
        [0, 0, 0],
        [1, 90_000, 12],
      ]
      const rate = absurd(process.jumps, process.sites, wild)
      const { counts } = await sample({
        process,
        solver: quick,
        rate,
        masses,
        seed: 0,
        batch: 2,
        checkEvery: 1,
      })
      const size = 3 * process.sites
      masses.forEach((mass, i) => {
        const own = counts.subarray(i * size, (i + 1) * size)
        expect(process.invariant(own)).toEqual(mass)
        expect(own.every(n => n >= 0)).toBe(true)
      })
    })

    it('gives image i the same bytes whatever stands beside it', async () => {
      const process = spatial({ lattice: lattice([4, 3], noFlux) })
      const rate = absurd(process.jumps, process.sites, wild)
      const masses = Array.from({ length: 9 }, (_, i) => [10 + 5 * i])
      const draw = async (from: number, to: number, batch: number) => {
        const some = masses.slice(from, to)
        return (await sample({ process, solver: quick, rate, masses: some, seed: 3, first: from, batch }))
          .counts
      }
      const all = await draw(0, 9, 9)
      expect(await draw(0, 4, 3)).toEqual(all.subarray(0, 4 * process.sites))
      expect(await draw(0, 9, 2)).toEqual(all)
      expect(await draw(5, 8, 4)).toEqual(all.subarray(5 * process.sites, 8 * process.sites))
      const other = await sample({ process, solver: quick, rate, masses, seed: 4, batch: 9 })
      expect(other.counts).not.toEqual(all)
    })

    it('has a description that survives JSON', () => {
      expect(JSON.parse(JSON.stringify(exact.description))).toEqual(exact.description)
    })
  })
}
