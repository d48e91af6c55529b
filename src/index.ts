// The public surface: all that a program imports from 'saltus'. It runs in a browser; what needs Node is in 'saltus/node'.
export { binomial, multinomial, poisson } from './base/draws.ts'
export { Cancelled, InvariantError } from './base/errors.ts'
export { below, type Random, random } from './base/random.ts'
export * as clustering from './clustering/index.ts'
export * as embedding from './embedding/index.ts'
export { type Counts, largestMass, type NdArray, packImages } from './formats/array.ts'
export { type ImageSet, imageSet, readImages, type Split } from './formats/dataset.ts'
export { imagesFromFiles, type NamedBytes } from './formats/folder.ts'
export { readIdx } from './formats/idx.ts'
export { readNpy, writeNpy } from './formats/npy.ts'
export { openNpz, readNpz, writeNpz } from './formats/npz.ts'
export { decodeModel, encodeModel, type OnnxModel } from './formats/onnx.ts'
export { type PictureOptions, picture } from './formats/picture.ts'
export { readPng } from './formats/png.ts'
export { writePng } from './formats/png-writer.ts'
export * as graphs from './graph/index.ts'
export * as inspection from './inspection/index.ts'
export type { Axis, Boundary, BoundaryName, Lattice } from './lattice/index.ts'
export { directions, hopRate, lattice, neighbours, noFlux, periodic, unmixed } from './lattice/index.ts'
export * as metrics from './metrics/index.ts'
export { clamped } from './model/clamped.ts'
export { classify, decodeClassifier, encodeClassifier } from './model/classifier-file.ts'
export { type Condition, classes, conditionsOf, surroundings } from './model/conditions.ts'
export type { DataDescription, ModelDescription } from './model/description.ts'
export { expectation } from './model/expectation.ts'
export { decodeModelFile, encodeGraph, encodeModelFile, layoutFor, networkOf } from './model/file.ts'
export { fingerprint } from './model/fingerprint.ts'
export { type Gaussian, packGaussian, unpackGaussian } from './model/gaussian.ts'
export { type OriginOptions, originFunction } from './model/origin.ts'
export { type ClassifierOptions, classifier } from './network/classifier.ts'
export { fixed, initial, type Layout, layoutOf, type Parameters, sliced } from './network/parameters.ts'
export { type Task, type UnetOptions, unet } from './network/unet.ts'
export type { Link, Rebuild, ReverseStep } from './process/index.ts'
export {
  birthDeath,
  bridge,
  type Confined,
  chain,
  complete,
  confined,
  death,
  joint,
  labels,
  onGraph,
  process,
  spatial,
} from './process/index.ts'
export type { Corruption, JumpProcess, ProcessDescription, RateOptions } from './process/process.ts'
export { absorbingRates, uniformRates } from './process/rate-matrix.ts'
export type { CompileOptions, Program, Runtime, Value } from './runtime/runtime.ts'
export { type Bits, type BitsOptions, bits } from './sampling/bits.ts'
export { explained, explainedGrid } from './sampling/explained.ts'
export type { Image, OriginFunction, Sampled, SampleOptions, Solver } from './sampling/index.ts'
export { ancestral, cfl, grid, guided, mixture, multistep, sample, solver } from './sampling/index.ts'
export { begunWith, turned } from './sampling/turned.ts'
export type { Schedule, ScheduleDescription } from './schedule/index.ts'
export { cosine, design, designed, exponential, logit, power, schedule, walkTimes } from './schedule/index.ts'
export * as structure from './structure/index.ts'
export * as tensor from './tensor/index.ts'
export * as training from './training/index.ts'
