import { describe, expect, it } from 'vitest'
import { finish } from '../../src/base/work.ts'
import { readNpz } from '../../src/formats/npz.ts'
import {
  conditional,
  doubleGyre,
  flowFields,
  fuzzyCentres,
  gridField,
  interfaceDistance,
  mover,
  saddle,
  shear,
  shearDispersion,
  thresholds,
  velocityOf,
  vorticityField,
  walkedShear,
} from '../../src/physics/index.ts'
import { bytesOf, withData } from './shared-data.ts'

describe('mover()', () => {
  it('follows x′ = x, y′ = −y to the tolerance, forwards and back, and converges with it', () => {
    const move = mover(saddle)
    const errors = [1e-5, 1e-8, 1e-11].map(tolerance => {
      const point = Float64Array.of(0.3, 0.7)
      move(point, { from: 0, to: 2, tolerance })
      return Math.abs(point[0] / (0.3 * Math.exp(2)) - 1)
    })
    expect(errors[0]).toBeLessThan(1e-4)
    expect(errors[2]).toBeLessThan(1e-9)
    expect(errors[2]).toBeLessThan(errors[0])
    const point = Float64Array.of(0.3, 0.7)
    move(point, { from: 0, to: 2, tolerance: 1e-11 })
    move(point, { from: 2, to: 0, tolerance: 1e-11 })
    expect(point[0]).toBeCloseTo(0.3, 8)
    expect(point[1]).toBeCloseTo(0.7, 8)
  })
})

describe('flowFields()', () => {
  it('of a saddle have FTLE 1 ± 1e-6 everywhere, and barriers of the mean of tr C⁻¹', () => {
    const grid = { velocity: saddle, shape: [6, 5], x: [-1, 1], y: [-1, 1], from: 0, to: 2 } as const
    const { ftle } = finish(flowFields({ ...grid, tolerance: 1e-11 }))
    for (const value of ftle) expect(Math.abs(value - 1)).toBeLessThan(1e-6)
    const { barriers } = finish(flowFields({ ...grid, pieces: 2 }))
    // tr C⁻¹ = e^{2t} + e^{−2t} at t = 1 and 2.
    const exact = Math.cosh(2) + Math.cosh(4)
    for (const value of barriers) expect(Math.abs(value / exact - 1)).toBeLessThan(1e-5)
  })

  it('of a shear have the stretching of x′ = y', () => {
    const { ftle } = finish(
      flowFields({ velocity: shear(1), shape: [2, 2], x: [0, 1], y: [0, 1], from: 0, to: 3 }),
    )
    // C = [[1, 3], [3, 10]].
    const exact = Math.log((11 + Math.sqrt(121 - 4)) / 2) / 6
    for (const value of ftle) expect(value).toBeCloseTo(exact, 6)
  })

  it('of the double gyre have their ridge within one cell of where four times the resolution has it', () => {
    const [rows, columns] = [8, 48]
    const grid = {
      velocity: doubleGyre(),
      x: [0.8, 1.2],
      y: [0.1, 0.5],
      from: 0,
      to: 10,
      tolerance: 1e-6,
    } as const
    const coarse = finish(flowFields({ ...grid, shape: [rows, columns] })).ftle
    // The same rows, four times as many columns: middles of coarse rows are those of the fine grid of these rows.
    const fine = finish(flowFields({ ...grid, shape: [rows, 4 * columns] })).ftle
    const top = (field: Float64Array, row: number, wide: number) => {
      const values = field.subarray(row * wide, (row + 1) * wide)
      return (values.indexOf(Math.max(...values)) + 0.5) / wide
    }
    for (let row = 0; row < rows; row++)
      expect(Math.abs(top(coarse, row, columns) - top(fine, row, 4 * columns)), `row ${row}`).toBeLessThan(
        1 / columns,
      )
  })
})

describe('velocities', () => {
  it('velocityOf() inverts the vorticity 2 cos x cos y, and gridField() reads it between the sites', () => {
    const n = 32
    const at = (i: number) => (2 * Math.PI * i) / n
    const vorticity = Float64Array.from(
      { length: n * n },
      (_, k) => 2 * Math.cos(at(k % n)) * Math.cos(at(Math.floor(k / n))),
    )
    const { u, v } = velocityOf(vorticity, n)
    // ψ = cos x cos y, u = ∂ψ/∂y, v = −∂ψ/∂x.
    for (const k of [0, 5, 77, 500]) {
      const [x, y] = [at(k % n), at(Math.floor(k / n))]
      expect(u[k]).toBeCloseTo(-Math.cos(x) * Math.sin(y), 12)
      expect(v[k]).toBeCloseTo(Math.sin(x) * Math.cos(y), 12)
    }
    const out = new Float64Array(2)
    gridField({ u, v, n, size: 2 * Math.PI })(0, 1.234, -2.1, out)
    expect(Math.abs(out[0] + Math.cos(1.234) * Math.sin(-2.1))).toBeLessThan(1e-3)
    vorticityField(vorticity, n)(0, 1.234, -2.1, out)
    expect(Math.abs(out[0] + Math.cos(1.234) * Math.sin(-2.1))).toBeLessThan(1e-4)
    expect(Math.abs(out[1] - Math.sin(1.234) * Math.cos(-2.1))).toBeLessThan(1e-4)
  })

  const data = 'pde/ns_vorticity_64x64x64.npz'
  withData(data, 'of the Navier–Stokes fields keep areas: det ∇F = 1, so tr C⁻¹ = tr C ≥ 2', () => {
    const { w } = readNpz(bytesOf(data), data)
    if (typeof w === 'string') throw new Error('no array')
    const n = 64
    const velocity = vorticityField(Float64Array.from(w.data.subarray(0, n * n)), n)
    const grid = { velocity, shape: [6, 6], x: [0, 6], y: [0, 6], from: 0, to: 1, tolerance: 1e-10 } as const
    const { ftle, barriers } = finish(flowFields(grid))
    ftle.forEach((value, i) => {
      const trace = Math.exp(2 * value) + Math.exp(-2 * value)
      expect(Math.abs(barriers[i] / trace - 1)).toBeLessThan(1e-3)
    })
    expect(Math.max(...ftle)).toBeGreaterThan(0.5)
  })
})

describe('interfaces', () => {
  it('lie half way between the centres of fuzzy clusters', () => {
    const values = Float64Array.from({ length: 400 }, (_, i) => (i % 2 ? 3 : 1) + 0.05 * Math.sin(i))
    const centres = fuzzyCentres(values, 2)
    expect(centres[0]).toBeCloseTo(1, 2)
    expect(centres[1]).toBeCloseTo(3, 2)
    expect(thresholds(centres)[0]).toBeCloseTo(2, 2)
    expect(() => fuzzyCentres(values, 1)).toThrow(/the clusters must be from 2/)
  })

  it('have signed distances, and means by them: a field that is the distance itself', () => {
    const shape = [20, 30] as const
    const values = Float64Array.from({ length: 600 }, (_, i) => (i % 30) - 12.3)
    const distance = interfaceDistance({ values, shape }, 0)
    distance.forEach((d, i) => {
      expect(d).toBeCloseTo(values[i], 9)
    })
    const { middle, mean, sites } = conditional(values, distance, { range: 5 })
    middle.forEach((d, b) => {
      expect(Math.abs(mean[b] - d)).toBeLessThan(0.5)
      expect(sites[b]).toBe(20)
    })
    expect(() => interfaceDistance({ values, shape }, 99)).toThrow(/crossed somewhere/)
  })
})

describe('shear dispersion', () => {
  it('of walking units is 2Dt + ⅔ a² D t³ within 5.5 standard errors at ten times', () => {
    const times = Array.from({ length: 10 }, (_, k) => 0.4 * (k + 1))
    const { mean, error } = finish(walkedShear({ units: 60_000, rate: 0.8, shear: 1.5, times, seed: 3 }))
    times.forEach((t, k) => {
      expect(Math.abs(mean[k] - shearDispersion(1.5, 0.8, t)) / error[k]).toBeLessThan(5.5)
    })
    expect(error[9] / mean[9]).toBeLessThan(0.01)
  })
})
