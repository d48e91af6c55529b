// Rebuilding a schedule from plain data, and the promise that none builds unless it rises.
import { describe, expect, it } from 'vitest'
import { schedule } from '../../src/schedule/index.ts'
import { type ScheduleDescription, scheduleOf } from '../../src/schedule/schedule.ts'

describe('schedule()', () => {
  it('`schedule()` rebuilds every kind', () => {
    const descriptions: ScheduleDescription[] = [
      { kind: 'logit', tau1: 6, tau2: 3 },
      { kind: 'power', exponent: 4 },
      { kind: 'cosine', offset: 0.01 },
      { kind: 'exponential', start: 1e-4 },
      { kind: 'designed', u: [0, 0.3, 1], t: [0.001, 0.1, 1] },
    ]
    for (const description of descriptions) expect(schedule(description).description).toEqual(description)
  })

  it('`schedule()` builds none that starts at 1: a network divides by the logarithm of its first time', () => {
    for (let bit = 1; bit <= 53; bit++) {
      const start = 1 - 2 ** -bit
      for (const description of [
        { kind: 'exponential', start },
        { kind: 'designed', u: [0, 1], t: [start, 1] },
        { kind: 'logit', tau1: 2 ** (bit - 44), tau2: 700 },
      ] as ScheduleDescription[]) {
        let first = 0
        try {
          first = schedule(description).time(0)
        } catch {
          continue
        }
        expect(first).toBeLessThan(1)
        expect(Number.isFinite(1 / Math.log(Math.max(first, 1e-6)))).toBe(true)
      }
    }
    expect(() => schedule({ kind: 'exponential', start: 1 - 2 ** -53 })).toThrow(
      'must be above the one before',
    )
    expect(() => schedule({ kind: 'designed', u: [0, 1], t: [1, 1] })).toThrow(RangeError)
  })

  it('`schedule()` checks what it is given', () => {
    const build = (value: unknown) => () => schedule(value as ScheduleDescription)
    const message =
      'Cannot build the schedule: its kind must be one of logit, power, cosine, exponential, designed'
    for (const value of [null, undefined, {}, { kind: 'linear' }, { kind: 'toString' }, { kind: 4 }])
      expect(build(value)).toThrow(message)
    expect(build({ kind: 'power', exponent: 0 })).toThrow('the exponent must be in [1, 64], got 0')
    expect(build({ kind: 'designed', u: 3, t: 4 })).toThrow('options.u must be an array, got 3')
  })
})

describe('scheduleOf()', () => {
  const description: ScheduleDescription = { kind: 'power', exponent: 1 }
  const inverse = (height: number) => height

  it('`scheduleOf()` does not build a schedule that pauses or turns back', () => {
    const turning = { height: (u: number) => u + 0.3 * Math.sin(8 * u), derivative: () => 1, inverse }
    expect(() => scheduleOf(description, turning)).toThrow('must be above the one before')
    const pausing = { height: (u: number) => Math.max(0.25, u), derivative: () => 1, inverse }
    expect(() => scheduleOf(description, pausing)).toThrow(
      'the time at u = 0.00390625 must be above the one before',
    )
  })

  it('`scheduleOf()` does not build on a negative start or a slope of 0 inside', () => {
    const early = { height: (u: number) => 2 * u - 1, derivative: () => 2, inverse }
    expect(() => scheduleOf(description, early)).toThrow('the time at u = 0 must be >= 0, got -1')
    const flat = { height: (u: number) => u, derivative: (u: number) => (u > 0.5 ? 0 : 1), inverse }
    expect(() => scheduleOf(description, flat)).toThrow('the slope at u = 0.501953125 must be > 0, got 0')
  })
})
