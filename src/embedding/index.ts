/** Maps of points and graphs: neighbours, heat distances, scaling, matching. */
export {
  type Embedded,
  type EmbeddingName,
  type EmbedOptions,
  embed,
  embeddingNames,
  kneeTime,
} from './embed.ts'
export { type HeatOptions, heatDistances, heatEntropies, knee, normalisedHeat } from './heat-distance.ts'
export { type InterpolateOptions, interpolationError } from './interpolate.ts'
export { classical, type MdsOptions, metric } from './mds.ts'
export {
  type DecayOptions,
  decayGraph,
  euclidean,
  type NeighbourOptions,
  nearestGraph,
  type Points,
  points,
} from './points.ts'
export { potentialDistances } from './potential.ts'
export { shortestWays } from './shortest.ts'
export { matching, wasserstein } from './transport.ts'
