/** What is measured on one image or volume of labels, and what can be said on how. */
import type { Euler } from './euler.ts'
import type { Interfaces, SpecificSurface, TriplePoints } from './interfaces.ts'
import type { PerAxis } from './labels.ts'
import type { Lone } from './lone.ts'
import type { Quantity } from './quantity.ts'
import type { Representative } from './representative.ts'
import type { Chords } from './runs.ts'
import type { TwoPoint } from './two-point.ts'

/** Something for every label that is there. */
export type Phases<T> = Record<number, T>

export interface LinealPaths extends PerAxis<Float64Array> {
  /** Mean over the axes. */
  readonly mean: Float64Array
}

/** The distribution of the local thickness over the phase. */
export interface PoreSizes {
  /** How many sites have a thickness that rounds to 0, 1, 2, … steps; empty where the phase has no walls or no sites. */
  readonly counts: Float64Array
  /** Mean thickness: NaN without sites, Infinity without walls. */
  readonly mean: number
}

/** How a phase hangs together by faces. */
export interface Topology {
  /** How many clusters there are. */
  readonly count: number
  /** The share of the phase in clusters that touch no side of the grid: of pores the closed porosity over the porosity. */
  readonly closed: number
  /** The share of the phase in its largest cluster. */
  readonly largest: number
  /** The share of the phase in clusters that lead from face to face. */
  readonly connected: PerAxis<number>
  /** Independent ways around something: in 2-D the islands of other phases. */
  readonly loops: number
}

/** Lengths are in the unit of `spacing`, shares between 0 and 1. */
export interface Measured {
  readonly shape: readonly number[]
  /** Lengths of the sides of a site, [axes]. */
  readonly spacing: readonly number[]
  /** The shortest of them: the step of `s2.radial`, of `linealPath.mean` and of the sizes of pores. */
  readonly step: number
  /** The share of the phase that is measured: of the pores, if that is the phase. */
  readonly porosity: number
  /** The share of every label 0, 1, …. */
  readonly fractions: readonly number[]
  /** The share of the grid that belongs to the sample, where not all does. */
  readonly sample?: number
  readonly s2?: TwoPoint
  readonly linealPath?: LinealPaths
  /** Counts by sites, the mean in the unit of `spacing`. */
  readonly chords?: PerAxis<Chords>
  readonly poreSizes?: PoreSizes
  /** The same by the largest balls between the centres of walls. */
  readonly exactPoreSizes?: PoreSizes
  /** Of the diameters at which a fluid that comes in through the first face across the axis reaches places. */
  readonly porosimetry?: PerAxis<PoreSizes>
  /** The diameter at which it gets to the opposite face. */
  readonly breakthrough?: PerAxis<number>
  readonly specificSurface?: SpecificSurface
  readonly interfaces?: Interfaces
  /** Where there are three labels or more. */
  readonly triplePoints?: TriplePoints
  readonly euler?: Phases<Euler>
  readonly clusters?: Phases<Topology>
  readonly lone?: Phases<Lone>
  /** Along each axis the share of every label in each plane. */
  readonly profiles?: PerAxis<Float64Array[]>
  readonly representative?: Representative
  readonly percolates?: PerAxis<boolean>
  readonly tortuosity?: PerAxis<number>
  readonly relativeDiffusivity?: PerAxis<number>
  readonly periodicTortuosity?: PerAxis<number>
  readonly electrodeTortuosity?: PerAxis<number>
}

export interface MeasureOptions {
  /** The label that is measured, default 0: the pores. */
  readonly phase?: number
  /** Which quantities, default the standard ones. */
  readonly only?: readonly Quantity[]
  /** For pairs, runs and interfaces: what leaves the grid comes in again on the other side. Default false. */
  readonly periodic?: boolean
  /** The largest distance of `s2` and `linealPath`, in shortest sides of a site; default half of the shortest axis. */
  readonly range?: number
  /** So many labels are listed at least. */
  readonly labels?: number
  /** Lengths of the sides of a site, [axes]; default 1. */
  readonly spacing?: readonly number[]
  /** For transport: the conductivity of label 0, 1, …; default 1 of the phase, 0 of the others. */
  readonly conductivity?: readonly number[]
}
