/** Graphs: nodes and edges, the exact kernels of walks on them, proximities, eigenvectors. */
export { applyHeat, type LaplacianName, laplacian, type SparseLaplacian } from './chebyshev.ts'
export { mirror, rowsByRows } from './dense.ts'
export { type Eigen, eigen } from './eigen.ts'
export { type Exponent, exponential } from './exponential.ts'
export { demandConnected, type Graph, type GraphOptions, graph, parts } from './graph.ts'
export { type Grounded, green } from './green.ts'
export { graphHeatModes, type HeatModesOptions } from './heat-modes.ts'
export { completeKernel, type GraphKernel, graphKernel, heat } from './kernel.ts'
export { type LanczosOptions, type Leading, lanczos } from './lanczos.ts'
export {
  countsOfGraphs,
  graphsOfCounts,
  kindsOf,
  type SmallGraph,
  type SmallGraphOptions,
  smallGraphsOfJson,
} from './listed.ts'
export { modesOf, mostOfTable } from './modes.ts'
export { type PlantedOptions, planted } from './planted.ts'
export {
  distances,
  type PlainProximity,
  type ProximityName,
  type ProximityOptions,
  perron,
  plainProximities,
  proximity,
  proximityNames,
} from './proximity.ts'
export { type GraphData, graphOfJson, graphOfRows, type ReadGraphOptions } from './read.ts'
export { clusteringOf, degreeShares, ORBITS, orbitCounts } from './statistics.ts'
