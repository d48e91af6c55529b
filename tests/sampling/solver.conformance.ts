// What every solver owes: the law of its steps, exact masses under any origins, and samples that depend on (seed, i).
import { describe, expect, it } from 'vitest'
import { type Boundary, lattice, noFlux, periodic } from '../../src/lattice/index.ts'
import { type JumpProcess, spatial } from '../../src/process/index.ts'
import { type Solver, sample } from '../../src/sampling/index.ts'
import { type FewUnits, fewUnits } from '../../src/sampling/study/enumerable.ts'
import { chiSquareP } from '../base/chi-square.ts'
import { absurd } from './laws.ts'

const places: [string, number[], Boundary, number][] = [
  ['a ring of 3 sites', [3], periodic, 3],
  ['4 sites between walls', [4], noFlux, 2],
  ['2 x 2 sites between walls', [2, 2], noFlux, 2],
  ['a torus of 3 x 2 sites', [3, 2], periodic, 2],
]

interface Promises {
  /** The solver whose law is known. */
  readonly exact: Solver
  /** The law that its steps give it, told the exact origin, by enumeration. */
  readonly law: (few: FewUnits, process: JumpProcess) => Float64Array
  readonly samples?: number
  /** The solver with few calls, whatever it is told. */
  readonly quick: Solver
}

export function solverConformance(
  name: string,
  { exact, law: lawOf, quick, samples = 3000 }: Promises,
): void {
  describe(`${name} as a solver`, () => {
    it.each(places)(
      'returns the law of its steps, told exact origins, on %s',
      async (_, lengths, boundary, units) => {
        const grid = lattice(lengths, boundary)
        const process = spatial({ lattice: grid })
        const few = fewUnits({
          lattice: grid,
          rate: process.rate,
          units,
          weight: i => 1 + ((i * i * 3) % 7) ** 2,
        })
        const masses = new Array(samples).fill([units])
        const { origin } = few
        const run = { process, solver: exact, origin, masses, seed: 5, batch: 500 }
        const { counts } = await sample(run)
        const seen = new Float64Array(few.states.length)
        for (let i = 0; i < samples; i++)
          seen[few.index(counts.subarray(i * grid.size, (i + 1) * grid.size))]++
        const expected = (law: Float64Array) => law.map(p => p * samples)
        expect(chiSquareP(seen, expected(lawOf(few, process)))).toBeGreaterThan(1e-6)
        // And the test can fail: the limit law is far from it.
        expect(chiSquareP(seen, expected(few.at(1)))).toBeLessThan(1e-6)
      },
      300_000,
    )

    it.each([
      ['a torus', periodic],
      ['walls', noFlux],
    ])('keeps the mass of every channel under absurd origins on %s', async (_, boundary) => {
      const process = spatial({ lattice: lattice([4, 5], boundary), channels: 3 })
      const masses = [
        [7, 0, 300],
        [0, 0, 0],
        [1, 90_000, 12],
      ]
      const origin = absurd(process.sites)
      const run = { process, solver: quick, origin, masses, seed: 0, batch: 2, checkEvery: 1 }
      const { counts } = await sample(run)
      const size = 3 * process.sites
      masses.forEach((mass, i) => {
        const own = counts.subarray(i * size, (i + 1) * size)
        expect(process.invariant(own)).toEqual(mass)
        expect(own.every(n => n >= 0)).toBe(true)
      })
    })

    it('gives image i the same bytes whatever stands beside it', async () => {
      const process = spatial({ lattice: lattice([4, 3], noFlux) })
      const origin = absurd(process.sites)
      const masses = Array.from({ length: 9 }, (_, i) => [10 + 5 * i])
      const draw = async (from: number, to: number, batch: number, seed = 3) => {
        const some = masses.slice(from, to)
        return (await sample({ process, solver: quick, origin, masses: some, seed, first: from, batch }))
          .counts
      }
      const all = await draw(0, 9, 9)
      expect(await draw(0, 4, 3)).toEqual(all.subarray(0, 4 * process.sites))
      expect(await draw(0, 9, 2)).toEqual(all)
      expect(await draw(5, 8, 4)).toEqual(all.subarray(5 * process.sites, 8 * process.sites))
      expect(await draw(0, 9, 9, 4)).not.toEqual(all)
    })

    it('has a description that survives JSON', () => {
      expect(JSON.parse(JSON.stringify(exact.description))).toEqual(exact.description)
    })
  })
}
