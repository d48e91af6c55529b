// The walk on the complete graph in closed form, against its jumps and against the walk on that graph by its modes.
import { describe, expect, it } from 'vitest'
import { graph } from '../../src/graph/index.ts'
import { complete, onGraph } from '../../src/process/index.ts'
import { gradient, input } from '../../src/tensor/index.ts'
import { compute, floats } from '../tensor/compute.ts'
import { grids, type State } from './known-process.ts'
import { processConformance } from './process.conformance.ts'

const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1))
const massOf = (state: State) => state.reduce((a, b) => a + b, 0)
const walk = complete({ nodes: 4 })
const hop = (state: State, j: number, x: number) => {
  const y = j < x ? j : j + 1
  return state[x] === 0 ? undefined : state.with(x, state[x] - 1).with(y, state[y] + 1)
}

processConformance('complete()', {
  process: walk,
  states: grids(4, 2).filter(state => massOf(state) > 0 && massOf(state) < 3),
  forward: state =>
    state.flatMap((n, x) =>
      [0, 1, 2].flatMap(j => {
        const to = hop(state, j, x)
        return to ? [[to, n] as const] : []
      }),
    ),
  reverse: (state, { j, x }) => hop(state, j, x),
  data: state => (massOf(state) === 1 ? [1, 5, 0.4, 2][state.indexOf(1)] : 0),
  limit: state => 1 / state.reduce((product, n) => product * factorial(n), 1),
  conserved: state => [massOf(state)],
  undo: 'any law',
  times: [0.05, 0.3, 0.8],
})

describe('complete()', () => {
  it('tells the rates of the walk on the graph of all pairs', () => {
    const edges = [0, 1, 2, 3].flatMap(a => [0, 1, 2, 3].filter(b => b > a).map(b => [a, b] as const))
    const modes = onGraph({ graph: graph({ nodes: 4, edges }), rate: walk.rate })
    const [counts, origin] = [Int32Array.of(3, 0, 1, 7), [4, 2, 1, 4]]
    const [a, b] = [new Float64Array(12), new Float64Array(12)]
    walk.rates(counts, origin, { time: 0.2, out: a })
    modes.rates(counts, origin, { time: 0.2, out: b })
    a.forEach((rate, i) => {
      expect(rate).toBeCloseTo(b[i], 9)
    })
  })

  it('of one unit the link is the rule of Bayes: what is told times what the walk says of the state', async () => {
    const prior = [0.1, 0.2, 0.3, 0.4]
    const time = [0.01, 0.4]
    const shape = [2, 1, 1, 4]
    const shown = { counts: input('counts', shape), time: input('time', [2]) }
    const found = await compute(
      { origin: walk.link.origin(input('output', shape), shown) },
      {
        output: floats(shape, [...prior, ...prior].map(Math.log)),
        counts: floats(shape, [0, 0, 1, 0, 0, 0, 1, 0]),
        time: floats([2], time),
      },
    )
    time.forEach((t, image) => {
      const stayed = Math.exp(-4 * walk.rate * t)
      const weights = prior.map((p, x) => p * ((1 - stayed) / 4 + (x === 2 ? stayed : 0)))
      const sum = weights.reduce((a, b) => a + b)
      weights.forEach((w, x) => {
        expect(found.origin.data[4 * image + x]).toBeCloseTo(w / sum, 5)
      })
    })
  })

  it('of a lone unit the loss without its state has the same optimum, and a gradient where the state says all', async () => {
    // All pairs of an origin and a state, each as often as it happens; the network is not shown the state, and says one thing of all.
    const prior = [0.1, 0.2, 0.3, 0.4]
    const pairs = prior.flatMap((_, x) => prior.map((_, y) => ({ x, y })))
    const shape = [16, 1, 1, 4]
    const hot = (of: (pair: { x: number; y: number }) => number) =>
      floats(
        shape,
        pairs.flatMap(pair => prior.map((_, k) => Number(of(pair) === k))),
      )
    const slopes = async (lone: boolean, told: readonly number[], time: number) => {
      const { link } = complete({ nodes: 4, lone })
      const stayed = Math.exp(-4 * walk.rate * time)
      const often = pairs.flatMap(({ x, y }) =>
        new Array(4).fill(prior[x] * ((1 - stayed) / 4 + (x === y ? stayed : 0))),
      )
      const shown = { counts: input('counts', shape), time: input('time', [16]) }
      const output = input('output', shape)
      const wanted = { target: input('target', shape), weights: input('weights', shape) }
      const { slope } = await compute(
        { slope: gradient(link.loss(output, shown, wanted), [output])[0] },
        {
          output: floats(
            shape,
            pairs.flatMap(() => told),
          ),
          counts: hot(({ y }) => y),
          target: hot(({ x }) => x),
          weights: floats(shape, often),
          time: floats([16], new Array(16).fill(time)),
        },
      )
      return prior.map((_, k) => pairs.reduce((sum, _, i) => sum + slope.data[4 * i + k], 0))
    }
    for (const time of [1e-4, 0.1, 0.9])
      for (const lone of [false, true])
        for (const slope of await slopes(lone, prior.map(Math.log), time)) expect(slope).toBeCloseTo(0, 6)
    // Softmax less the prior, whatever the time; with the state next to nothing is left of it early.
    const even = [0, 0, 0, 0]
    for (const time of [1e-4, 0.1, 0.9])
      for (const [k, slope] of (await slopes(true, even, time)).entries())
        expect(slope).toBeCloseTo(0.25 - prior[k], 6)
    for (const slope of await slopes(false, even, 1e-4)) expect(Math.abs(slope)).toBeLessThan(1e-3)
  })

  it('refuses what is no number of nodes', () => {
    for (const nodes of [1, 2.5, 3001, Number.NaN]) expect(() => complete({ nodes })).toThrow(RangeError)
    expect(() => complete({ nodes: '3' as never })).toThrow(TypeError)
  })
})
