// Blackout Diffusion.
import { death } from '../../src/process/index.ts'
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
  even: () => 1,
  conserved: () => [],
  within: state => state.every(n => n >= 0 && n <= most),
  settled: true,
})
