// The exact kernels of one axis against matrix exponentials computed another way, and the laws they must obey.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type BoundaryName, boundary, noFlux, periodic } from '../../src/lattice/index.ts'

interface Case {
  length: number
  boundary: BoundaryName
  tau: number
  rows: number[]
  probabilities: number[][]
}

const cases: Case[] = JSON.parse(readFileSync(new URL('./vectors/kernels.json', import.meta.url), 'utf8'))

/** [L, L] times [L, L]. */
function product(a: Float64Array, b: Float64Array, length: number): Float64Array {
  const out = new Float64Array(length * length)
  for (let i = 0; i < length; i++)
    for (let k = 0; k < length; k++)
      for (let j = 0; j < length; j++) out[i * length + j] += a[i * length + k] * b[k * length + j]
  return out
}

/** Largest |a/b - 1| over the entries where b is not negligible. */
function worstRatio(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let worst = 0
  for (let i = 0; i < a.length; i++) if (b[i] > 1e-280) worst = Math.max(worst, Math.abs(a[i] / b[i] - 1))
  return worst
}

describe.each([periodic, noFlux])('kernels of the $name axis', ({ name, kernels, fold }) => {
  it.each([1, 2, 3, 5, 28, 32, 64, 100])('`at()` is the matrix exponential, length %i', length => {
    const axis = kernels(length)
    const mine = cases.filter(c => c.boundary === name && c.length === length)
    expect(mine.map(c => c.tau).sort((a, b) => a - b)[0]).toBe(1e-6)
    for (const { tau, rows, probabilities } of mine) {
      const table = axis.at(tau)
      rows.forEach((row, i) => {
        for (let x = 0; x < length; x++) {
          const wanted = probabilities[i][x]
          const got = table[row * length + x]
          // The oracle itself is good to about 1e-14. Relative, down to 1e-60: so are the ratios of neighbours.
          if (wanted > 0) expect(Math.abs(got / wanted - 1), `tau ${tau}, ${row} -> ${x}`).toBeLessThan(5e-14)
          else expect(got).toBeLessThan(1.0001e-60)
        }
      })
    }
  })

  it.each([1, 2, 3, 6, 17, 28])('`at()` is symmetric with rows that sum to 1, length %i', length => {
    const axis = kernels(length)
    for (const tau of [0, 1e-300, 1e-6, 0.2, 3, 39, 41, 157, 1e4, 1e300, Infinity]) {
      const table = axis.at(tau)
      for (let i = 0; i < length; i++) {
        const row = table.subarray(i * length, (i + 1) * length)
        expect(Math.abs(row.reduce((a, b) => a + b, 0) - 1)).toBeLessThan(1e-14)
        for (let j = 0; j < length; j++) expect(row[j]).toBe(table[j * length + i])
      }
      expect(table.every(p => p >= 0 && p < 1 + 1e-15)).toBe(true)
    }
  })

  it.each([2, 3, 7, 28])(
    '`at()` composes, k_s k_t = k_{s+t}, on both sides of the change of sums, length %i',
    length => {
      const axis = kernels(length)
      for (let share = 1e-4; share < 2; share *= 1.3) {
        const tau = share * axis.period ** 2
        const composed = product(axis.at(0.4 * tau), axis.at(0.6 * tau), length)
        expect(worstRatio(composed, axis.at(tau)), `tau = ${share} period²`).toBeLessThan(2e-14)
      }
    },
  )

  it('`at()` starts as the identity, moves at rate 1 per direction and ends uniform', () => {
    const axis = kernels(5)
    expect([...axis.at(0)]).toEqual(Array.from({ length: 25 }, (_, i) => (i % 6 === 0 ? 1 : 0)))
    expect(axis.at(1e-9)[2 * 5 + 3]).toBeCloseTo(1e-9, 17)
    expect(axis.at(1e-9)[2 * 5 + 1]).toBeCloseTo(1e-9, 17)
    for (const p of axis.at(Infinity)) expect(p).toBe(0.2)
  })

  it('`displacement()` folded from any origin is the kernel', () => {
    const length = 9
    const axis = kernels(length)
    for (const tau of [0.02, 1.3, 7, 200]) {
      const law = axis.displacement(tau)
      const table = axis.at(tau)
      expect(law.length).toBe(axis.period)
      expect(axis.table(law)).toEqual(table)
      for (let x0 = 0; x0 < length; x0++) {
        const folded = new Float64Array(length)
        law.forEach((p, d) => {
          folded[fold(x0 + d, length)] += p
        })
        expect(worstRatio(folded, table.subarray(x0 * length, (x0 + 1) * length))).toBeLessThan(1e-15)
      }
    }
  })

  it('`at()` keeps the ratios of neighbours on a long axis, where the modes alone would lose them', () => {
    // Ratios of the walk on the line far from its origin: q(j+1)/q(j) lies between tau/(j+1+tau) and tau/(j+0.5).
    const length = 300
    const tau = 20
    const row = kernels(length)
      .at(tau)
      .subarray(100 * length, 101 * length)
    for (let x = 141; x < 240; x++) {
      const j = x - 100
      const ratio = row[x + 1] / row[x]
      expect(ratio).toBeGreaterThan(tau / (j + 1 + tau))
      expect(ratio).toBeLessThan(tau / (j + 0.5))
    }
  })

  it('`at()` writes into the caller array and remembers nothing', () => {
    const axis = kernels(12)
    const first = axis.at(0.8)
    const out = new Float64Array(144)
    expect(axis.at(50, out)).toBe(out)
    axis.displacement(3)
    expect(axis.at(0.8, out)).toEqual(first)
    expect(kernels(12).at(0.8)).toEqual(first)
  })

  it('`at()` refuses a negative or undefined tau', () => {
    for (const tau of [-1e-9, Number.NaN])
      expect(() => kernels(4).at(tau)).toThrow('Cannot compute a kernel: tau must be a number >= 0')
  })

  it('`kernels()` refuses a length that is no count of sites', () => {
    for (const length of [0, -3, 2.5, Number.NaN])
      expect(() => boundary(name).kernels(length)).toThrow('the length must be an integer >= 1')
  })
})
