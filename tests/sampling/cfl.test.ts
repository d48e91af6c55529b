// The paper's sampler: its law, its order, its condition.
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { lattice, noFlux, periodic } from '../../src/lattice/index.ts'
import { spatial } from '../../src/process/index.ts'
import { cfl, type Image } from '../../src/sampling/index.ts'
import { power } from '../../src/schedule/index.ts'
import { distance, order } from './one-unit.ts'
import { solverConformance } from './solver.conformance.ts'
import { knownLaw } from './states.ts'
import { steppedLaw } from './stepped.ts'

// With large steps, whose own law is known too: that of the rates is 0.1 to 0.2 away from it in total variation.
solverConformance('cfl()', {
  exact: cfl({ fraction: 0.9 }),
  law: (known, place) => steppedLaw(known, { ...place, fraction: 0.9 }),
  samples: 12_000,
  wild: 2,
  quick: cfl({ fraction: 1, schedule: { times: power({ exponent: 2 }), steps: 6 } }),
})

describe('cfl()', () => {
  it.each([
    ['a ring', periodic],
    ['walls', noFlux],
  ])('is of first order in epsilon on %s', async (_, boundary) => {
    const place = { lattice: lattice([6], boundary), image: [5, 0, 1, 3, 0, 0] }
    const points = []
    for (const fraction of [0.8, 0.4, 0.2]) points.push(await distance(cfl({ fraction }), place))
    expect(order(points)).toBeGreaterThan(0.8)
    expect(order(points)).toBeLessThan(1.3)
    expect(points[2].error).toBeLessThan(0.003)
  })

  it('has the law of the rates in the limit of small steps, by first order', () => {
    const place = { lattice: lattice([3], periodic), rate: 2 }
    const known = knownLaw({ ...place, units: 3, weight: i => 1 + ((i * i * 3) % 7) ** 2 })
    const distances = [0.25, 0.125, 0.0625].map(fraction =>
      steppedLaw(known, { ...place, fraction, points: 400 / fraction }).reduce(
        (sum, p, s) => sum + Math.abs(p - known.weights[s]) / 2,
        0,
      ),
    )
    expect(distances[0]).toBeCloseTo(0.0962, 3)
    expect(distances[1] / distances[0]).toBeCloseTo(0.593, 2)
    expect(distances[2] / distances[1]).toBeCloseTo(0.561, 2)
  })

  it('lets no unit leave its site with a probability above epsilon', () => {
    const process = spatial({ lattice: lattice([5], periodic), rate: 2 })
    const image: Image = { counts: Int32Array.of(0, 4, 0, 0, 9), time: 1, step: 0, random: random(1) }
    const ratios = Float32Array.of(99, 0.5, 9, 9, 3, 99, 1.5, 9, 9, 2)
    // The fastest occupied site is the last: 2 (3 + 2) = 10 per unit of time.
    expect(cfl({ fraction: 0.25 }).advance(process, image, ratios)).toBeCloseTo(1 - 0.025, 14)
  })

  it('never steps beyond the next time of a schedule', () => {
    const process = spatial({ lattice: lattice([5], periodic), rate: 1e-3 })
    const solver = cfl({ fraction: 1, schedule: { times: power({ exponent: 2 }), steps: 4 } })
    const image: Image = { counts: Int32Array.of(1, 1, 1, 1, 1), time: 1, step: 0, random: random(1) }
    const times = []
    while (image.time > 0) {
      image.time = solver.advance(process, image, new Float32Array(10).fill(1))
      times.push(image.time)
    }
    expect(times).toEqual([9 / 16, 1 / 4, 1 / 16, 0])
  })

  it('is done at once with an image that nothing moves', () => {
    const process = spatial({ lattice: lattice([3], periodic) })
    const image: Image = { counts: Int32Array.of(0, 0, 0), time: 0.5, step: 0, random: random(1) }
    expect(cfl().advance(process, image, new Float32Array(6).fill(1))).toBe(0)
  })

  it('ends where the rates leave no time for a step', () => {
    const process = spatial({ lattice: lattice([5], periodic) })
    const image: Image = { counts: Int32Array.of(3, 0, 0, 0, 0), time: 1, step: 0, random: random(1) }
    expect(cfl().advance(process, image, new Float32Array(10).fill(1e30))).toBe(0)
    expect(process.invariant(image.counts)).toEqual([3])
  })

  it('refuses a fraction outside (0, 1]', () => {
    expect(() => cfl({ fraction: 0 })).toThrow(
      'Cannot build the CFL solver: the fraction must be in (0, 1], got 0',
    )
    expect(() => cfl({ fraction: 1.1 })).toThrow(RangeError)
    expect(() => cfl({ schedule: { times: power({ exponent: 2 }), steps: 0 } })).toThrow(RangeError)
  })
})
