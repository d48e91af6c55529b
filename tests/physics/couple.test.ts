import { describe, expect, it } from 'vitest'
import { finish } from '../../src/base/work.ts'
import { numbersOf } from '../../src/formats/csv.ts'
import { periodic } from '../../src/lattice/index.ts'
import {
  boltzmannMatano,
  bootstrap,
  denBroeder,
  hall,
  integrated,
  intrinsic,
  matanoPlane,
  monotoneSpline,
  profile,
  readAt,
  smoothed,
  wagner,
  zeroRangeCouple,
} from '../../src/physics/index.ts'
import { tableOf, withData } from './shared-data.ts'

/** The exact walk of a step, Y(j) = Σ_{i ≤ j} q(i), on the sites −n … n. */
function walked(tau: number) {
  const n = 12 * Math.ceil(Math.sqrt(tau)) + 40
  const q = periodic.kernels(2 * n + 1).displacement(tau)
  let sum = 0
  const fractions = Float64Array.from({ length: 2 * n + 1 }, (_, i) => {
    sum += q[Math.abs(i - n)]
    return Math.min(1, sum)
  })
  return { positions: fractions.map((_, i) => i - n), fractions, ends: [0, 1] as const }
}

const farthest = (values: ArrayLike<number>, fractions: ArrayLike<number>, [low, high] = [0.001, 0.999]) =>
  Array.from(values).reduce(
    (most, D, i) => (fractions[i] > low && fractions[i] < high ? Math.max(most, Math.abs(D - 1)) : most),
    0,
  )

describe('coefficients of interdiffusion', () => {
  it('are exact on the profile of the lattice walk: |D̃/r − 1| ≤ 1e-10 at every time, three methods', () => {
    for (const tau of [0.5, 5, 50, 200]) {
      const couple = profile(walked(tau))
      for (const method of [denBroeder, wagner, boltzmannMatano])
        expect(farthest(method(couple, tau), couple.fractions), `${method.name} ${tau}`).toBeLessThan(1e-10)
      expect(Math.abs(matanoPlane(couple) + 0.5)).toBeLessThan(1e-9)
    }
  })

  it('by Hall come within 1 % of it at the ends, and only there', () => {
    const couple = profile(walked(200))
    const D = hall(couple, 200)
    const told = D.filter(Number.isFinite)
    expect(told.length).toBeGreaterThan(10)
    expect(told.every(value => Math.abs(value - 1) < 0.01)).toBe(true)
    expect(D[(D.length - 1) / 2]).toBeNaN()
  })

  it('are the same for a profile that falls, and for one in other units', () => {
    const { positions, fractions } = walked(20)
    const falling = profile({
      positions: positions.map(x => x * 1e-6),
      fractions: fractions.map(n => 1 - n),
      ends: [1, 0],
    })
    expect(falling.turned).toBe(true)
    const D = wagner(falling, 20).map(value => value * 1e12)
    expect(farthest(D, falling.fractions)).toBeLessThan(1e-10)
  })

  it('by Wagner undo a molar volume that changes with composition; the constant one is wrong there', () => {
    // What each method is right about: fluxes relative to the volume. A profile made by solving ∂N/V/∂t = ∂(D/V ∂N/∂x)/∂x − drift
    // is simpler told by its invariance: scaling the volume changes nothing, a volume of one end counts as (ours) below.
    const { positions, fractions } = walked(50)
    const scaled = profile({ positions, fractions, ends: [0, 1], volume: () => 7 })
    expect(farthest(wagner(scaled, 50), fractions)).toBeLessThan(1e-10)
    const varying = profile({ positions, fractions, ends: [0, 1], volume: n => 1 + 0.3 * n })
    const [byWagner, byConcentration] = [wagner(varying, 50), denBroeder(varying, 50)]
    // The two are one identity (Wagner 1969; Sauer & Freise 1962): they agree to the trapezoid's error.
    const apart = byWagner.map((D, i) => D / byConcentration[i])
    expect(farthest(apart, fractions, [0.01, 0.99])).toBeLessThan(2e-3)
    expect(farthest(byWagner, fractions, [0.2, 0.8])).toBeGreaterThan(0.02)
  })

  it('at a marker plane add up to D̃ by Darken, and part with the plane', () => {
    const couple = profile(walked(50))
    for (const plane of [-6, 0.3, 5]) {
      const { followed, other, fraction, darken } = intrinsic(couple, 50, plane)
      // Between two sites slopes are read on a straight line: right to 1/(8 · 2τ) of their curvature.
      expect(Math.abs(darken - 1)).toBeLessThan(5e-3)
      expect(fraction).toBeGreaterThan(0.1)
      if (plane > 0) expect(followed === other).toBe(false)
    }
  })

  it('integrated over a layer are ∫ D̃ dN: on a narrow layer of the walk D̃ ΔN', () => {
    const couple = profile(walked(4000))
    const [a, b] = [10, 18]
    const at = (x: number) => couple.fractions[couple.positions.indexOf(x)]
    // Composition is taken as constant in the layer: right to (Δx/width)².
    expect(integrated(couple, 4000, [a, b]) / 1).toBeCloseTo((at(b) - at(a)) * 1, 4)
  })

  describe('of a zero-range couple', () => {
    const [left, right, time] = [80, 30, 120]
    const positions = Float64Array.from({ length: left + right }, (_, x) => x)
    const densities = [0.3, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2]
    /** ∂ρ/∂t = ∇²(ρ/(1 + ρ)) on the lattice, by small steps. */
    const expected = () => {
      let rho = positions.map(x => (x < left ? 0 : 3))
      for (let k = 0; k < 40 * time; k++) {
        const z = rho.map(n => n / (1 + n))
        rho = rho.map((n, x) => n + ((z[x - 1] ?? z[x]) - 2 * z[x] + (z[x + 1] ?? z[x])) / 40)
      }
      return rho
    }
    /** D̃ (1 + ρ)² − 1 from a profile. */
    const apart = (rho: Float64Array) => {
      const fractions = rho.map(n => n / 3.5)
      const { profile: couple } = smoothed({ positions, fractions, ends: [0, 3 / 3.5] }, { points: 1400 })
      const D = readAt(
        couple,
        denBroeder(couple, time),
        densities.map(n => n / 3.5),
      )
      return D.map((value, i) => Math.abs(value * (1 + densities[i]) ** 2 - 1))
    }

    it('are 1/(1 + ρ)² within 1.5 % on the profile that the law expects', () => {
      for (const value of apart(expected())) expect(value).toBeLessThan(0.015)
    })

    it('of 10⁶ units: the profile is the one expected, D̃ within 10 %', { timeout: 600_000 }, () => {
      const lines = 11_200
      const { mean, units } = finish(
        zeroRangeCouple({ sites: [left, right], densities: [0, 3], time, lines, seed: 4 }),
      )
      expect(units).toBeGreaterThan(1e6)
      let [chiSquare, many] = [0, 0]
      expected().forEach((rho, x) => {
        if (rho < 0.01) return
        chiSquare += ((mean[x] - rho) ** 2 * lines) / (rho * (1 + rho))
        many++
      })
      // Local equilibrium: variances ρ(1 + ρ). Five standard deviations of chi².
      expect(Math.abs(chiSquare - many)).toBeLessThan(5 * Math.sqrt(2 * many))
      for (const value of apart(mean)) expect(value).toBeLessThan(0.1)
    })
  })

  withData(
    'transport/diffcouple_NiMo.csv',
    'of the Ni–Mo profile that pyDiffusion computed are those it put in: median within 0.5 %',
    () => {
      const table = tableOf('transport/diffcouple_NiMo.csv')
      const published = numbersOf(table, 'DC')
      const couple = profile({
        positions: numbersOf(table, 'dis').map(x => x * 1e-6),
        fractions: numbersOf(table, 'X'),
        ends: [0, 1],
        interfaces: true,
      })
      expect(couple.phases.length).toBe(3)
      const apart = [...denBroeder(couple, 3.6e6)]
        .map((D, i) => Math.abs(D / published[i] - 1))
        .sort((a, b) => a - b)
      expect(apart[apart.length >> 1]).toBeLessThan(0.005)
    },
  )

  withData(
    'transport/diffcouple_NiMo_exp.csv',
    'of the measured Ni–Mo profile are within 6 % (median over the points) of the published curve',
    () => {
      const [table, published] = ['exp', 'DC_init'].map(name =>
        tableOf(`transport/diffcouple_NiMo_${name}.csv`),
      )
      const positions = numbersOf(table, 'dis').map(x => x * 1e-6)
      const measured = { positions, fractions: numbersOf(table, 'X'), ends: [0, 1] as const }
      const gaps = [
        [0.26, 0.47],
        [0.55, 0.96],
      ] as const
      const { profile: couple, rms } = smoothed(measured, { gaps, penalty: 1 })
      expect(rms).toBeLessThan(0.002)
      const [X, D] = [numbersOf(published, 'X'), numbersOf(published, 'DC')]
      const found = denBroeder(couple, 3.6e6)
      const apart: number[] = []
      couple.fractions.forEach((n, i) => {
        const k = X.findIndex(x => x >= n)
        if (n > 0.01 && n < 0.985 && k > 0)
          apart.push(
            Math.abs(found[i] / (D[k - 1] + ((n - X[k - 1]) / (X[k] - X[k - 1])) * (D[k] - D[k - 1])) - 1),
          )
      })
      expect(apart.length).toBeGreaterThan(300)
      expect(apart.sort((a, b) => a - b)[apart.length >> 1]).toBeLessThan(0.06)
    },
  )
})

describe('smoothed()', () => {
  const noisy = () => {
    const { positions, fractions } = walked(100)
    // A noise without a seed: fractional parts of multiples of the golden ratio.
    return {
      positions,
      fractions: fractions.map((n, i) => Math.min(1, Math.max(0, n + 0.008 * (((i * 0.618034) % 1) - 0.5)))),
      ends: [0, 1] as const,
    }
  }

  it('rises, comes near D̃, and its bootstrap holds the truth', () => {
    const source = smoothed(noisy())
    const { fractions } = source.profile
    for (let i = 1; i < fractions.length; i++)
      expect(fractions[i]).toBeGreaterThanOrEqual(fractions[i - 1] - 1e-9)
    const at = [0.2, 0.35, 0.5, 0.65, 0.8]
    const curve = (couple: typeof source.profile) => readAt(couple, denBroeder(couple, 100), at)
    curve(source.profile).forEach(D => {
      expect(Math.abs(D - 1)).toBeLessThan(0.1)
    })
    const { low, high } = finish(bootstrap(source, curve, { count: 60, seed: 1, length: at.length }))
    low.forEach((value, i) => {
      expect(value).toBeLessThan(1.03)
      expect(high[i]).toBeGreaterThan(0.97)
      expect(high[i]).toBeGreaterThan(value)
    })
  })

  it('monotoneSpline() is a straight line where the values are, slope and all', () => {
    const places = Float64Array.from({ length: 40 }, (_, i) => 2 * i)
    const curve = monotoneSpline(
      places,
      places.map(x => 0.5 * x + 1),
    )
    expect(curve.at(31)).toBeCloseTo(16.5, 6)
    expect(curve.slope(31)).toBeCloseTo(0.5, 6)
  })
})

describe('profile()', () => {
  const { positions, fractions } = walked(5)
  it('refuses what is no profile', () => {
    const made = (more: object) => () => profile({ positions, fractions, ...more })
    const swapped = positions.slice()
    swapped[5] = swapped[4]
    expect(made({ positions: swapped })).toThrow(/position 6 must be beyond the one before, got "twice -/)
    swapped[5] = swapped[3] - 0.5
    expect(made({ positions: swapped })).toThrow(/position 6 must be beyond/)
    expect(made({ fractions: fractions.map(n => n - 0.1) })).toThrow(
      /fraction 1 must be in \[0, 1\], got -0.1/,
    )
    expect(made({ positions: positions.subarray(0, 66), fractions: fractions.subarray(0, 66) })).toThrow(
      /its last end must be reached/,
    )
    expect(made({ fractions: fractions.map(() => 0.5) })).toThrow(/two compositions/)
    expect(() => denBroeder(profile({ positions, fractions }), 0)).toThrow(/the time must be above 0 s/)
  })
})
