/** Microstructures: labels of phases on grids, and what is measured on them. */

export { fourier } from '../base/fourier.ts'
export { type ClusterOptions, type Clusters, clusters } from './clusters.ts'
export { type Coding, labelsOf, labelsThere } from './coding.ts'
export { crop, crops } from './crops.ts'
export { nowhere, squaredDistances } from './distance.ts'
export { type Euler, euler } from './euler.ts'
export { type GeodesicOptions, geodesicTortuosity } from './geodesic.ts'
export {
  interfaces,
  type SpecificSurface,
  specificSurface,
  type TriplePoints,
  triplePoints,
} from './interfaces.ts'
export {
  type AxisName,
  fractions,
  type Labels,
  type Mask,
  mapAxes,
  outside,
  type PerAxis,
  phaseOf,
} from './labels.ts'
export { type Lone, lone } from './lone.ts'
export { measure } from './measure.ts'
export type { Measured, MeasureOptions, Phases, PoreSizes, Topology } from './measured.ts'
export { otsu } from './otsu.ts'
export { percolates, spanning } from './percolation.ts'
export { type Intrusion, type PorosimetryOptions, porosimetry } from './porosimetry.ts'
export { profiles } from './profiles.ts'
export { type Quantity, quantities, standard } from './quantity.ts'
export {
  gridsOf,
  type LabelFile,
  type LabelStack,
  type ReadLabelsOptions,
  readLabels,
  readValues,
  type ValueStack,
} from './read-labels.ts'
export { type RawLayout, volumeFormats } from './read-volume.ts'
export { type Representative, representative } from './representative.ts'
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
export { localThickness, type ThicknessOptions } from './thickness.ts'
export type { TransportOptions } from './transport/conductors.ts'
export { electrodeTransport } from './transport/electrode.ts'
export { type Transport, transport } from './transport/tortuosity.ts'
export { type TwoPoint, type TwoPointOptions, twoPoint } from './two-point.ts'
export { type DriveOptions, drive, finish, type Work } from './work.ts'
