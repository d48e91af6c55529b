/** Physical walks: an exact simulator of units, and problems of transport solved on it. */
export { exponential } from './exponential.ts'
export { type Law, type LawOptions, law } from './master.ts'
export { type Jump, leave, type Network, network } from './network.ts'
export { type End, graphWalk, type LatticeWalk, latticeWalk, type WalkAxis } from './places.ts'
export { demandKept, type Wandered, type Wandering, wander } from './wander.ts'
export { equilibriumCount, type ZeroRange, zeroRange } from './zero-range.ts'
