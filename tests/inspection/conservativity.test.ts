// What exact rates owe to each other, and what a gauge current changes of it.
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { conservativity, gauged, masterResidual, type RatesThere } from '../../src/inspection/index.ts'
import { lattice } from '../../src/lattice/index.ts'
import { complete, joint, shift, spatial } from '../../src/process/index.ts'
import { type FewUnits, fewUnits } from '../../src/sampling/study/index.ts'
import { chiSquareP } from '../base/chi-square.ts'
import { grids, known, type State } from '../process/known-process.ts'

const grid = lattice([3, 2], 'no-flux')
const few = fewUnits({ lattice: grid, rate: 2, units: 3, weight: state => 1 + ((state * state * 5) % 11) })
const walk = spatial({ lattice: grid, rate: 2 })
const images = Int32Array.from([3, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 1].flat())
const loops = (rates: RatesThere) =>
  conservativity({
    process: walk,
    rates: async (states, time) => states.map(state => Float64Array.from(rates(state, time))),
    images,
    times: [0.02, 0.2, 0.8],
    loops: 200,
    seed: 1,
  })

describe('conservativity()', () => {
  it('is 0 to 1e-9 for exact rates, both round a hop and round a plaquette', async () => {
    const rows = await loops(few.rates)
    for (const { pair, curl } of rows) {
      expect(pair.count).toBeGreaterThan(200)
      expect(curl.count).toBeGreaterThan(100)
      expect(Math.max(pair.high, curl.high)).toBeLessThan(1e-9)
    }
  })

  it('is not 0 for rates that belong to no law', async () => {
    const rows = await loops((counts, time) =>
      few.rates(counts, time).map((r, k) => r * (1 + 0.3 * Math.sin(7 * k + counts[0]))),
    )
    for (const { pair, curl } of rows) expect(Math.min(pair.median, curl.high)).toBeGreaterThan(0.01)
  })

  it('is 0 for two parts of unlike rates, in which neither knows of the other', async () => {
    const both = joint(
      spatial({ lattice: lattice([3], 'no-flux'), rate: 5 }),
      complete({ nodes: 2, rate: 2.5 }),
    )
    const states = grids(5, 2).filter(([a, b, c, d, e]) => a + b + c === 2 && d + e === 1)
    const reached = both.reached!(0)
    const pace = both.pace!(0, 0.1)
    const hop = (state: State, at: number) => {
      const [x, y] = [at % 5, reached[at]]
      return y < 0 || state[x] === 0 ? undefined : state.with(x, state[x] - 1).with(y, state[y] + 1)
    }
    const law = known({
      process: both,
      states,
      forward: state =>
        [...reached.keys()].flatMap(at => {
          const to = hop(state, at)
          return to ? [[to, state[at % 5] * (at % 5 > 2 ? 0.5 : 1)] as const] : []
        }),
      reverse: (state, { j, x }) => hop(state, 5 * j + x),
      data: state => 1 + ((7 * states.indexOf(state)) % 5),
      limit: () => 1,
      conserved: state => [state[0] + state[1] + state[2], state[3] + state[4]],
    })
    expect([...pace].filter((_, at) => reached[at] >= 0).sort()).toEqual([0.5, 0.5, 1, 1, 1, 1])
    const rows = await conservativity({
      process: both,
      rates: async (asked, time) =>
        asked.map(state => law.rates(law.after(law.data0, both.rate * time), law.index(state))),
      images: states.flat(),
      times: [0.05, 0.3],
      loops: 100,
      seed: 1,
    })
    for (const { pair, curl } of rows) expect(Math.max(pair.high, curl.high)).toBeLessThan(1e-9)
  })

  it('is 0 for units that are redrawn evenly in blocks, each hop at its own pace', async () => {
    const process = shift({ lengths: [4], within: 2, rate: 3 })
    const states = grids(4, 2).filter(([a, b, c, d]) => a + b === 2 && c + d === 1)
    const hop = (state: State, x: number) =>
      state[x] > 0 ? state.with(x, state[x] - 1).with(x ^ 1, state[x ^ 1] + 1) : undefined
    const law = known({
      process,
      states,
      forward: state =>
        [0, 1, 2, 3].flatMap(x => {
          const to = hop(state, x)
          return to ? [[to, state[x] / 2] as const] : []
        }),
      reverse: (state, { x }) => hop(state, x),
      data: state => 1 + ((7 * states.indexOf(state)) % 5),
      limit: () => 1,
      conserved: state => [state[0] + state[1], state[2] + state[3]],
    })
    const rows = await conservativity({
      process,
      rates: async (asked, time) =>
        asked.map(state => law.rates(law.after(law.data0, process.rate * time), law.index(state))),
      images: states.flat(),
      times: [0.05, 0.3],
      loops: 100,
      seed: 1,
    })
    for (const { pair, curl } of rows) expect(Math.max(pair.high, curl.high)).toBeLessThan(1e-9)
  })

  it('says of processes whose units stay that they have no hops', async () => {
    const still = { ...walk, reached: undefined }
    const options = { process: still, rates: async () => [], images, times: [0.5], seed: 1 }
    await expect(conservativity(options)).rejects.toThrow(/whose units walk/)
  })
})

describe('gauged()', () => {
  const rates = gauged(few, 3)

  it('raises the circulation', async () => {
    const rows = await loops(rates)
    for (const { curl } of rows) expect(curl.high).toBeGreaterThan(0.1)
  })

  it('carries the law as the exact rates do', () => {
    for (const time of [0.05, 0.3, 0.9]) {
      expect(masterResidual(few, few.rates, time)).toBeLessThan(1e-6)
      expect(masterResidual(few, rates, time)).toBeLessThan(1e-6)
      const other: RatesThere = (counts, at) =>
        few.rates(counts, at).map((r, k) => r * (1 + 0.2 * Math.sin(5 * k)))
      expect(masterResidual(few, other, time)).toBeGreaterThan(0.02)
    }
  })

  it('leaves the sampled law as it is', () => {
    const fits = (told: RatesThere) =>
      chiSquareP(
        [...sampledBy(told)],
        [...ring.law].map(p => DRAWS * p),
      )
    expect(fits(ring.rates)).toBeGreaterThan(1e-6)
    expect(fits(gauged(ring, 3))).toBeGreaterThan(1e-6)
    // And the test can fail: rates of another law do not come to this one.
    expect(
      fits((counts, at) => ring.rates(counts, at).map((r, k) => r * (1 + 0.5 * Math.sin(5 * k)))),
    ).toBeLessThan(1e-6)
  })
})

const DRAWS = 1500
const ring = fewUnits({
  lattice: lattice([4], 'periodic'),
  rate: 1.2,
  units: 2,
  weight: state => 1 + ((state * state * 5) % 7),
})
const around = spatial({ lattice: ring.lattice, rate: 1.2 })

/** How often each state comes of hops by these rates, in steps in which hardly a unit hops. */
function sampledBy(rates: RatesThere): Float64Array {
  const stream = random(5)
  const images = Array.from({ length: DRAWS }, () => {
    const out = new Int32Array(around.sites)
    around.limit([2], { random: stream, out })
    return out
  })
  const times = [...Array.from({ length: 120 }, (_, k) => 0.001 ** (k / 119)), 0]
  for (let k = 0; k + 1 < times.length; k++) {
    const known = ring.states.map(state => Float64Array.from(rates(state, times[k])))
    const span = around.rate * (times[k] - times[k + 1])
    for (const counts of images) around.hop(counts, known[ring.index(counts)], { span, random: stream })
  }
  const seen = new Float64Array(ring.states.length)
  for (const counts of images) seen[ring.index(counts)]++
  return seen
}

/** Rates that the process itself makes of the exact origin: they carry the law nearly. */
describe('masterResidual()', () => {
  it('tells how far the rates made of an exact origin are from carrying the law', () => {
    const byOrigin: RatesThere = (counts, time) => {
      const out = new Float64Array(walk.jumps * walk.sites)
      walk.rates(counts, few.expected(counts, time), { time, out })
      return out
    }
    const one = oneUnit()
    const ofOne: RatesThere = (counts, time) => {
      const out = new Float64Array(walk.jumps * walk.sites)
      walk.rates(counts, one.expected(counts, time), { time, out })
      return out
    }
    // For one unit the origin is all there is to know.
    expect(masterResidual(one, ofOne, 0.2)).toBeLessThan(1e-6)
    const far = masterResidual(few, byOrigin, 0.2)
    expect(far).toBeGreaterThan(1e-3)
    expect(far).toBeLessThan(1)
  })
})

function oneUnit(): FewUnits {
  return fewUnits({ lattice: grid, rate: 2, units: 1, weight: state => 1 + state })
}
