// Blackout Diffusion.
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { death } from '../../src/process/index.ts'
import { bridge, cfl, grid, leap, type RateFunction, sample } from '../../src/sampling/index.ts'
import { logit } from '../../src/schedule/index.ts'
import { chiSquareP } from '../base/chi-square.ts'
import { grids } from './known-process.ts'
import { processConformance } from './process.conformance.ts'

const most = 3
processConformance('death()', {
  process: death({ lengths: [2], ceiling: most }),
  states: grids(2, most),
  forward: state => state.map((n, x) => [state.with(x, n - 1), n] as const),
  reverse: (state, { x }) => (state[x] < most ? state.with(x, state[x] + 1) : undefined),
  data: ([a, b]) => 1 + ((3 * a + 5 * b * b) % 7),
  limit: state => (state.every(n => n === 0) ? 1 : 0),
  even: () => 1,
  conserved: () => [],
  within: state => state.every(n => n >= 0 && n <= most),
  settled: true,
})

const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1))
const choose = (n: number, k: number) => factorial(n) / factorial(k) / factorial(n - k)

describe('death()', () => {
  it('has the observation times of the paper by the logit schedule, at which solvers may step', () => {
    const process = death({ lengths: [1] })
    const schedule = logit({ tau1: 15, tau2: 15 })
    const [T, logitOf] = [1000, (p: number) => Math.log(p / (1 - p))]
    const times = grid({ calls: T, smallest: 1, bend: 0, schedule })
    expect(process.rate).toBe(15)
    for (const k of [1, 2, 500, 777, T]) {
      const tau = process.rate * times.time(process, T - k)
      const even = -logitOf(Math.exp(-15)) + ((k - 1) / (T - 1)) * 2 * logitOf(Math.exp(-15))
      const wanted = Math.log1p(Math.exp(-even))
      expect(Math.abs(tau / wanted - 1)).toBeLessThan(1e-7)
    }
    expect(times.time(process, T)).toBe(0)
  })

  it('weighs rates so that the loss is that of the paper, instantaneous or of finite times', () => {
    const process = death({ lengths: [1] })
    const [from, to] = [0.11, 0.07]
    const [t, s] = [15 * from, 15 * to]
    // w (y - d log y) against W (λ - R log λ), where λ = y x / (1 - x) and R = d x / (1 - x).
    const share = Math.exp(-t) / (1 - Math.exp(-t))
    const { instantaneous, 'finite-time': finite } = process.weights ?? {}
    expect(instantaneous({ from, to }) * share).toBeCloseTo(Math.exp(-t) * (t - s), 12)
    expect(finite({ from, to }) * share).toBeCloseTo(Math.exp(-s) - Math.exp(-t), 12)
  })

  it('`bridge()` draws n_s - n_t from Binomial(dead, (e^-s - e^-t) / (1 - e^-t)), `leap()` from the Poisson law', () => {
    const process = death({ lengths: [1], ceiling: 100 })
    const [from, to, n, dead] = [0.08, 0.03, 5, 6]
    const [t, s] = [15 * from, 15 * to]
    const chance = (Math.exp(-s) - Math.exp(-t)) / (1 - Math.exp(-t))
    const capacity = new Float32Array(1)
    process.capacity(Int32Array.of(n), capacity, from)
    const ratios = Float32Array.of((dead * Math.exp(-t)) / (1 - Math.exp(-t)) / capacity[0])
    const draws = 20_000
    for (const verb of ['bridge', 'leap'] as const) {
      const stream = random(2)
      const seen = new Float64Array(30)
      for (let i = 0; i < draws; i++) {
        const counts = Int32Array.of(n)
        process[verb](counts, ratios, { from, to, random: stream })
        seen[counts[0] - n]++
      }
      const mean = dead * chance
      const law = Array.from(seen, (_, k) =>
        verb === 'bridge'
          ? k > dead
            ? 0
            : choose(dead, k) * chance ** k * (1 - chance) ** (dead - k)
          : (Math.exp(-mean) * mean ** k) / factorial(k),
      )
      const rest = 1 - law.reduce((a, b) => a + b)
      law[29] += rest
      expect(
        chiSquareP(
          seen,
          law.map(p => Math.max(0, p) * draws),
        ),
      ).toBeGreaterThan(1e-7)
    }
  })

  it('keeps the mean of the dead where it is no whole number: black and white images need it', () => {
    const process = death({ lengths: [1000], ceiling: 1 })
    const counts = new Int32Array(1000)
    const capacity = new Float32Array(1000)
    process.capacity(counts, capacity, 0.02)
    // 0.3 of a unit is missing at every site.
    const hazard = 1 / Math.expm1(0.3)
    process.bridge(
      counts,
      capacity.map(c => (0.3 * hazard) / c),
      { from: 0.02, to: 0, random: random(1) },
    )
    const born = counts.reduce((a, b) => a + b)
    expect(Math.abs(born - 300)).toBeLessThan(6 * Math.sqrt(210))
  })

  it('has capacities from n + 1 at first to half the ceiling e^-tau at the end, and none at the ceiling', () => {
    const process = death({ lengths: [3] })
    const out = new Float32Array(3)
    const counts = Int32Array.of(0, 100, 255)
    process.capacity(counts, out, 1e-9)
    expect([...out]).toEqual([1, 101, 0].map(n => expect.closeTo(n, 2)))
    process.capacity(Int32Array.of(0, 0, 1), out, 1)
    expect(out[0] / (127.5 * Math.exp(-15))).toBeCloseTo(1, 3)
    process.capacity(counts, out, 1e-12)
    expect(out.every(c => Number.isFinite(c))).toBe(true)
    expect(() => process.capacity(counts, out)).toThrow(
      'Cannot tell the capacity: the time must be in (0, 1], got undefined',
    )
  })

  it('refuses counts that are not below its ceiling, and what cannot be', () => {
    const process = death({ lengths: [2], ceiling: 7 })
    const draw = { random: random(1), noisy: new Int32Array(2), target: new Float32Array(2) }
    for (const n of [8, -1])
      expect(() => process.corrupt(Int32Array.of(0, n), 0.5, draw)).toThrow(
        `Cannot take an image: every count must be in 0 … 7, got ${n}`,
      )
    expect(() => death({ lengths: [] })).toThrow(RangeError)
    expect(() => death({ lengths: [2], ceiling: 0 })).toThrow(RangeError)
    expect(() => death({ lengths: [2], rate: 0 })).toThrow(RangeError)
    expect(() => process.limit([3], { random: random(1), out: new Int32Array(2) })).toThrow(
      'Cannot draw the limit: the length of masses must be 0, got 1',
    )
  })

  it('returns images in colour by all solvers as they come, image by image', async () => {
    const process = death({ lengths: [2, 3], channels: 3, ceiling: 5 })
    const rate: RateFunction = (counts, times) =>
      Float32Array.from(counts, (n, i) => 0.2 + ((n + i) % 3) * 0.5 * times[0])
    for (const solver of [
      leap(),
      bridge(),
      bridge({ calls: 9, schedule: logit({ tau1: 15, tau2: 15 }) }),
      cfl(),
    ]) {
      const run = { process, solver, rate, masses: [[], []], seed: 6, batch: 2 }
      const { counts } = await sample(run)
      expect(counts.length).toBe(36)
      expect(counts.every(n => n >= 0 && n <= 5)).toBe(true)
      expect(counts.some(n => n > 0)).toBe(true)
      expect((await sample({ ...run, masses: [[]] })).counts).toEqual(counts.subarray(0, 18))
    }
  })
})
