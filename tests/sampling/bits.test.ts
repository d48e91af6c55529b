// Bits per dimension: an equality for every image under exact origins, and never too few.
import { describe, expect, it } from 'vitest'
import { lattice, periodic } from '../../src/lattice/index.ts'
import {
  absorbingRates,
  birthDeath,
  chain,
  confined,
  death,
  spatial,
  uniformRates,
} from '../../src/process/index.ts'
import { bits, type OriginFunction } from '../../src/sampling/index.ts'
import { fewUnits } from '../../src/sampling/study/enumerable.ts'
import { exponential, logit, power } from '../../src/schedule/index.ts'
import { type Facts, grids, type Known, known, type State } from '../process/known-process.ts'

const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1))
const chainFacts = (matrix: readonly number[], states: number) => ({
  forward: (state: State) =>
    state.flatMap((a, x) =>
      Array.from(
        { length: states },
        (_, b) => [state.with(x, b), a === b ? 0 : matrix[a * states + b]] as const,
      ),
    ),
  reverse: (state: State, { j, x }: { j: number; x: number }) =>
    j === state[x] ? undefined : state.with(x, j),
  limit: () => 1,
  conserved: () => [],
  states: grids(2, states - 1),
})

const laws: [string, Facts][] = [
  [
    'death()',
    {
      process: death({ lengths: [2], ceiling: 3 }),
      states: grids(2, 3),
      forward: state => state.map((n, x) => [state.with(x, n - 1), n] as const),
      reverse: (state, { x }) => (state[x] < 3 ? state.with(x, state[x] + 1) : undefined),
      data: ([a, b]) => 1 + ((3 * a + 5 * b * b) % 7),
      limit: () => 1,
      conserved: () => [],
    },
  ],
  [
    'birthDeath()',
    {
      process: birthDeath({ lengths: [1], mean: 0.5 }),
      states: grids(1, 14),
      forward: ([n]) => [
        [[n - 1], n],
        [[n + 1], 0.5],
      ],
      reverse: ([n], { j }) => (j === 1 ? [n + 1] : n > 0 ? [n - 1] : undefined),
      data: ([n]) => [2, 1, 5, 0.5][n] ?? 0.3 ** n,
      limit: ([n]) => 0.5 ** n / factorial(n),
      conserved: () => [],
    },
  ],
  [
    'chain() that is uniform',
    {
      ...chainFacts(uniformRates(3).matrix, 3),
      process: chain({ lengths: [2], ...uniformRates(3) }),
      data: ([a, b]) => 1 + ((a + 4 * b) % 5) ** 2,
    },
  ],
  [
    'chain() with a mask',
    {
      ...chainFacts(absorbingRates(3).matrix, 3),
      process: chain({ lengths: [2], ...absorbingRates(3) }),
      data: ([a, b]) => (a === 2 || b === 2 ? 0 : 1 + 3 * a + 2 * (1 - b) * a),
    },
  ],
]

/** The exact origin of the data, or of another law; times are taken from a grid even in log t, and each is worked out once. */
function originOf({ process, index, data0, origin }: Known, prior = data0): OriginFunction {
  const { channels, sites, rate, link } = process
  const size = channels * sites
  const told = new Map<string, Float64Array>()
  return (counts, times) => {
    const out = new Float32Array(counts.length * link.width)
    times.forEach((time, i) => {
      const state = index(counts.subarray(i * size, (i + 1) * size))
      if (state < 0) return
      const place = Math.round(25 * Math.log(time))
      const key = `${place} ${state}`
      const known = told.get(key) ?? origin(prior, rate * Math.min(1, Math.exp(place / 25)), state)
      told.set(key, known)
      out.set(known, i * size * link.width)
    })
    return out
  }
}

/** The same images many times over, and the mean of each with its standard error. */
async function bounds(facts: Facts, of: readonly State[], origin: OriginFunction, copies = 1000) {
  const { process } = facts
  const images = of.flatMap(state => Array.from({ length: copies }, () => state)).flat()
  const { each } = await bits({ process, origin, images, seed: 4, batch: 500, draws: 24 })
  return of.map((_, i) => {
    const own = [...each.subarray(i * copies, (i + 1) * copies)].map(
      b => b * process.channels * process.sites,
    )
    const mean = own.reduce((a, b) => a + b) / copies
    const variance = own.reduce((sum, b) => sum + (b - mean) ** 2, 0) / (copies - 1)
    return { mean, error: Math.sqrt(variance / copies) }
  })
}

describe.each(laws)('`bits()` of %s', (_, facts) => {
  const law = known(facts)
  const exact = originOf(law)
  const some = [...law.data0.keys()].sort((a, b) => law.data0[b] - law.data0[a])
  const images = [some[0], some[1], some[3]].map(i => facts.states[i])

  it('is -log2 of the probability of every image under exact origins', async () => {
    for (const [i, { mean, error }] of (await bounds(facts, images, exact)).entries()) {
      const wanted = -Math.log2(law.data0[law.index(images[i])])
      expect(error).toBeLessThan(0.06)
      expect(Math.abs(mean - wanted)).toBeLessThan(5 * error + 0.01)
    }
  }, 300_000)

  it('is that of another law under the origins of that law', async () => {
    const weights = law.data0.map((p, i) => (p > 0 ? 1 / (1 + facts.states[i][0]) : 0))
    const sum = weights.reduce((a, b) => a + b)
    const other = weights.map(weight => weight / sum)
    for (const [i, { mean, error }] of (await bounds(facts, images, originOf(law, other))).entries()) {
      const wanted = -Math.log2(other[law.index(images[i])])
      expect(Math.abs(mean - wanted)).toBeLessThan(5 * error + 0.01)
    }
  }, 300_000)
})

describe('`bits()` of the walk', () => {
  const grid = lattice([4], periodic)
  const walk = spatial({ lattice: grid })
  const lawOfUnits = (units: number) =>
    fewUnits({ lattice: grid, rate: walk.rate, units, weight: i => 1 + ((i * i * 3) % 7) ** 2 })
  const boundOf = async (units: number, state: number, copies: number) => {
    const { states, origin, law } = lawOfUnits(units)
    const images = Array.from({ length: copies }, () => [...states[state]]).flat()
    const { bits: bound, error } = await bits({ process: walk, origin, images, seed: 1, batch: copies })
    return { bound, error, exact: -Math.log2(law[state]) / 4 }
  }

  it('is -log2 of the probability of an image of one unit', async () => {
    for (const state of [0, 1, 2, 3]) {
      const { bound, error, exact } = await boundOf(1, state, 300)
      expect(Math.abs(bound - exact)).toBeLessThan(5 * error + 0.005)
    }
  })

  it('is neither equal nor a bound for a few units that are alike, where the potentials are not exact', async () => {
    const { bound, error, exact } = await boundOf(3, 7, 200)
    expect(bound).toBeLessThan(exact - 5 * error)
    expect(bound).toBeGreaterThan(0.7 * exact)
  })
})

describe('bits()', () => {
  const process = death({ lengths: [2, 2], channels: 2, ceiling: 9 })
  /** Some of the units are dead, the more the later. */
  const origin: OriginFunction = (counts, times) =>
    Float32Array.from(counts, (n, k) => n - 4 * Math.expm1(-15 * times[Math.floor(k / 8)]))
  const images = Uint8Array.from({ length: 24 }, (_, i) => (i * i) % 10)
  const told = { process, origin, images, seed: 3, batch: 2, draws: 6 }

  it('gives every image the same bits whatever the batch and whatever stands beside it', async () => {
    const { each, bits: mean, error, prior } = await bits(told)
    expect((await bits({ ...told, batch: 5 })).each).toEqual(each)
    expect((await bits({ ...told, images: images.subarray(0, 8) })).each[0]).toBe(each[0])
    expect(mean).toBeCloseTo((each[0] + each[1] + each[2]) / 3, 12)
    expect(error).toBeGreaterThan(0)
    expect(prior).toBeGreaterThanOrEqual(0)
    expect(prior).toBeLessThan(1e-3)
    expect((await bits({ ...told, seed: 4 })).each).not.toEqual(each)
  })

  it('has one mean whatever the schedule of its times', async () => {
    const many = Uint8Array.from({ length: 8 * 400 }, (_, i) => (i % 8) + 1)
    const [a, b, late] = await Promise.all(
      [logit({ tau1: 15, tau2: 15 }), power({ exponent: 4 }), exponential({ start: 0.05 })].map(schedule =>
        bits({
          ...told,
          process: death({ lengths: [2, 2], channels: 2, ceiling: 9 }),
          images: many,
          schedule,
        }),
      ),
    )
    expect(Math.abs(a.bits - b.bits)).toBeLessThan(5 * Math.hypot(a.error, b.error))
    // Most happens before its first time.
    expect(Math.abs(a.bits - late.bits)).toBeLessThan(5 * Math.hypot(a.error, late.error))
    expect(Math.hypot(a.error, b.error, late.error)).toBeLessThan(0.1 * a.bits)
  })

  it('is infinite where nothing is expected at which something happened', async () => {
    const nothing: OriginFunction = counts => Float32Array.from(counts)
    expect((await bits({ ...told, origin: nothing })).bits).toBe(Infinity)
  })

  it('refuses a process that does not know how far its limit is, broken images and no draws', async () => {
    const hole = confined({ lattice: lattice([2, 2], periodic), open: [1, 1, 1, 0], channels: 1 })
    await expect(bits({ ...told, process: hole })).rejects.toThrow(
      'Cannot bound the bits: the process must be one that tells its divergence, got "confined"',
    )
    await expect(bits({ ...told, images: [1, 2, 3] })).rejects.toThrow(RangeError)
    await expect(bits({ ...told, draws: 0 })).rejects.toThrow(RangeError)
    const signal = AbortSignal.abort()
    await expect(bits({ ...told, signal })).rejects.toThrow('The bound was cancelled')
  })
})
