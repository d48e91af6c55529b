// The walk of edges: against its jumps, its law on all graphs of four nodes, and what it owes to the order of nodes.
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { drawnExactly, leaned, likeliest } from '../../src/process/exactly.ts'
import { edges } from '../../src/process/index.ts'
import { ancestral, sample } from '../../src/sampling/index.ts'
import { designed } from '../../src/schedule/index.ts'
import { input } from '../../src/tensor/index.ts'
import { chiSquareP } from '../base/chi-square.ts'
import { compute, floats } from '../tensor/compute.ts'
import { distance, known, type State } from './known-process.ts'
import { processConformance } from './process.conformance.ts'

const N = 4
const walk = edges({ nodes: N })
const all = [1, 2, 3, 6, 7, 11]
const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1))

/** Pairs of the nodes that are there. */
const pairsOf = (state: State) =>
  all.filter(at => state[5 * Math.floor(at / N)] > 0 && state[5 * (at % N)] > 0)
const edgesOf = (state: State) => all.map(at => state[at])
const massOf = (state: State) => edgesOf(state).reduce((a, b) => a + b)
const nodesOf = (state: State) => [0, 5, 10, 15].filter(at => state[at] > 0).length

/** All states of some edges between nodes that are there. */
function statesOf(there: readonly number[], mass: number): State[] {
  const empty = Array.from({ length: N * N }, (_, at) =>
    Number(at % (N + 1) === 0 && there.includes(at / (N + 1))),
  )
  const pairs = pairsOf(empty)
  const put = (state: State, from: number, left: number): State[] =>
    left === 0
      ? [state]
      : pairs.slice(from).flatMap((at, k) => put(state.with(at, state[at] + 1), from + k, left - 1))
  return put(empty, 0, mass)
}

/** Jump j of a site leads to the j-th of the other five pairs. */
function hop(state: State, j: number, at: number): State | undefined {
  const rank = all.indexOf(at)
  if (rank < 0 || !(state[at] > 0)) return undefined
  const to = all[j < rank ? j : j + 1]
  return pairsOf(state).includes(to) ? state.with(at, state[at] - 1).with(to, state[to] + 1) : undefined
}

const factsOf = (states: readonly State[], data: (state: State) => number) => ({
  process: walk,
  states,
  forward: (state: State) => {
    const pairs = pairsOf(state)
    // In graphs of fewer nodes an edge hops the faster, and is redrawn as often.
    return pairs.flatMap(at =>
      all.flatMap((_, j) => {
        const to = j < 5 ? hop(state, j, at) : undefined
        return to ? [[to, (state[at] * 6) / pairs.length] as const] : []
      }),
    )
  },
  reverse: (state: State, { j, x }: { j: number; x: number }) => hop(state, j, x),
  data,
  limit: (state: State) => 1 / edgesOf(state).reduce((product, n) => product * factorial(n), 1),
  conserved: (state: State) => [massOf(state), nodesOf(state)],
})

const [four, three] = [
  [0, 1, 2, 3],
  [0, 1, 2],
]

processConformance('edges()', {
  ...factsOf(
    [...statesOf(four, 1), ...statesOf(three, 1), ...statesOf([0, 2, 3], 1), ...statesOf(four, 2)],
    state =>
      massOf(state) !== 1 || (nodesOf(state) === 3 && state[15] > 0)
        ? 0
        : [1, 5, 0.4, 2, 3, 0.7][all.findIndex(at => state[at] > 0)],
  ),
  starts: [statesOf(four, 2)[3], statesOf([0, 2, 3], 1)[1]],
  undo: 'any law',
  times: [0.05, 0.3, 0.8],
})

// Three atoms of two kinds, of which one or two bonds are at a pair.
const atoms = edges({ nodes: 3, kinds: ['C', 'O'], ceiling: 2, rate: 2 })
const bond = (state: State, j: number, at: number) => {
  const sites = [1, 2, 5]
  const rank = sites.indexOf(at)
  const to = sites[j < rank ? j : j + 1]
  return rank < 0 || state[at] === 0 ? undefined : state.with(at, state[at] - 1).with(to, state[to] + 1)
}
const molecules = (kinds: State, units: number): State[] =>
  [1, 2, 5].flatMap((at, i) =>
    (units === 1 ? [[at]] : [1, 2, 5].slice(i).map(other => [at, other])).map(sites => {
      const state = [kinds[0], 0, 0, 0, kinds[1], 0, 0, 0, kinds[2]]
      for (const site of sites) state[site]++
      return state
    }),
  )

processConformance('edges() of bonds between atoms', {
  process: atoms,
  states: [...molecules([1, 1, 2], 1), ...molecules([2, 1, 2], 1), ...molecules([1, 1, 2], 2)],
  forward: state =>
    [1, 2, 5].flatMap(at =>
      [0, 1].flatMap(j => {
        const to = bond(state, j, at)
        return to ? [[to, state[at]] as const] : []
      }),
    ),
  reverse: (state, { j, x }) => (j < 2 ? bond(state, j, x) : undefined),
  data: state =>
    state[1] + state[2] + state[5] > 1 || state[0] === 2
      ? 0
      : [4, 1, 2][[1, 2, 5].findIndex(at => state[at] > 0)],
  limit: state => 1 / [1, 2, 5].reduce((product, at) => product * factorial(state[at]), 1),
  conserved: state => [
    state[1] + state[2] + state[5],
    ...[1, 2].map(kind => [0, 4, 8].filter(at => state[at] === kind).length),
  ],
  starts: [molecules([1, 1, 2], 2)[0], molecules([2, 1, 2], 1)[1]],
  undo: 'any law',
  times: [0.05, 0.3, 0.8],
})

describe('edges()', () => {
  it('refuses kinds that are not told apart', () => {
    expect(() => edges({ nodes: 4, kinds: ['C', 'C'] })).toThrow('1 to 64 different names, got ["C", "C"]')
    expect(() => edges({ nodes: 4, kinds: [1, 2] as never })).toThrow('different names')
  })

  it('draws the law of all graphs of four nodes and three edges from exact origins', async () => {
    // Triangles, stars and paths, each kind of its own weight: nothing that single pairs would tell.
    const weight = (state: State) => {
      const joined = all.filter(at => state[at] > 0)
      if (joined.length < 3) return 0
      const degree = [0, 1, 2, 3].map(
        i => joined.filter(at => Math.floor(at / N) === i || at % N === i).length,
      )
      return Math.max(...degree) === 3 ? 4 : degree.includes(0) ? 9 : 1
    }
    const states = statesOf(four, 3)
    const law = known(factsOf(states, weight))
    const origins = new Map<string, Float64Array>()
    const n = 4000
    const { counts } = await sample({
      process: walk,
      solver: ancestral({ calls: 96, schedule: designed({ u: [0, 0.5, 1], t: [0.002, 0.12, 1] }) }),
      origin: async (tile, times) => {
        const out = new Float32Array(tile.length)
        for (let i = 0; i < times.length; i++) {
          const state = law.index(tile.subarray(i * N * N, (i + 1) * N * N))
          const key = `${state} ${times[i]}`
          const own = origins.get(key) ?? law.origin(law.data0, walk.rate * times[i], state)
          origins.set(key, own)
          out.set(own, i * N * N)
        }
        return out
      },
      masses: Array.from({ length: n }, () => [3, 4]),
      seed: 1,
      batch: 100,
    })
    const seen = new Float64Array(states.length)
    for (let i = 0; i < n; i++) seen[law.index(counts.subarray(i * N * N, (i + 1) * N * N))] += 1 / n
    const clean = seen.reduce((sum, share, k) => sum + (weight(states[k]) > 0 ? share : 0), 0)
    expect(clean).toBeCloseTo(1, 9)
    // Single pairs do not tell all of a law: with 400 calls it is 0.09 still. Chance alone makes 0.03.
    expect(distance(seen, law.data0)).toBeLessThan(0.13)
    const even = Float64Array.from(states, state => Number(weight(state) > 0) / 20)
    expect(distance(even, law.data0)).toBeGreaterThan(0.25)
  }, 120_000)

  it('the link alone is the rule of Bayes for one edge, and off the pairs there is nothing', async () => {
    const time = [0.02, 0.4]
    const shown = { counts: input('counts', [2, 1, N, N]), time: input('time', [2]) }
    const state = statesOf(three, 1)[1]
    const found = await compute(
      { origin: walk.link.origin(input('output', [2, 1, N, N]), shown) },
      {
        output: floats([2, 1, N, N], new Float32Array(32)),
        counts: floats([2, 1, N, N], [...state, ...state]),
        time: floats([2], time),
      },
    )
    time.forEach((t, image) => {
      const f = 1 - Math.exp(-6 * t)
      const odds = (c: number) => 0.5 * (f + ((1 - f) * c) / (f / 3))
      const own = found.origin.data.subarray(16 * image, 16 * (image + 1))
      own.forEach((p, at) => {
        const wanted = pairsOf(state).includes(at) ? odds(state[at]) / (1 + odds(state[at])) : 0
        expect(p).toBeCloseTo(wanted, 5)
      })
    })
  })

  it('the link of several edges at a pair is the rule of Bayes for what has stayed and what has come', async () => {
    const shape = [1, 2, 3, 3]
    const shown = { counts: input('counts', [1, 1, 3, 3]), time: input('time', [1]) }
    const state = [1, 2, 1, 0, 2, 0, 0, 0, 1]
    const found = await compute(
      { origin: atoms.link.origin(input('output', shape), shown) },
      {
        output: floats(shape, new Float32Array(18)),
        counts: floats([1, 1, 3, 3], state),
        time: floats([1], [0.1]),
      },
    )
    const f = 1 - Math.exp(-2 * 3 * 0.1)
    const poisson = (n: number) => (n < 0 ? 0 : (f ** n * Math.exp(-f)) / factorial(n))
    for (const at of [1, 2, 5]) {
      const come = (k: number) =>
        Array.from({ length: k + 1 }, (_, j) => {
          const chosen = factorial(k) / factorial(j) / factorial(k - j)
          return chosen * (1 - f) ** j * f ** (k - j) * poisson(state[at] - j)
        }).reduce((a, b) => a + b)
      // Three edges at three pairs: the prior odds are clipped, 3 / 0.5, for one as for two.
      const odds = [1, 2].map(k => (6 * come(k)) / come(0))
      odds.forEach((own, k) => {
        expect(found.origin.data[9 * k + at]).toBeCloseTo(own / (1 + odds[0] + odds[1]), 5)
      })
    }
  })

  it('refuses what is no graph', () => {
    for (const nodes of [2, 2.5, 65, Number.NaN]) expect(() => edges({ nodes })).toThrow(RangeError)
    const draw = { random: random(1), out: new Int32Array(16) }
    for (const masses of [
      [7, 4],
      [4, 3],
      [1, 2],
      [1, 5],
      [-1, 4],
    ])
      expect(() => walk.limit(masses, draw)).toThrow(RangeError)
    const lone = Int32Array.from(statesOf(three, 1)[0])
    lone[3] = 1
    expect(() => walk.corrupt(lone, 0.1, { random: random(1), noisy: new Int32Array(16) })).toThrow(
      RangeError,
    )
  })
})

describe('drawnExactly()', () => {
  // Up to two units at each of four sites.
  const laws = Float64Array.from([0.5, 0.2, 0.3, 0.05, 0.2, 0.2, 0.6, 0.35])
  const chance = (x: number, v: number) => (v > 0 ? laws[4 * (v - 1) + x] : 1 - laws[x] - laws[4 + x])
  const all = (total: number) =>
    Array.from({ length: 81 }, (_, i) => [
      i % 3,
      Math.floor(i / 3) % 3,
      Math.floor(i / 9) % 3,
      Math.floor(i / 27),
    ])
      .filter(units => units.reduce((a, b) => a + b) === total)
      .map(units => ({ units, weight: units.reduce((product, v, x) => product * chance(x, v), 1) }))

  it('draws independent sites given how many units there are', () => {
    const seen = new Map<string, number>()
    const [chosen, stream] = [new Int32Array(4), random(4)]
    for (let i = 0; i < 20_000; i++) {
      drawnExactly({ laws, sites: 4, total: 4, random: stream }, chosen)
      seen.set(chosen.join(), (seen.get(chosen.join()) ?? 0) + 1)
    }
    const known = all(4)
    const found = known.map(({ units }) => seen.get(units.join()) ?? 0)
    const sum = known.reduce((whole, { weight }) => whole + weight, 0)
    expect(found.reduce((a, b) => a + b)).toBe(20_000)
    expect(
      chiSquareP(
        found,
        known.map(({ weight }) => (20_000 * weight) / sum),
      ),
    ).toBeGreaterThan(1e-6)
  })

  it('takes so many even where the laws say otherwise', () => {
    const chosen = new Int32Array(4)
    for (const p of [0, 1])
      for (let total = 0; total <= 8; total++) {
        const sure = new Float64Array(8).fill(p, 4)
        drawnExactly({ laws: sure, sites: 4, total, random: random(1) }, chosen)
        expect(chosen.reduce((a, b) => a + b)).toBe(total)
        expect(Math.max(...chosen)).toBeLessThan(3)
        likeliest({ laws: sure, sites: 4, total }, chosen)
        expect(chosen.reduce((a, b) => a + b)).toBe(total)
        expect(Math.max(...chosen)).toBeLessThan(3)
      }
  })

  it('likeliest() is the best of all', () => {
    const chosen = new Int32Array(4)
    for (let total = 0; total <= 8; total++) {
      likeliest({ laws, sites: 4, total }, chosen)
      const best = all(total).sort((a, b) => b.weight - a.weight)[0]
      expect([...chosen]).toEqual(best.units)
    }
  })

  it('leaned() has the mean asked for, and odds that differ by one factor to the power of the units', () => {
    const own = laws.slice()
    leaned({ laws: own, sites: 4, total: 5 })
    const mean = own.reduce((sum, p, i) => sum + (1 + Math.floor(i / 4)) * p, 0)
    expect(mean).toBeCloseTo(5, 9)
    const factors = [0, 1, 2, 3].flatMap(x => {
      const [before, after] = [laws, own].map(of => [1 - of[x] - of[4 + x], of[x], of[4 + x]])
      return [1, 2].map(k => ((after[k] / after[0]) * (before[0] / before[k])) ** (1 / k))
    })
    for (const factor of factors) expect(factor).toBeCloseTo(factors[0], 9)
  })
})
