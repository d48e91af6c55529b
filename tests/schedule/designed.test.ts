// Schedules from a table, and the table from a measured similarity.
import { describe, expect, it } from 'vitest'
import { design, designed } from '../../src/schedule/index.ts'
import { conforms } from './schedule.conformance.ts'

const decades = (points: number, start: number) =>
  Array.from({ length: points }, (_, i) => start ** (1 - i / (points - 1)))

describe('designed()', () => {
  describe('two knots', () => conforms(designed({ u: [0, 1], t: [1e-3, 1] })))
  describe('uneven knots', () =>
    conforms(designed({ u: [0, 0.02, 0.4, 0.45, 0.9, 1], t: [1e-5, 1e-4, 2e-4, 0.1, 0.11, 1] })))

  it('`designed()` passes through its knots and bends without a corner', () => {
    const u = [0, 0.02, 0.4, 0.45, 0.9, 1]
    const t = [1e-5, 1e-4, 2e-4, 0.1, 0.11, 1]
    const made = designed({ u, t })
    u.forEach((knot, i) => {
      expect(made.time(knot) / t[i]).toBeCloseTo(1, 13)
      expect(made.coordinate(t[i])).toBeCloseTo(knot, 13)
      if (i === 0 || i === u.length - 1) return
      expect(made.slope(knot - 1e-9) / made.slope(knot + 1e-9)).toBeCloseTo(1, 4)
    })
  })

  it('`designed()` through points of a smooth curve follows it between them, ends included, at third order or better', () => {
    const time = (u: number) => Math.exp(-5 + 8 * u - 3 * u * u)
    const worst = (cells: number) => {
      const u = Array.from({ length: cells + 1 }, (_, i) => i / cells)
      const made = designed({ u, t: u.map(time) })
      let error = 0
      for (let at = 0; at < 1; at += 0.0031) error = Math.max(error, Math.abs(made.time(at) / time(at) - 1))
      return error
    }
    expect(worst(40)).toBeLessThan(1e-3)
    expect(Math.log2(worst(40) / worst(80))).toBeGreaterThan(2.5)
  })

  it('`designed()` refuses tables that are not strictly increasing from start to 1', () => {
    const build = (u: number[], t: number[]) => () => designed({ u, t })
    expect(build([0, 0.5, 1], [0.1, 0.1, 1])).toThrow('t[1] must be above t[0] = 0.1, got 0.1')
    expect(build([0, 0.5, 0.4, 1], [0.1, 0.2, 0.3, 1])).toThrow('u[2] must be above u[1] = 0.5, got 0.4')
    expect(build([0, 1], [0, 1])).toThrow('t must be a list from above 0 to 1')
    expect(build([0.1, 1], [0.1, 1])).toThrow('u must be a list from 0 to 1')
    expect(build([0, 1], [0.1, 0.2, 1])).toThrow('u and t must be lists of equal length >= 2')
    expect(build([0, Number.NaN, 1], [0.1, 0.2, 1])).toThrow('u must be a list of finite numbers')
    expect(() => designed({ u: [0, 1] } as unknown as { u: number[]; t: number[] })).toThrow(
      'options.t must be an array',
    )
  })
})

describe('design()', () => {
  const times = decades(33, 1e-4)
  const fall = (t: number) => 1 / (1 + (t / 0.02) ** 1.5)

  describe('the schedule of a measured fall', () => conforms(design({ times, similarity: times.map(fall) })))

  it('`design()` lets the similarity fall evenly in u', () => {
    const made = design({ times, similarity: times.map(fall), share: 0.01 })
    const steps = 20
    const falls = Array.from(
      { length: steps },
      (_, k) => fall(made.time(k / steps)) - fall(made.time((k + 1) / steps)),
    )
    const even = (fall(1e-4) - fall(1)) / steps
    for (const each of falls) expect(Math.abs(each / even - 1)).toBeLessThan(0.1)
  })

  it('`design()` gives a flat stretch its share of u and no more', () => {
    // All of the fall happens between 1e-2 and 1e-1: one of four decades.
    const step = decades(41, 1e-4)
    const similarity = step.map(t => Math.min(1, Math.max(0, -1 - Math.log10(t))))
    const made = design({ times: step, similarity, share: 0.2 })
    expect(made.coordinate(1e-2)).toBeCloseTo(0.1, 9)
    expect(made.coordinate(1e-1)).toBeCloseTo(0.95, 9)
  })

  it('`design()` takes the noise of the measurement out, keeping its mean', () => {
    const made = design({ times: [0.01, 0.1, 0.3, 1], similarity: [1, 0.4, 0.6, 0], share: 0.001 })
    // 0.4 and 0.6 are pooled into 0.5: both knots lie in the middle of the fall.
    expect(made.coordinate(0.1)).toBeCloseTo(0.5, 2)
    expect(made.coordinate(0.3)).toBeCloseTo(0.5, 2)
    expect(made.coordinate(0.3)).toBeGreaterThan(made.coordinate(0.1))
  })

  it('`design()` refuses measurements that do not fall', () => {
    const build = (measured: { times: number[]; similarity: number[]; share?: number }) => () =>
      design(measured)
    expect(build({ times: [0.1, 1], similarity: [0.2, 0.9] })).toThrow(
      'the similarity must be falling with time',
    )
    expect(build({ times: [0.1, 1], similarity: [1, Number.NaN] })).toThrow('a list of finite numbers')
    expect(build({ times: [0.1, 1], similarity: [1, 0], share: 0 })).toThrow(
      'the share must be between 0 and 1',
    )
    expect(build({ times: [0.1, 0.9], similarity: [1, 0] })).toThrow('t must be a list from above 0 to 1')
    expect(build({ times: [0.1], similarity: [1] })).toThrow('lists of equal length >= 2')
  })
})
