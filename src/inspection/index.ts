// Looking inside a model: what its rates owe to each other, how many directions it knows, which scales live when.
export { type Asked, corrupted, eachOrigin, type RateFunction, ratesBy } from './asking.ts'
export { conservativity, type LoopOptions, type LoopRow } from './conservativity.ts'
export { type Answers, type DimensionOptions, dimension } from './dimension.ts'
export { gauged, masterResidual, type RatesThere } from './enumerated.ts'
export { agreement, linearProbe, type Probe, type ProbeOptions, pooled, pooledSize } from './probe.ts'
export { type Spread, spreadOf } from './spread.ts'
