// Order two without another call: its law, its order where it has one, its stability, its memory.
import { describe, expect, it } from 'vitest'
import { lattice, noFlux } from '../../src/lattice/index.ts'
import { type JumpProcess, spatial } from '../../src/process/index.ts'
import { ancestral, grid, multistep, type OriginFunction, sample } from '../../src/sampling/index.ts'
import { heavyBall, lateness, lead } from '../../src/sampling/multistep.ts'
import type { FewUnits } from '../../src/sampling/study/enumerable.ts'
import { fittedOrder, smoothError, stabilityLimit } from '../../src/sampling/study/stability.ts'
import { steppedLaw } from '../../src/sampling/study/stepped.ts'
import { chainSubject, walkSubject } from '../../src/sampling/study/subject.ts'
import { finish } from '../../src/structure/work.ts'
import { distance } from './laws.ts'
import { solverConformance } from './solver.conformance.ts'

const options = { calls: 5, smallest: 0.1 }
const timesOf = (process: JumpProcess) =>
  Array.from({ length: options.calls + 1 }, (_, k) => grid(options).time(process, k))

solverConformance('multistep()', {
  exact: multistep({ ...options, settle: false }),
  law: (few: FewUnits, process) =>
    finish(steppedLaw(walkSubject(few), { order: 2, times: timesOf(process) })),
  samples: 12_000,
  quick: multistep({ calls: 4, damping: 0.7 }),
})

describe('the rule of multistep()', () => {
  it.each([1, 0.8, 0.5, 0.25])('has order two on a smooth path at damping %s', damping => {
    const points = [64, 128, 256, 512].map(calls => ({
      calls,
      error: smoothError({ order: 2, damping }, calls),
    }))
    expect(fittedOrder(points)).toBeGreaterThan(1.8)
    expect(fittedOrder(points)).toBeLessThan(2.2)
  })

  it.each([1, 0.8, 0.5, 0.25])(
    'is stable down to -(2 - beta) on the real axis at damping beta = %s',
    damping => {
      expect(Math.abs(stabilityLimit({ order: 2, damping }) - (2 - damping))).toBeLessThan(1e-3)
    },
  )

  it('has order one and the limit 2 without what is carried beyond', () => {
    const points = [64, 128, 256, 512].map(calls => ({
      calls,
      error: smoothError({ order: 1, damping: 1 }, calls),
    }))
    expect(fittedOrder(points)).toBeCloseTo(1, 1)
    expect(Math.abs(stabilityLimit({ order: 1, damping: 1 }) - 2)).toBeLessThan(1e-3)
  })

  it('leads on along a line in log tau, further in long steps, cut off at 0, and takes the last origin at the end', () => {
    const first = lead(undefined, [4, 1, 2], { time: 1, to: 0.5, damping: 1 })
    expect(Array.from(first.led)).toEqual([4, 1, 2])
    const led = (to: number) =>
      Array.from(lead(first.momentum, [6, 0.2, 2], { time: 0.5, to, damping: 1 }).led)
    const beyond = (to: number) => (led(to)[0] - 6) / 2
    expect(led(0.25).slice(1)).toEqual([0, 2])
    expect(beyond(0.25)).toBeCloseTo(0.5 * lateness(0.5), 12)
    // Half as long in log tau, and longer than twice as long, which counts as twice.
    expect(beyond(Math.sqrt(0.125))).toBeCloseTo(0.25 * lateness(Math.SQRT1_2), 12)
    expect(beyond(0.01)).toBeCloseTo(lateness(0.02), 12)
    expect(led(0)).toEqual([6, 0.2, 2])
  })

  it('leads on by the mean place of what counts in a step: halfway in short ones, later in long ones', () => {
    expect(lateness(1)).toBe(1)
    expect(lateness(1 - 1e-4)).toBeCloseTo(1 + 4e-4 / 6, 9)
    // ∫ x e^(h x) dx / ∫ e^(h x) dx over [0, 1] at h = 2, by Simpson's rule.
    const weigh = (f: (x: number) => number) =>
      Array.from({ length: 1001 }, (_, i) => (i % 1000 === 0 ? 1 : i % 2 ? 4 : 2) * f(i / 1000)).reduce(
        (sum, term) => sum + term / 3000,
        0,
      )
    const place = weigh(x => x * Math.exp(2 * x)) / weigh(x => Math.exp(2 * x))
    expect(lateness(0.5)).toBeCloseTo(2 * place, 9)
    expect(lateness(0)).toBeLessThan(2)
  })

  it('carries a velocity that is damped', () => {
    const { momentum } = lead(undefined, [4], { time: 1, to: 0.5, damping: 0.5 })
    const { led, momentum: next } = lead(momentum, [8], { time: 0.5, to: 0.25, damping: 0.5 })
    expect(next.velocity[0]).toBe(6)
    expect(led[0]).toBeCloseTo(6 + heavyBall(0.5, 1) * lateness(0.5) * 2, 12)
  })
})

describe('multistep()', () => {
  it('is several times nearer than ancestral() in as many calls, on sites that depend on each other', () => {
    const chain = chainSubject({ sites: 2, states: 3, rate: 3, weight: i => 1 + ((i * i * 3) % 7) })
    const times = Array.from({ length: 17 }, (_, k) => 0.05 ** (k / 16))
    const [one, two] = ([1, 2] as const).map(order =>
      distance(finish(steppedLaw(chain, { order, times })), chain.at(0.05)),
    )
    expect(two).toBeLessThan(0.6 * one)
  })

  it('does as ancestral() does where the origin does not change', async () => {
    const process = spatial({ lattice: lattice([3, 4], noFlux) })
    const origin: OriginFunction = counts => new Float32Array(counts.length).map((_, k) => 1 + (k % 5))
    const run = { process, origin, masses: [[500], [60]], seed: 2, batch: 2 }
    const one = await sample({ ...run, solver: ancestral({ calls: 6 }) })
    const two = await sample({ ...run, solver: multistep({ calls: 6 }) })
    expect(two.counts).toEqual(one.counts)
  })

  it('refuses impossible options', () => {
    expect(() => multistep({ damping: 0 })).toThrow(
      'Cannot build the multistep solver: the damping must be in (0, 1], got 0',
    )
    expect(() => multistep({ damping: 1.1 })).toThrow(RangeError)
    expect(() => multistep({ noise: 9 })).toThrow(RangeError)
  })
})
