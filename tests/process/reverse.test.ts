import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { type BoundaryName, lattice } from '../../src/lattice/index.ts'
import type { BridgeStep, JumpProcess } from '../../src/process/index.ts'
import { spatial } from '../../src/process/index.ts'
import { chiSquareP } from '../base/chi-square.ts'
import { coordinates, foldByWalking, imageLaw, reachedBy, reverseRates, skellam } from './oracle.ts'

const walkOn = (lengths: number[], boundaries: BoundaryName | BoundaryName[], rate: number) =>
  spatial({ lattice: lattice(lengths, boundaries), rate })

/** Ratios that are the same at every site: one per direction. */
const uniform = (process: JumpProcess, perDirection: number[]) =>
  Float32Array.from(
    { length: process.jumps * process.sites },
    (_, i) => perDirection[Math.floor(i / process.sites)],
  )

/** Adds up `draws` steps of n units that start at `site`, [sites]. */
function arrivals(
  process: JumpProcess,
  verb: 'hop' | 'leap' | 'bridge',
  {
    site,
    n,
    draws,
    ratios,
    step,
  }: { site: number; n: number; draws: number; ratios: Float32Array; step: Omit<BridgeStep, 'random'> },
): Float64Array {
  const stream = random(31)
  const counts = new Int32Array(process.sites)
  const sum = new Float64Array(process.sites)
  for (let i = 0; i < draws; i++) {
    counts.fill(0)
    counts[site] = n
    process[verb](counts, ratios, { ...step, random: stream })
    for (let x = 0; x < counts.length; x++) sum[x] += counts[x]
  }
  return sum
}

describe('hop', () => {
  it('`hop()` sends units of a site by the probabilities rate * ratio * dt', () => {
    const process = walkOn([4, 5], ['no-flux', 'periodic'], 2)
    const ratios = uniform(process, [0.1, 0.7, 0.2, 1.5])
    const dt = 0.125
    // Row 0 is at the wall: the hop up is not made, whatever the ratio.
    const sum = arrivals(process, 'hop', {
      site: 4,
      n: 50,
      draws: 4000,
      ratios,
      step: { from: 1, to: 1 - dt },
    })
    const expected = new Array(20).fill(0)
    const total = 200_000
    expected[9] = total * 2 * 0.7 * dt
    expected[3] = total * 2 * 0.2 * dt
    expected[0] = total * 2 * 1.5 * dt
    expected[4] = total - expected[9] - expected[3] - expected[0]
    expect(chiSquareP(sum, expected)).toBeGreaterThan(1e-6)
  })

  it('`hop()` lets every unit hop, in proportion, where the probabilities overshoot 1', () => {
    const process = walkOn([5], 'periodic', 100)
    const ratios = uniform(process, [3e30, 1e30])
    const sum = arrivals(process, 'hop', { site: 2, n: 40, draws: 500, ratios, step: { from: 0.5, to: 0 } })
    expect(chiSquareP(sum, [0, 15_000, 0, 5000, 0])).toBeGreaterThan(1e-6)
  })

  it('`hop()` with the exact rates takes the law of n_t to that of n_(t-dt)', () => {
    const grid = lattice([3, 2], ['periodic', 'no-flux'])
    const process = spatial({ lattice: grid, rate: 1 })
    const clean = [2, 0, 0, 0, 0, 1]
    const [from, to] = [0.1, 0.095]
    const law = imageLaw(grid, clean, from)
    const ratiosOf = new Map(
      [...law.keys()].map(key => {
        const counts = key.split(',').map(Number)
        return [
          key,
          Float32Array.from(reverseRates(grid, law, key), (rate, i) => rate / Math.max(1, counts[i % 6])),
        ]
      }),
    )
    const draws = 100_000
    const stream = random(77)
    const seen = new Map<string, number>()
    const images = [...law.keys()].sort((a, b) => (law.get(b) ?? 0) - (law.get(a) ?? 0))
    const cumulated: number[] = []
    for (const key of images) cumulated.push((cumulated.at(-1) ?? 0) + (law.get(key) ?? 0))
    for (let i = 0; i < draws; i++) {
      const u = stream.uniform()
      const key = images[cumulated.findIndex(sum => sum > u)] ?? images[0]
      const counts = Int32Array.from(key.split(','), Number)
      process.hop(counts, ratiosOf.get(key) ?? new Float32Array(), { from, to, random: stream })
      seen.set(counts.join(), (seen.get(counts.join()) ?? 0) + 1)
    }
    const p = (time: number) => {
      const at = imageLaw(grid, clean, time)
      const keys = [...law.keys()]
      return chiSquareP(
        keys.map(key => seen.get(key) ?? 0),
        keys.map(key => draws * (at.get(key) ?? 0)),
      )
    }
    expect(p(to)).toBeGreaterThan(1e-4)
    // The test can tell: a step that did nothing, or went the other way, would fail it.
    expect(p(from)).toBeLessThan(1e-9)
  })
})

describe('leap', () => {
  const cases: [BoundaryName, number, number, number[]][] = [
    ['periodic', 7, 50, [0.4, 0.9]],
    ['periodic', 0, 50, [6, 3]],
    ['periodic', 3, 50, [0, 1.3]],
    ['periodic', 3, 20_000, [2.5, 0.2]],
    ['periodic', 3, 3, [40, 1]],
    ['no-flux', 5, 50, [0.8, 1.1]],
    ['no-flux', 5, 5000, [5, 2.5]],
    ['no-flux', 5, 5000, [0, 0]],
  ]
  it.each(cases)(
    '`leap()` moves by the folded Skellam law: %s from %i, %i units, ratios %o',
    (name, site, n, ratio) => {
      const length = 12
      const rate = 1.5
      const process = walkOn([length], name, rate)
      const draws = Math.ceil(100_000 / n)
      const sum = arrivals(process, 'leap', {
        site,
        n,
        draws,
        ratios: uniform(process, ratio),
        step: { from: 1, to: 0.2 },
      })
      const reach = 150
      const expected = new Array(length).fill(0)
      skellam(0.8 * rate * ratio[1], 0.8 * rate * ratio[0], reach).forEach((p, i) => {
        expected[foldByWalking(site + i - reach, length, name)] += p * n * draws
      })
      expect(chiSquareP(sum, expected)).toBeGreaterThan(1e-6)
    },
  )

  it.each([20, 3000])(
    '`leap()` at a wall goes into the mirror with ratio 1, whatever the ratio says: %i units',
    n => {
      const process = walkOn([6], 'no-flux', 1)
      const draws = 60_000 / n
      const step = { from: 0.9, to: 0.1 }
      for (const [site, plus, minus] of [
        [0, 0.8 * 0.5, 0.8],
        [5, 0.8, 0.8 * 77],
      ]) {
        const sum = arrivals(process, 'leap', { site, n, draws, ratios: uniform(process, [77, 0.5]), step })
        const expected = new Array(6).fill(0)
        skellam(plus, minus, 200).forEach((p, i) => {
          expected[foldByWalking(site + i - 200, 6, 'no-flux')] += p * n * draws
        })
        expect(chiSquareP(sum, expected)).toBeGreaterThan(1e-6)
      }
    },
  )

  it.each([100, 5000])('`leap()` moves along all axes at once, each by its own ratios: %i units', n => {
    const process = walkOn([5, 4, 3], ['no-flux', 'periodic', 'no-flux'], 1)
    const ratios = uniform(process, [0.3, 1.2, 0.9, 0.1, 0.5, 0.6])
    const site = 2 * 12 + 1 * 3 + 1
    const draws = 200_000 / n
    const sum = arrivals(process, 'leap', { site, n, draws, ratios, step: { from: 1, to: 0.3 } })
    const laws = [0, 1, 2].map(a => {
      const { length, boundary } = lattice([5, 4, 3], ['no-flux', 'periodic', 'no-flux']).axes[a]
      const law = new Array(length).fill(0)
      const minus = Math.fround([0.3, 0.9, 0.5][a]) * 0.7
      const plus = Math.fround([1.2, 0.1, 0.6][a]) * 0.7
      skellam(plus, minus, 60).forEach((p, i) => {
        law[foldByWalking([2, 1, 1][a] + i - 60, length, boundary.name)] += p
      })
      return law
    })
    const expected = Array.from({ length: 60 }, (_, x) => {
      const place = coordinates(lattice([5, 4, 3], 'periodic'), x)
      return laws.reduce((p, law, a) => p * law[place[a]], n * draws)
    })
    expect(chiSquareP(sum, expected)).toBeGreaterThan(1e-6)
  })

  it('`leap()` reads the ratios of each site', () => {
    const process = walkOn([40], 'periodic', 1)
    const ratios = new Float32Array(80)
    ratios[40 + 10] = 0.5
    ratios[30] = 0.5
    const counts = new Int32Array(40)
    counts[10] = counts[30] = 10_000
    counts[20] = 1000
    process.leap(counts, ratios, { from: 1, to: 0, random: random(3) })
    const expected = new Array(40).fill(0)
    expected[20] = 1000
    for (let k = 0, p = Math.exp(-0.5); k < 9; p *= 0.5 / ++k) {
      expected[10 + k] += 10_000 * p
      expected[30 - k] += 10_000 * p
    }
    expected[19] += 20_000 - expected.reduce((a, b) => a + b, -1000)
    expect(chiSquareP(counts, expected)).toBeGreaterThan(1e-6)
  })
})

describe('bridge', () => {
  /** Mean and variance of the displacement on a ring too wide to go around. */
  function moments(
    n: number,
    [down, up]: number[],
    { rate, ...step }: Omit<BridgeStep, 'random'> & { rate: number },
  ) {
    const process = walkOn([301], 'periodic', rate)
    const draws = 120_000 / n
    const sum = arrivals(process, 'bridge', {
      site: 150,
      n,
      draws,
      ratios: uniform(process, [down, up]),
      step,
    })
    let mean = 0
    let square = 0
    sum.forEach((count, x) => {
      mean += (count * (x - 150)) / 120_000
      square += (count * (x - 150) ** 2) / 120_000
    })
    return { mean, variance: square - mean * mean }
  }

  it.each([
    [60, [0.8, 1.1], { rate: 20, from: 0.8, to: 0.3, spread: 0 }],
    [6000, [0.8, 1.1], { rate: 20, from: 0.8, to: 0.3, spread: 0 }],
    [60, [1.25, 0.5], { rate: 10, from: 1, to: 0.9, spread: 0.5 }],
    [60, [1.25, 0.5], { rate: 10, from: 0.5, to: 0, spread: 1 }],
    [6000, [0, 1.5], { rate: 4, from: 0.5, to: 0.1, spread: 1 }],
  ] as [number, number[], { rate: number; from: number; to: number; spread: number }][])(
    '`bridge()` has the mean and the variance of the bridge: %i units, ratios %o, %o',
    (n, [down, up], step) => {
      const { rate, from: t, to: s, spread } = step
      const { mean, variance } = moments(n, [down, up], step)
      const exactMean = (1 - s / t) * rate * t * (up - down)
      const exactVariance = (2 * rate * s * (t - s)) / t + (1 - s / t) ** 2 * spread * 2 * rate * t
      // Six standard errors of 120,000 units; the fourth moment is at most a little above the normal one.
      expect(Math.abs(mean - exactMean)).toBeLessThan(6 * Math.sqrt(exactVariance / 120_000))
      expect(Math.abs(variance / exactVariance - 1)).toBeLessThan(6 * Math.sqrt(2.6 / 120_000))
    },
  )

  it.each([60, 6000])('`bridge()` to time 0 ends on one of the two sites around the mean: %i units', n => {
    const process = walkOn([30], 'periodic', 10)
    const ratios = uniform(process, [0.5, 0.83])
    const sum = arrivals(process, 'bridge', {
      site: 10,
      n,
      draws: 60_000 / n,
      ratios,
      step: { from: 0.5, to: 0 },
    })
    const mean = 5 * (Math.fround(0.83) - 0.5)
    const expected = new Array(30).fill(0)
    expected[11] = 60_000 * (2 - mean)
    expected[12] = 60_000 * (mean - 1)
    expect(chiSquareP(sum, expected)).toBeGreaterThan(1e-6)
  })

  it('`bridge()` takes 1 for the ratio across a wall: no drift where the other ratio is 1 as well', () => {
    const process = walkOn([50], 'no-flux', 8)
    const sum = arrivals(process, 'bridge', {
      site: 0,
      n: 100,
      draws: 500,
      ratios: uniform(process, [0, 1]),
      step: { from: 1, to: 0.5 },
    })
    // Symmetric around the wall, so |2 D + 1| of a displacement of mean 0 and variance 4.
    let square = 0
    sum.forEach((count, x) => {
      square += (count * (x + 0.5) ** 2) / 50_000
    })
    expect(Math.abs(square - 4.25)).toBeLessThan(0.25)
  })
})

describe.each(['hop', 'leap', 'bridge'] as const)('%s', verb => {
  it.each([NaN, -1e-30, Infinity])(`\`${verb}()\` refuses the ratio %d, and leaves the counts alone`, bad => {
    const process = walkOn([3], 'periodic', 1)
    const ratios = new Float32Array(6).fill(1)
    ratios[4] = bad
    const counts = Int32Array.of(5, 6, 7)
    expect(() => process[verb](counts, ratios, { from: 1, to: 0.5, random: random(1) })).toThrow(
      new RangeError(`Cannot ${verb}: ratio 4 must be a finite number >= 0, got ${ratios[4]}`),
    )
    expect([...counts]).toEqual([5, 6, 7])
  })

  it.each([
    [0.5, 0.5],
    [0.5, 0.6],
    [0, 0],
    [1.5, 0.5],
    [0.5, -0.1],
    [NaN, 0],
  ])(`\`${verb}()\` refuses the step from %d to %d`, (from, to) => {
    const process = walkOn([3], 'periodic', 1)
    const step = { from, to, random: random(1) }
    expect(() => process[verb](new Int32Array(3), new Float32Array(6), step)).toThrow(RangeError)
  })

  it.each(['hop', 'leap', 'bridge'] as const)(
    `\`${verb}()\` draws the same for the same stream, whatever \`%s()\` has done before`,
    before => {
      const make = () => walkOn([7, 6], ['no-flux', 'periodic'], 30)
      const used = make()
      const start = Int32Array.from({ length: 42 }, (_, x) => (x * 97) % 400)
      const ratios = Float32Array.from({ length: 168 }, (_, i) => (i % 13) / 5)
      used[before](start.slice(), uniform(used, [3, 1, 2, 9]), { from: 1, to: 0.1, random: random(9) })
      const [again, fresh] = [start.slice(), start.slice()]
      used[verb](again, ratios, { from: 0.9, to: 0.7, random: random(4) })
      make()[verb](fresh, ratios, { from: 0.9, to: 0.7, random: random(4) })
      expect(again).toEqual(fresh)
      expect(again).not.toEqual(start)
    },
  )
})

describe('the order of directions', () => {
  it.each(['hop', 'leap', 'bridge'] as const)(
    '`%s()` goes to the neighbour that the direction names',
    verb => {
      const grid = lattice([5, 5], 'no-flux')
      for (let j = 0; j < 4; j++) {
        const process = spatial({ lattice: grid, rate: 0.1 })
        const perDirection = [0, 0, 0, 0]
        perDirection[j] = 1
        const counts = new Int32Array(25)
        counts[12] = 1000
        process[verb](counts, uniform(process, perDirection), { from: 1, to: 0, random: random(5) })
        const y = reachedBy(grid, 12, j)
        expect(counts[12] + counts[y]).toBeGreaterThan(980)
        expect(counts[y]).toBeGreaterThan(50)
      }
    },
  )
})
