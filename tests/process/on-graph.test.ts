// The walk on any graph against the suite that every process passes, and against the walk on a lattice.
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { graph } from '../../src/graph/index.ts'
import { lattice } from '../../src/lattice/index.ts'
import { onGraph, process as rebuilt, spatial } from '../../src/process/index.ts'
import { grids, type State } from './known-process.ts'
import { processConformance } from './process.conformance.ts'

const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1))
const massOf = (state: State) => state.reduce((a, b) => a + b, 0)

// A triangle with a tail, no two edges of which are alike.
const paw = graph({
  nodes: 4,
  edges: [
    [0, 1],
    [1, 2],
    [0, 2],
    [2, 3],
  ],
  weights: [1, 0.5, 2, 1.5],
})
const hop = (state: State, j: number, x: number) => {
  const k = paw.start[x] + j
  if (k >= paw.start[x + 1] || state[x] === 0) return undefined
  const y = paw.to[k]
  return { to: state.with(x, state[x] - 1).with(y, state[y] + 1), speed: state[x] * paw.weight[k] }
}
const walk = onGraph({ graph: paw })

processConformance('onGraph()', {
  process: walk,
  states: grids(4, 2).filter(state => massOf(state) > 0 && massOf(state) < 3),
  forward: state =>
    state.flatMap((_, x) =>
      Array.from({ length: walk.jumps }, (_, j) => hop(state, j, x)).flatMap(found =>
        found ? [[found.to, found.speed] as const] : [],
      ),
    ),
  reverse: (state, { j, x }) => hop(state, j, x)?.to,
  data: state => (massOf(state) === 1 ? [1, 5, 0.4, 2][state.indexOf(1)] : 0),
  limit: state => 1 / state.reduce((product, n) => product * factorial(n), 1),
  conserved: state => [massOf(state)],
  undo: 'any law',
  times: [0.05, 0.3, 0.8],
})

describe('onGraph()', () => {
  it('tells the same rates as the walk on the lattice whose graph it is', () => {
    const ring = lattice([6], 'periodic')
    const edges = Array.from({ length: 6 }, (_, x) => [x, (x + 1) % 6] as const)
    const [one, other] = [
      spatial({ lattice: ring, rate: 2 }),
      onGraph({ graph: graph({ nodes: 6, edges }), rate: 2 }),
    ]
    const counts = Int32Array.of(3, 0, 1, 5, 0, 2)
    const origin = [4, 1, 1, 1, 2, 2]
    for (const noise of [0, 1]) {
      const [a, b] = [new Float64Array(12), new Float64Array(12)]
      one.rates(counts, origin, { time: 0.2, out: a, noise })
      other.rates(counts, origin, { time: 0.2, out: b, noise })
      for (let x = 0; x < 6; x++) {
        const before = [(x + 5) % 6, (x + 1) % 6]
        const order = before[0] < before[1] ? [0, 1] : [1, 0]
        order.forEach((j, k) => {
          expect(b[k * 6 + x]).toBeCloseTo(a[j * 6 + x], 8)
        })
      }
    }
    expect(onGraph({ graph: graph({ nodes: 6, edges }) }).rate).toBeCloseTo(
      spatial({ lattice: ring }).rate,
      9,
    )
  })

  it('keeps its law with less noise on unlike edges', () => {
    // One unit of a known origin: h(y') / h(y) are its rates, and the net flow moves its law as they do.
    const counts = Int32Array.of(0, 0, 1, 0)
    const [still, walked] = [new Float64Array(12), new Float64Array(12)]
    walk.rates(counts, [1, 0, 0, 0], { time: 0.1, out: still, noise: 0 })
    walk.rates(counts, [1, 0, 0, 0], { time: 0.1, out: walked })
    for (let j = 0; j < 3; j++) {
      const pace = paw.weight[paw.start[2] + j]
      expect(still[4 * j + 2]).toBeCloseTo(Math.max(0, walked[4 * j + 2] - pace), 12)
    }
    const seen = new Int32Array(4)
    for (let i = 0; i < 500; i++) {
      const unit = Int32Array.of(0, 0, 1, 0)
      walk.undo(unit, [1, 0, 0, 0], { from: 0.3, to: 0, random: random(i), noise: 0 })
      unit.forEach((n, x) => {
        seen[x] += n
      })
    }
    expect([...seen]).toEqual([500, 0, 0, 0])
  })

  it('refuses graphs in parts, and those that are too large', () => {
    expect(() =>
      onGraph({
        graph: graph({
          nodes: 4,
          edges: [
            [0, 1],
            [2, 3],
          ],
        }),
      }),
    ).toThrow(/must be connected, got 2 parts/)
    const path = Array.from({ length: 3000 }, (_, x) => [x, x + 1] as const)
    expect(() => onGraph({ graph: graph({ nodes: 3001, edges: path }) })).toThrow(/at most 3000/)
    expect(() => rebuilt({ ...walk.description, edges: [[0, 0]] } as never)).toThrow(RangeError)
  })
})
