// Order two without another call: its law, its order where it has one, its stability, its memory.
import { describe, expect, it } from 'vitest'
import { lattice, noFlux } from '../../src/lattice/index.ts'
import { type JumpProcess, spatial } from '../../src/process/index.ts'
import { ancestral, grid, multistep, type OriginFunction, sample } from '../../src/sampling/index.ts'
import { heavyBall, lead } from '../../src/sampling/multistep.ts'
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

  it('leads on along a line in log tau, cut off at 0, and takes the last origin at the end', () => {
    const first = lead(undefined, [4, 1, 2], { time: 1, to: 0.5, damping: 1 })
    expect([...Array.from(first.led)]).toEqual([4, 1, 2])
    const second = lead(first.momentum, [6, 0.2, 2], { time: 0.5, to: 0.25, damping: 1 })
    expect(Array.from(second.led)).toEqual([7, 0, 2])
    // Half as long in log tau, and longer than twice as long, which counts as twice.
    const short = lead(first.momentum, [6, 0.2, 2], { time: 0.5, to: Math.sqrt(0.125), damping: 1 })
    expect(short.led[0]).toBeCloseTo(6.5, 12)
    const long = lead(first.momentum, [6, 0.2, 2], { time: 0.5, to: 0.01, damping: 1 })
    expect(long.led[0]).toBeCloseTo(8, 12)
    const last = lead(first.momentum, [6, 0.2, 2], { time: 0.5, to: 0, damping: 1 })
    expect(Array.from(last.led)).toEqual([6, 0.2, 2])
  })

  it('carries a velocity that is damped', () => {
    const { momentum } = lead(undefined, [4], { time: 1, to: 0.5, damping: 0.5 })
    const { led, momentum: next } = lead(momentum, [8], { time: 0.5, to: 0.25, damping: 0.5 })
    expect(next.velocity[0]).toBe(6)
    expect(led[0]).toBe(6 + heavyBall(0.5, 1) * 2)
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
