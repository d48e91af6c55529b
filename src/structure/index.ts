/** Microstructures: labels of phases on grids, and what is measured on them. */
export type { Coding } from './coding.ts'
export { crop, crops } from './crops.ts'
export { nowhere, squaredDistances } from './distance.ts'
export { fourier } from './fourier.ts'
export { type GeodesicOptions, geodesicTortuosity } from './geodesic.ts'
export { interfaces, type SpecificSurface, specificSurface, triplePoints } from './interfaces.ts'
export { type AxisName, fractions, type Labels, type Mask, mapAxes, type PerAxis, phaseOf } from './labels.ts'
export { type Measured, type MeasureOptions, measure, type Quantity, quantities } from './measure.ts'
export { percolates, spanning } from './percolation.ts'
export {
  gridsOf,
  type LabelFile,
  type LabelStack,
  type ReadLabelsOptions,
  readLabels,
} from './read-labels.ts'
export type { RawLayout } from './read-volume.ts'
export { type Chords, chords, linealPath, type Runs, runsAlong } from './runs.ts'
export {
  type Band,
  band,
  type CurveName,
  type Curves,
  correlationLength,
  curves,
  type Scalars,
  type Spread,
  scalars,
  shares,
  spread,
  summed,
} from './summary.ts'
export { localThickness } from './thickness.ts'
export { type Transport, transport } from './tortuosity.ts'
export { type TwoPoint, type TwoPointOptions, twoPoint } from './two-point.ts'
export { type DriveOptions, drive, finish, type Work } from './work.ts'
