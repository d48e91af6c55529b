// The public surface: all that a program imports from 'saltus'. It runs in a browser; what needs Node is in 'saltus/node'.
export { binomial, multinomial, poisson } from './base/draws.ts'
export { Cancelled, InvariantError } from './base/errors.ts'
export { below, type Random, random } from './base/random.ts'
export * as clustering from './clustering/index.ts'
export * as embedding from './embedding/index.ts'
export { type Counts, largestMass, type NdArray, packImages } from './formats/array.ts'
export { histogram, lineChart } from './formats/chart.ts'
export { type ImageSet, imageSet, readImages, type Split } from './formats/dataset.ts'
export { imagesFromFiles, type NamedBytes } from './formats/folder.ts'
export { readIdx } from './formats/idx.ts'
export { readNpy, writeNpy } from './formats/npy.ts'
export { openNpz, readNpz, writeNpz } from './formats/npz.ts'
export { decodeModel, encodeModel, type OnnxModel } from './formats/onnx.ts'
export { type PictureOptions, picture } from './formats/picture.ts'
export { readPng, writePng } from './formats/png.ts'
export * as graphs from './graph/index.ts'
export type { Axis, Boundary, BoundaryName, Lattice } from './lattice/index.ts'
export { directions, hopRate, lattice, neighbours, noFlux, periodic, unmixed } from './lattice/index.ts'
export { measuredSchedule, similarityCurve } from './metrics/design.ts'
export { frechet, type Moments, moments } from './metrics/frechet.ts'
export { distanceOfHistograms, histogramOf } from './metrics/histogram.ts'
export { kolmogorovSmirnov } from './metrics/kolmogorov.ts'
export { ssim } from './metrics/ssim.ts'
export { classify, decodeClassifier, encodeClassifier } from './model/classifier-file.ts'
export { type Condition, classes, conditionsOf, surroundings } from './model/conditions.ts'
export type { DataDescription, ModelDescription } from './model/description.ts'
export { decodeModelFile, encodeGraph, encodeModelFile, layoutFor, networkOf } from './model/file.ts'
export { fingerprint } from './model/fingerprint.ts'
export { expectation, type Gaussian, packGaussian, unpackGaussian } from './model/gaussian.ts'
export { type OriginOptions, originFunction } from './model/origin.ts'
export { restore } from './model/restore.ts'
export { type ClassifierOptions, classifier } from './network/classifier.ts'
export { fixed, initial, type Layout, layoutOf, type Parameters, sliced } from './network/parameters.ts'
export { type Task, type UnetOptions, unet } from './network/unet.ts'
export type {
  Corruption,
  JumpProcess,
  Link,
  ProcessDescription,
  RateOptions,
  ReverseStep,
} from './process/index.ts'
export {
  birthDeath,
  type Confined,
  chain,
  confined,
  death,
  labels,
  process,
  spatial,
} from './process/index.ts'
export { absorbingRates, uniformRates } from './process/rate-matrix.ts'
export type { CompileOptions, Program, Runtime, Value } from './runtime/runtime.ts'
export { type Bits, type BitsOptions, bits } from './sampling/bits.ts'
export { explained, explainedGrid } from './sampling/explained.ts'
export type { Image, OriginFunction, Sampled, SampleOptions, Solver } from './sampling/index.ts'
export { ancestral, cfl, grid, guided, mixture, multistep, sample, solver } from './sampling/index.ts'
export type { Schedule, ScheduleDescription } from './schedule/index.ts'
export { cosine, design, designed, exponential, logit, power, schedule, walkTimes } from './schedule/index.ts'
export * as structure from './structure/index.ts'
export * as graph from './tensor/index.ts'
export { type BatchOptions, batches, type Feeds } from './training/batches.ts'
export { type FitOptions, fitGaussian } from './training/fit-gaussian.ts'
export { type AdamOptions, adamDefaults } from './training/optimizer.ts'
export { probeBlock } from './training/packing.ts'
export { gradientStep, type Objective, originObjective, trainingStep, updateStep } from './training/step.ts'
export type { Stepper, TrainingState, TrainOptions } from './training/trainer.ts'
export { accumulatedStep, Diverged, newState, train, wholeStep } from './training/trainer.ts'
