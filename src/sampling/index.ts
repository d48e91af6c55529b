// Sampling: the driver, the solvers, and exact rates of a known law in place of a network.
export { type BridgeOptions, bridge } from './bridge.ts'
export { type CflOptions, cfl } from './cfl.ts'
export { type MixtureOptions, type MixtureRates, mixtureRates } from './exact.ts'
export { type Grid, type GridOptions, grid } from './grid.ts'
export { type LeapOptions, leap } from './leap.ts'
export { type Sampled, type SampleOptions, type SampleProgress, sample } from './sample.ts'
export type { Image, RateFunction, Solver, SolverDescription } from './solver.ts'
