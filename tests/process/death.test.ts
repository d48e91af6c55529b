// Blackout Diffusion.
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { death } from '../../src/process/index.ts'
import { roundedTogether, scaledTo } from '../../src/process/thinned.ts'
import { ancestral, cfl, multistep, sample } from '../../src/sampling/index.ts'
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
  conserved: () => [],
  within: state => state.every(n => n >= 0 && n <= most),
  undo: 'known n_0',
})

const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1))
const choose = (n: number, k: number) => factorial(n) / factorial(k) / factorial(n - k)

describe('death()', () => {
  it('weighs its loss so that it is that of the paper, instantaneous or of finite times', () => {
    const process = death({ lengths: [1] })
    const [from, to] = [0.11, 0.07]
    const [t, s] = [15 * from, 15 * to]
    // w (y - d log y) against W / (1 - x) of it, which is what the link gives.
    const { instantaneous, 'finite-time': finite } = process.weights ?? {}
    expect(instantaneous({ from, to }) / (1 - Math.exp(-t))).toBeCloseTo(Math.exp(-t) * (t - s), 12)
    expect(finite({ from, to }) / (1 - Math.exp(-t))).toBeCloseTo(Math.exp(-s) - Math.exp(-t), 12)
  })

  it('`undo()` draws n_s - n_t from Binomial(dead, (e^-s - e^-t) / (1 - e^-t)), or from the Poisson law of its mean', () => {
    const [from, to, n, dead] = [0.08, 0.03, 5, 6]
    const [t, s] = [15 * from, 15 * to]
    const chance = (Math.exp(-s) - Math.exp(-t)) / (1 - Math.exp(-t))
    const draws = 20_000
    for (const births of ['bridge', 'poisson'] as const) {
      const process = death({ lengths: [1], ceiling: 100, births })
      const stream = random(2)
      const seen = new Float64Array(30)
      for (let i = 0; i < draws; i++) {
        const counts = Int32Array.of(n)
        process.undo(counts, [n + dead], { from, to, random: stream })
        seen[counts[0] - n]++
      }
      const mean = dead * chance
      const law = Array.from(seen, (_, k) =>
        births === 'bridge'
          ? k > dead
            ? 0
            : choose(dead, k) * chance ** k * (1 - chance) ** (dead - k)
          : (Math.exp(-mean) * mean ** k) / factorial(k),
      )
      law[29] += Math.max(0, 1 - law.reduce((a, b) => a + b))
      expect(
        chiSquareP(
          seen,
          law.map(p => p * draws),
        ),
      ).toBeGreaterThan(1e-7)
    }
  })

  it('keeps the mean of the dead where it is no whole number: black and white images need it', () => {
    const process = death({ lengths: [1000], ceiling: 1 })
    const counts = new Int32Array(1000)
    // 0.3 of a unit is missing at every site.
    process.undo(counts, new Float32Array(1000).fill(0.3), { from: 0.02, to: 0, random: random(1) })
    const born = counts.reduce((a, b) => a + b)
    expect(Math.abs(born - 300)).toBeLessThan(6 * Math.sqrt(210))
  })

  it('refuses counts that are not below its ceiling, and what cannot be', () => {
    const process = death({ lengths: [2], ceiling: 7 })
    const draw = { random: random(1), noisy: new Int32Array(2) }
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
})

describe('death() that is told a mass', () => {
  const process = death({ lengths: [3, 4], channels: 2, ceiling: 20 })
  const size = 24
  /** An origin that knows nothing of the masses, and is below the counts here and there. */
  const careless = (seed: number) => {
    const stream = random(seed)
    return (counts: Int32Array) => Float32Array.from(counts, n => Math.max(0, n + 9 * stream.uniform() - 2))
  }

  it('gives every channel its mass to the unit, with any origin, solver and number of calls, from 0 to full', async () => {
    const masses = [
      [0, 240],
      [1, 7],
      [113, 239],
      [240, 60],
    ]
    for (const solver of [
      ancestral({ calls: 2 }),
      ancestral({ calls: 9, settle: false }),
      multistep({ calls: 3, settle: false }),
      multistep({ calls: 12, damping: 0.6 }),
    ])
      for (const seed of [1, 2, 3]) {
        const { counts } = await sample({ process, solver, origin: careless(seed), masses, seed, batch: 4 })
        const found = masses.map((_, i) =>
          [0, 1].map(c => counts.slice(i * size + 12 * c, i * size + 12 * (c + 1)).reduce((a, b) => a + b)),
        )
        expect(found).toEqual(masses)
        expect(Math.max(...counts)).toBeLessThanOrEqual(20)
      }
  })

  it('keeps the law of the mass on the way, Binomial(M, chance of being born by then)', () => {
    const one = death({ lengths: [5], ceiling: 9 })
    const [mass, from, to, draws] = [12, 0.9, 0.06, 20_000]
    const chance = (Math.exp(-15 * to) - Math.exp(-15 * from)) / (1 - Math.exp(-15 * from))
    const stream = random(4)
    const seen = new Float64Array(mass + 1)
    const black = new Int32Array(5)
    const told = one.weigh!(black, [0.3, 4.1, 0, 2.2, 1.7], [mass])
    expect(told.reduce((a, b) => a + b)).toBeCloseTo(mass, 12)
    for (let i = 0; i < draws; i++) {
      const counts = Int32Array.from(black)
      one.undo(counts, told, { from, to, random: stream })
      seen[counts.reduce((a, b) => a + b)]++
    }
    const law = Array.from(seen, (_, k) => choose(mass, k) * chance ** k * (1 - chance) ** (mass - k))
    expect(
      chiSquareP(
        seen,
        law.map(p => draws * p),
      ),
    ).toBeGreaterThan(1e-6)
  })

  it('cannot be told by algorithm 2, nor where births are drawn from the Poisson law', async () => {
    expect(cfl().weighs).toBeUndefined()
    expect(death({ lengths: [2], births: 'poisson' }).weigh).toBeUndefined()
  })

  it('`roundedTogether()` keeps every mean, and a sum that is whole', () => {
    const means = [0.25, 3, 0, 1.9, 0.6, 0.05, 2.2]
    const [sums, stream, draws] = [new Float64Array(means.length), random(5), 20_000]
    for (let i = 0; i < draws; i++) {
      const one = Float64Array.from(means)
      roundedTogether(stream, one)
      expect(one.reduce((a, b) => a + b)).toBe(8)
      one.forEach((n, x) => {
        expect(n === Math.floor(means[x]) || n === Math.ceil(means[x])).toBe(true)
        sums[x] += n
      })
    }
    means.forEach((mean, x) => {
      const share = mean - Math.floor(mean)
      expect(Math.abs(sums[x] / draws - mean)).toBeLessThanOrEqual(
        5.5 * Math.sqrt((share * (1 - share)) / draws) + 1e-12,
      )
    })
  })

  it('`scaledTo()` gives what has no room to the others', () => {
    const scaled = (values: number[], total: number, room: number) => {
      const out = Float64Array.from(values)
      scaledTo(out, total, () => room)
      return Array.from(out, v => Math.round(1e9 * v) / 1e9)
    }
    expect(scaled([1, 2, 3, 4], 5, 9)).toEqual([0.5, 1, 1.5, 2])
    expect(scaled([1, 1, 8], 10, 4)).toEqual([3, 3, 4])
    expect(scaled([0, 0, 8], 10, 4)).toEqual([3, 3, 4])
    expect(scaled([0, 0, 0], 6, 4)).toEqual([2, 2, 2])
    expect(scaled([1, 0, 5], 30, 4)).toEqual([4, 4, 4])
    expect(scaled([1, 0, 5], 0, 4)).toEqual([0, 0, 0])
  })
})
