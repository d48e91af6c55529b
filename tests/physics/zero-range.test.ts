import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { equilibriumCount, zeroRange } from '../../src/physics/index.ts'
import { chiSquareP } from '../base/chi-square.ts'

describe('zeroRange()', () => {
  it('keeps its equilibrium: geometric counts stay geometric', () => {
    const rng = random(3)
    const counts = Int32Array.from({ length: 20_000 }, () => equilibriumCount(rng, 1.5))
    zeroRange({ counts, rate: 1, time: 20, periodic: true, random: rng })
    const seen = new Int32Array(13)
    for (const n of counts) seen[Math.min(12, n)]++
    const density = counts.reduce((sum, n) => sum + n, 0) / counts.length
    expect(Math.abs(density - 1.5)).toBeLessThan(5.5 * Math.sqrt(3.75 / 20_000))
    const z = density / (1 + density)
    const expected = Array.from(seen, (_, k) => 20_000 * (k === 12 ? z ** 12 : (1 - z) * z ** k))
    expect(chiSquareP(seen, expected)).toBeGreaterThan(1e-8)
  })

  it('of one unit is the plain walk: mean squared displacement 2 rate t', () => {
    const rng = random(8)
    let sum = 0
    for (let k = 0; k < 20_000; k++) {
      const counts = new Int32Array(101)
      counts[50] = 1
      zeroRange({ counts, rate: 1.5, time: 4, random: rng })
      sum += (counts.indexOf(1) - 50) ** 2
    }
    // The variance of the squared displacement of a walk of mean square 12: 2·12² + 12.
    expect(Math.abs(sum / 20_000 - 12)).toBeLessThan(5.5 * Math.sqrt(300 / 20_000))
  })
})
