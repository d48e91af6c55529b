// The paper's sampler: its law at any noise, its order, its condition.
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { lattice, periodic } from '../../src/lattice/index.ts'
import { type JumpProcess, spatial } from '../../src/process/index.ts'
import { cfl, type Image } from '../../src/sampling/index.ts'
import { fewUnits, withRates } from '../../src/sampling/study/enumerable.ts'
import { hoppedLaw } from '../../src/sampling/study/stepped.ts'
import { power } from '../../src/schedule/index.ts'
import { finish } from '../../src/structure/work.ts'
import { distance } from './laws.ts'
import { solverConformance } from './solver.conformance.ts'

// With large steps, whose own law is known too: that of the data is 0.05 to 0.2 away from it in total variation.
solverConformance('cfl()', {
  exact: cfl({ fraction: 0.9 }),
  law: (few, process) => finish(hoppedLaw(few, { process, fraction: 0.9, noise: 1, points: 1000 })),
  samples: 12_000,
  quick: cfl({ fraction: 1, schedule: { times: power({ exponent: 2 }), steps: 6 } }),
})

/** A walk whose rates are these, whatever it is told. */
const withFixed = (process: JumpProcess, rates: readonly number[]): JumpProcess => ({
  ...process,
  rates: (_, __, { out }) => out.set(rates),
})

describe('cfl()', () => {
  const few = fewUnits({
    lattice: lattice([5], periodic),
    rate: 0.5,
    units: 3,
    weight: i => 1 + ((i * i * 3) % 7),
  })
  const walk = spatial({ lattice: few.lattice, rate: 0.5 })
  const exact = withRates(walk, few)

  it.each([0, 0.5, 1, 2])(
    'returns the law of the data at noise %s with enumerated rates, by first order',
    noise => {
      const laws = [0.08, 0.04].map(fraction =>
        finish(hoppedLaw(few, { process: exact, fraction, noise, points: Math.ceil(60 / fraction) })),
      )
      // Two first-order laws leave what is of second order when the one is taken from twice the other.
      const limit = laws[1].map((p, s) => 2 * p - laws[0][s])
      expect(distance(limit, few.law)).toBeLessThan(0.005)
      expect(distance(laws[1], few.law)).toBeLessThan(0.65 * distance(laws[0], few.law))
      expect(distance(few.at(1), few.law)).toBeGreaterThan(0.1)
    },
  )

  it('lets no unit leave its site with a probability above epsilon', () => {
    const process = spatial({ lattice: lattice([5], periodic), rate: 2 })
    const image: Image = {
      number: 0,
      counts: Int32Array.of(0, 4, 0, 0, 9),
      time: 1,
      step: 0,
      random: random(1),
    }
    // The fastest unit is one of the last site: 2 (27 + 18) / 9 = 10 per unit of time.
    const rates = withFixed(process, [0, 2, 0, 0, 27, 0, 6, 0, 0, 18])
    expect(cfl({ fraction: 0.25 }).advance(rates, image, new Float32Array(5))).toBeCloseTo(1 - 0.025, 14)
  })

  it('makes at most a tenth of the calls at noise 0', () => {
    const process = spatial({ lattice: lattice([40], periodic) })
    const origin = Float32Array.from({ length: 40 }, (_, x) => 5 + 20 * Math.max(0, 6 - Math.abs(x - 12)))
    const end = (noise: number) => {
      const image: Image = { number: 0, counts: new Int32Array(40), time: 1, step: 0, random: random(1) }
      process.limit([920], { random: image.random, out: image.counts })
      for (const solver = cfl({ noise }); image.time > 0; image.step++)
        image.time = solver.advance(process, image, origin)
      let misplaced = 0
      for (let x = 0; x < 40; x++) misplaced += Math.abs(image.counts[x] - origin[x]) / 2
      return { calls: image.step, misplaced: misplaced / 920 }
    }
    const [still, walked] = [end(0), end(1)]
    expect(walked.calls).toBeGreaterThan(3000)
    expect(still.calls).toBeLessThanOrEqual(0.1 * walked.calls)
    expect(still.misplaced).toBeLessThan(0.1)
  })

  it('never steps beyond the next time of a schedule', () => {
    const process = spatial({ lattice: lattice([5], periodic), rate: 1e-3 })
    const solver = cfl({ fraction: 1, schedule: { times: power({ exponent: 2 }), steps: 4 } })
    const image: Image = {
      number: 0,
      counts: Int32Array.of(1, 1, 1, 1, 1),
      time: 1,
      step: 0,
      random: random(1),
    }
    const times = []
    while (image.time > 0) {
      image.time = solver.advance(process, image, new Float32Array(5).fill(1))
      times.push(image.time)
    }
    expect(times).toEqual([9 / 16, 1 / 4, 1 / 16, 0])
  })

  it('is done at once with an image that nothing moves', () => {
    const process = spatial({ lattice: lattice([3], periodic) })
    const image: Image = { number: 0, counts: Int32Array.of(0, 0, 0), time: 0.5, step: 0, random: random(1) }
    expect(cfl().advance(process, image, new Float32Array(3).fill(1))).toBe(0)
  })

  it('ends where the rates leave no time for a step', () => {
    const process = spatial({ lattice: lattice([5], periodic) })
    const image: Image = {
      number: 0,
      counts: Int32Array.of(3, 0, 0, 0, 0),
      time: 1,
      step: 0,
      random: random(1),
    }
    const rates = withFixed(process, new Array(10).fill(1e30))
    expect(cfl().advance(rates, image, new Float32Array(5))).toBe(0)
    expect(process.invariant(image.counts)).toEqual([3])
  })

  it('refuses a fraction outside (0, 1] and a noise below 0', () => {
    expect(() => cfl({ fraction: 0 })).toThrow(
      'Cannot build the CFL solver: the fraction must be in (0, 1], got 0',
    )
    expect(() => cfl({ fraction: 1.1 })).toThrow(RangeError)
    expect(() => cfl({ noise: -1 })).toThrow(RangeError)
    expect(() => cfl({ schedule: { times: power({ exponent: 2 }), steps: 0 } })).toThrow(RangeError)
  })
})
