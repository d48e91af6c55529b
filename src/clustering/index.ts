/** Clusters of the nodes of a graph, and how far two divisions agree. */
export { adjustedRand, mutualInformation } from './agreement.ts'
export { type Division, type KmeansOptions, kernelKmeans, kmeans } from './kmeans.ts'
export { heatClusters, type SpectralOptions, spectralClusters } from './spectral.ts'
export {
  type ClusterMethod,
  type ClusterOptions,
  clusterMethods,
  clusters,
  parameterOf,
  rejectCurve,
  type SweepOptions,
  type SweepRow,
  sweep,
} from './sweep.ts'
