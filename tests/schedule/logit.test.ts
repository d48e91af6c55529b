// The authors' schedule against its printed formula.
import { describe, expect, it } from 'vitest'
import { logit } from '../../src/schedule/index.ts'
import { conforms } from './schedule.conformance.ts'

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))
const inverse = (p: number) => Math.log(p / (1 - p))

describe('logit()', () => {
  describe('with the constants of the paper', () => conforms(logit()))
  describe('with others', () => conforms(logit({ tau1: 3, tau2: 11 })))

  it.each([
    [7.5, 2.5],
    [5, 4],
  ])('`logit()` is DSD eq. (2) at u = (k-1)/(T-2), tau1 = %f, tau2 = %f', (tau1, tau2) => {
    const steps = 2000
    const { time } = logit({ tau1, tau2 })
    const start = inverse(1 - Math.exp(-tau1))
    const change = inverse(Math.exp(-tau1)) - inverse(1 - Math.exp(-tau2))
    for (let k = 1; k < steps; k++) {
      const u = (k - 1) / (steps - 2)
      const wanted = -Math.log(sigmoid(start + u * change)) / tau2
      // The printed form subtracts from 1: it is itself good to 1e-12 or so.
      expect(Math.abs(time(u) / wanted - 1)).toBeLessThan(1e-11)
    }
  })

  it('`logit()` starts at 2.2e-4 and has the constants 7.5 and 2.5 unless told otherwise', () => {
    expect(logit().description).toEqual({ kind: 'logit', tau1: 7.5, tau2: 2.5 })
    expect(logit().time(0)).toBeCloseTo(-Math.log1p(-Math.exp(-7.5)) / 2.5, 15)
  })

  it('`logit()` refuses constants that make no rising schedule', () => {
    expect(() => logit({ tau1: 0 })).toThrow(
      'Cannot build the logit schedule: tau1 must be in (0, 700], got 0',
    )
    expect(() => logit({ tau2: 701 })).toThrow('tau2 must be in (0, 700], got 701')
    expect(() => logit({ tau1: 0.1, tau2: 0.1 })).toThrow('(e^tau1 - 1)(e^tau2 - 1) must be > 1')
  })
})
