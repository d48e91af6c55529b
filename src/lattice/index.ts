// The lattice: boundaries, exact kernels of the walk, neighbours and mixing.
export { type Boundary, type BoundaryName, boundary, noFlux, periodic } from './boundary.ts'
export { harmonic, portions } from './harmonic.ts'
export type { AxisKernels } from './kernel.ts'
export {
  type Axis,
  type BoundaryChoice,
  directions,
  hopRate,
  kernels,
  type Lattice,
  lattice,
  neighbours,
  unmixed,
} from './lattice.ts'
export { type Region, region, slowestMode } from './region.ts'
export { spread, transition } from './transition.ts'
