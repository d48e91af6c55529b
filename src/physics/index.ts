/** Physical walks: an exact simulator of units, and problems of transport solved on it. */

export {
  type Analyte,
  type AnalyteOptions,
  type ColumnModel,
  fitAnalyte,
  type Interval,
  pooled,
  resolution,
  type Trace,
} from './chromatogram.ts'
export {
  boltzmannMatano,
  type Coefficients,
  denBroeder,
  hall,
  type Intrinsic,
  integrated,
  intrinsic,
  matanoPlane,
  normalisedConcentration,
  normalisedFraction,
  wagner,
} from './couple.ts'
export { type CoupleFitOptions, type FittedCouple, fitCouple } from './couple-fit.ts'
export { composition, type ForwardPhase, type ForwardProfile, forwardProfile } from './couple-forward.ts'
export {
  isothermalSheet,
  KPC_PER_GYR,
  type Orbits,
  orbits,
  type Potential,
  spiralAge,
  tabulatedPotential,
  unwound,
} from './disk.ts'
export {
  type DispersiveColumn,
  dispersiveColumn,
  type ElutionLaw,
  elutionDensity,
  elutionShare,
  type KineticColumn,
  kineticColumn,
  type LatticeColumn,
  latticeColumn,
} from './elution.ts'
export { type ElutionSums, elutionSums, erlang } from './elution-sums.ts'
export { type ElutionTest, testElution } from './elution-test.ts'
export { exponential } from './exponential.ts'
export { type Component, deadTime, type FullColumn, fullColumn } from './finite-volume.ts'
export {
  doubleGyre,
  gridField,
  saddle,
  shear,
  type Velocity,
  velocityOf,
  vorticityField,
} from './flow-fields.ts'
export { type FlowFields, type FlowGrid, flowFields, mover, type PathOptions } from './flow-map.ts'
export {
  type IntegratedWalk,
  integratedWalk,
  mixedAmplitude,
  shearDispersion,
  walkedAmplitude,
  walkedShear,
} from './integrated-walk.ts'
export {
  conditional,
  fuzzyCentres,
  interfaceDistance,
  type ScalarField,
  thresholds,
} from './interface-statistics.ts'
export {
  type Evolution,
  evolve,
  type Kick,
  type Pulse,
  phasePlane,
  pulseSpectrum,
  type Stars,
  sheetStars,
} from './kicks.ts'
export { invert, type Transform, type Window } from './laplace.ts'
export { type CurveFit, type FittedCurve, fitCurve } from './least-squares.ts'
export { type Law, type LawOptions, law } from './master.ts'
export { type MonotoneSpline, monotoneSpline } from './monotone-spline.ts'
export { type Jump, leave, type Network, network } from './network.ts'
export { findPeaks, type Peak } from './peaks.ts'
export { type End, graphWalk, type LatticeWalk, latticeWalk, type WalkAxis } from './places.ts'
export { type Profile, type ProfileOptions, profile } from './profile.ts'
export { type SheetResponse, sheetResponse } from './response.ts'
export { type Band, bootstrap, readAt, type Smoothed, type SmoothOptions, smoothed } from './smoothed.ts'
export { columnUnit, type Dimension, headUnit, quantity, unitOf } from './units.ts'
export { demandKept, type Wandered, type Wandering, wander } from './wander.ts'
export { equilibriumCount, type ZeroRange, zeroRange } from './zero-range.ts'
export { type ZeroRangeCouple, zeroRangeCouple } from './zero-range-couple.ts'
