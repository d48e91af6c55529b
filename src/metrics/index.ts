// Measures of images: distances between sets of them, similarities of two.
export { measuredSchedule, similarityCurve } from './design.ts'
export { discrepancy, gaussianKernel, moverKernel } from './discrepancy.ts'
export { LEAST_SIDE, simpleFeatureCount, simpleFeatures } from './features.ts'
export { frechet, type Moments, moments } from './frechet.ts'
export { type GraphDistances, graphDistances, novelty } from './graphs.ts'
export { distanceOfHistograms, histogramOf } from './histogram.ts'
export { kolmogorovSmirnov } from './kolmogorov.ts'
export {
  type Band,
  lifeOf,
  modesOf,
  type ScaleOptions,
  type SpectralOptions,
  scales,
  spectralSchedule,
} from './scales.ts'
export { ssim } from './ssim.ts'
