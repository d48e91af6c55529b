// The walks against the suite that every process passes.
import { type BoundaryName, lattice, neighbours } from '../../src/lattice/index.ts'
import { confined, type JumpProcess, spatial } from '../../src/process/index.ts'
import { bridge, cfl, leap } from '../../src/sampling/index.ts'
import { grids, type State } from './known-process.ts'
import { processConformance } from './process.conformance.ts'

const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1))
const massOf = (state: State) => state.reduce((a, b) => a + b, 0)
const scattered = (state: State) => 1 / state.reduce((product, n) => product * factorial(n), 1)

/** Units hop to neighbours that are open, at rate 1 each. */
function facts(process: JumpProcess, lengths: number[], boundary: BoundaryName, open: number[]) {
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
  return {
    process,
    states: grids(sites, 3).filter(
      state => massOf(state) > 1 && massOf(state) < 4 && state.every((n, x) => n === 0 || open[x] === 1),
    ),
    forward: (state: State) => all(state).flatMap(({ to, n }) => (to ? [[to, n] as const] : [])),
    reverse: (state: State, { j, x }: { j: number; x: number }) => hop(state, j, x),
    data: (state: State) => 1 + ((state[0] * 5 + state[1] * 3 + state[2] * state[2]) % 4) ** 2,
    limit: scattered,
    even: scattered,
    conserved: (state: State) => [massOf(state)],
    settled: false,
    bridgeIs: 'of the mean and the variance of a bridge to the mean of the origins',
    times: [0.05, 0.3, 0.8],
    solvers: [
      cfl({ fraction: 0.03 }),
      leap({ calls: 64, smallest: 0.02 }),
      bridge({ calls: 150, until: 2, bend: 0, spread: 1, smallest: 0.003 }),
    ],
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
