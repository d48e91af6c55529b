// The walk on the infinite line: its moments, its integral form, and how far it reaches.
import { describe, expect, it } from 'vitest'
import { line, reach } from '../../src/lattice/line.ts'

function law(tau: number, wanted = 0): Float64Array {
  const last = wanted + reach(tau)
  const q = new Float64Array(last + 1)
  line(tau, last, q)
  return q
}

const taus = [0, 1e-12, 1e-4, 0.1, 0.9, 4, 33, 500, 2e4]

describe('line()', () => {
  it('`line()` has sum 1 and variance 2 tau', () => {
    for (const tau of taus) {
      let sum = 0
      let variance = 0
      law(tau).forEach((q, j) => {
        sum += j === 0 ? q : 2 * q
        variance += 2 * j * j * q
      })
      expect(Math.abs(sum - 1)).toBeLessThan(1e-14)
      expect(Math.abs(variance - 2 * tau)).toBeLessThan(1e-13 * (2 * tau) + 1e-300)
    }
  })

  it('`line()` is the Fourier integral (1/pi) ∫ e^{-2 tau (1 - cos a)} cos(j a) da', () => {
    for (const tau of taus) {
      const q = law(tau, 10)
      const points = 4096
      for (const j of [0, 1, 2, 9]) {
        let sum = 0
        for (let i = 0; i < points; i++) {
          const angle = (2 * Math.PI * i) / points
          sum += Math.exp(-4 * tau * Math.sin(angle / 2) ** 2) * Math.cos(j * angle)
        }
        expect(Math.abs(q[j] - sum / points)).toBeLessThan(1e-14)
      }
    }
  })

  it('`line()` starts as tau^j / j! when tau is tiny, far below the smallest number that a sum of modes sees', () => {
    const tau = 1e-6
    const q = law(tau, 40)
    let wanted = Math.exp(-2 * tau)
    for (let j = 1; j <= 40; j++) {
      wanted *= tau / j
      // The next term of the series is tau²/(j+1) smaller.
      expect(Math.abs(q[j] / wanted - 1)).toBeLessThan(1e-11)
    }
    expect(wanted).toBeLessThan(1e-280)
  })

  it('`reach()` is far enough for a fall by 1e-18, from the origin and from any other place', () => {
    for (const tau of taus) {
      const x = reach(tau)
      for (const j of [0, 1, 5, 60]) {
        const q = law(tau, j + x)
        expect(q[j + x]).toBeLessThanOrEqual(1e-18 * q[j])
      }
      expect(x).toBeLessThan(29 + 14 * Math.sqrt(tau))
    }
  })
})
