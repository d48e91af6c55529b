// The walks against the suite that every process passes.
import { type BoundaryName, lattice, neighbours } from '../../src/lattice/index.ts'
import { bridge, confined, type JumpProcess, labels, patchwork, spatial } from '../../src/process/index.ts'
import { grids, type State } from './known-process.ts'
import { type Promised, processConformance } from './process.conformance.ts'

const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1))
const massOf = (state: State) => state.reduce((a, b) => a + b, 0)
const scattered = (state: State) => 1 / state.reduce((product, n) => product * factorial(n), 1)

/** Units hop to neighbours that are open, at rate 1 each. The data are one unit, for which all is exact. */
function facts(process: JumpProcess, lengths: number[], boundary: BoundaryName, open: number[]): Promised {
  const reached = neighbours(lattice(lengths, boundary))
  const sites = open.length
  const hop = (state: State, j: number, x: number) => {
    const y = reached[j * sites + x]
    if (y < 0 || open[x] === 0 || open[y] === 0 || state[x] === 0) return undefined
    return state.with(x, state[x] - 1).with(y, state[y] + 1)
  }
  const all = (state: State) =>
    open.flatMap((_, x) =>
      Array.from({ length: process.jumps }, (_, j) => ({ to: hop(state, j, x), n: state[x] })),
    )
  const states = grids(sites, 3).filter(
    state => massOf(state) > 0 && massOf(state) < 4 && state.every((n, x) => n === 0 || open[x] === 1),
  )
  return {
    process,
    states,
    starts: [states.find(state => massOf(state) === 2)!, states.findLast(state => massOf(state) === 3)!],
    forward: state => all(state).flatMap(({ to, n }) => (to ? [[to, n] as const] : [])),
    reverse: (state, { j, x }) => hop(state, j, x),
    data: state => (massOf(state) === 1 ? [1, 5, 0.4, 2][state.indexOf(1)] : 0),
    limit: scattered,
    conserved: state => [massOf(state)],
    undo: 'any law',
    times: [0.05, 0.3, 0.8],
  }
}

processConformance(
  'spatial() on a ring',
  facts(spatial({ lattice: lattice([3], 'periodic') }), [3], 'periodic', [1, 1, 1]),
)
processConformance(
  'spatial() between walls',
  facts(spatial({ lattice: lattice([2, 2], 'no-flux') }), [2, 2], 'no-flux', [1, 1, 1, 1]),
)
const open = [1, 1, 1, 0]
processConformance(
  'confined()',
  facts(confined({ lattice: lattice([2, 2], 'no-flux'), open }), [2, 2], 'no-flux', open),
)
processConformance(
  'patchwork()',
  facts(
    patchwork(spatial({ lattice: lattice([4], 'periodic') }), { patch: [2], masses: [[1], [3]] }),
    [4],
    'periodic',
    [1, 1, 1, 1],
  ),
)
processConformance(
  'labels()',
  facts(labels({ lattice: lattice([4], 'no-flux') }), [4], 'no-flux', [1, 1, 1, 1]),
)
processConformance(
  'bridge() with a free end',
  facts(bridge({ lattice: lattice([3], 'periodic') }), [3], 'periodic', [1, 1, 1]),
)
