// Cycles: a part of the way gone again, without a change of the law.
import { describe, expect, it } from 'vitest'
import { lattice } from '../../src/lattice/index.ts'
import { spatial } from '../../src/process/index.ts'
import { ancestral, cfl, cycled, mixture, sample, solver } from '../../src/sampling/index.ts'
import { chiSquareP } from '../base/chi-square.ts'

const grid = lattice([6], 'no-flux')
const walk = spatial({ lattice: grid })
const prior = [0.35, 0.05, 0.2, 0.1, 0.25, 0.05]
const images = prior.map((_, place) => prior.map((_, x) => Number(x === place)))
const { origin } = mixture({ lattice: grid, rate: walk.rate, images, weights: prior })
const of = ancestral({ calls: 10, settle: false })

describe('cycled()', () => {
  it('keeps the law of exact origins, at the calls that it says', async () => {
    const many = 1500
    const cycles = cycled(of, { cycles: 4, between: [0.3, 0.7] })
    expect(cycles.calls).toBe(10 + 4 * 4)
    const times: number[] = []
    const masses = Array.from({ length: many }, () => [1])
    const { counts, calls } = await sample({
      ...{ process: walk, solver: cycles, origin, masses, seed: 2, batch: many },
      onStep: (image, time) => {
        if (image === 0) times.push(time)
      },
    })
    expect(calls).toBe(26)
    const found = prior.map(() => 0)
    counts.forEach((n, i) => {
      found[i % 6] += n
    })
    expect(
      chiSquareP(
        found,
        prior.map(p => many * p),
      ),
    ).toBeGreaterThan(1e-7)
    // Down, up to where the part begins four times, and down to the end.
    const rises = times.filter((time, k) => k > 0 && time > times[k - 1])
    expect(rises.length).toBe(4)
    expect(new Set(rises).size).toBe(1)
    expect(times.at(-1)).toBe(0)
  })

  it('is rebuilt from its description, and refuses what has no known calls or no part', () => {
    const cycles = cycled(of, { cycles: 2, between: [0.5, 0.7] })
    expect(solver(structuredClone(cycles.description)).description).toEqual(cycles.description)
    expect(() => cycled(cfl(), { cycles: 2, between: [0.5, 0.7] })).toThrow(/the calls of the solver/)
    expect(() => cycled(of, { cycles: 2, between: [0.5, 0.52] })).toThrow(RangeError)
    expect(() => cycled(of, { cycles: 0, between: [0.5, 0.7] })).toThrow(RangeError)
    expect(() => cycled(of, { cycles: 1, between: [0.7, 0.5] })).toThrow(RangeError)
  })
})
