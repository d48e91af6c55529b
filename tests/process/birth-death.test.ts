// Birth and death, of which Poisson noise is the limit.
import { birthDeath } from '../../src/process/index.ts'
import { grids, type State } from './known-process.ts'
import { processConformance } from './process.conformance.ts'

const mean = 0.5
const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1))
const poisson = (state: State) => state.reduce((p, n) => (p * mean ** n) / factorial(n), 1)
const [one, two] = [0, 1].map(extra => ({
  forward: (state: State) =>
    state.flatMap((n, x) => [[state.with(x, n - 1), n] as const, [state.with(x, n + 1), mean] as const]),
  reverse: (state: State, { j, x }: { j: number; x: number }) =>
    j === 0 ? (state[x] > 0 ? state.with(x, state[x] - 1) : undefined) : state.with(x, state[x] + 1),
  limit: poisson,
  conserved: () => [],
  undo: { not: 'how many of the units are newcomers is more than their mean' },
  process: birthDeath({ lengths: [1 + extra], mean, rate: 8 }),
}))

processConformance('birthDeath() of one site', {
  ...one,
  states: grids(1, 13),
  data: ([n]) => [2, 1, 5, 0.5][n] ?? 0.3 ** n,
})
processConformance('birthDeath() of two sites', {
  ...two,
  states: grids(2, 8),
  data: ([a, b]) => 0.3 ** (a + b) * (1 + ((a * a + 5 * b) % 4)),
})
