/** What a model file says about itself: plain data, enough to rebuild process, schedule and network. */
import type { Quantised } from '../formats/series.ts'
import type { Task, UnetOptions } from '../network/unet.ts'
import type { BlockLaw } from '../process/blocks.ts'
import type { ProcessDescription } from '../process/process.ts'
import type { SolverDescription } from '../sampling/solver.ts'
import type { ScheduleDescription } from '../schedule/index.ts'
import type { PackedGaussian } from './gaussian.ts'

/**
 * A material whose crops the images are: at most one unit at a site, of one phase. Every phase but the most abundant one
 * is a channel of units; that one is what is left.
 */
export interface Material {
  /** Names of the labels 0, 1, …, the pore first: one more than channels. */
  readonly phases: readonly string[]
  /** The label that the units of each channel are, [C]. */
  readonly units: readonly number[]
  /** The side of a voxel, in `unit` where that is known. */
  readonly voxelSize?: number
  readonly unit?: string
  /** The sides [z, y, x] of a voxel of volumes, where they differ. */
  readonly spacing?: readonly number[]
  /** What was kept from training, from and up to a slice of the volume (a row of a single slice). */
  readonly heldOut?: readonly [number, number]
  /** Where the images are slices: the law of their units in blocks, from which samples larger than these begin. */
  readonly blocks?: BlockLaw
}

/** What the training data were: kept so that samples can be drawn with masses like theirs. */
export interface DataDescription {
  /** The name that the data were given by. */
  readonly name: string
  readonly count: number
  /** [C, ...sites] */
  readonly shape: readonly number[]
  /** The largest count of any site. */
  readonly largest: number
  /** Masses [C] of images spread evenly over the training data ordered by total mass. */
  readonly masses: readonly (readonly number[])[]
  /** Classes of those images, where the data have classes. */
  readonly labels?: readonly number[]
  /** Of those images the numbers that are told, each (number − mean) / scale, in the order of `task.told`. */
  readonly told?: readonly (readonly number[])[]
  /** Smallest and largest total mass of an image. */
  readonly range: readonly [number, number]
  /** Names of the classes; empty without labels. */
  readonly classes: readonly string[]
  /** Of examples of two parts: the names of the sites of the second, where they are classes. */
  readonly second?: readonly string[]
  /** Where the images are series: what the counts of each channel mean, [C]. */
  readonly columns?: readonly Quantised[]
  /** Where the units are ink, which is what is missing from white: the value of white paper. */
  readonly paper?: number
  /** Where the images are crops of a material. */
  readonly material?: Material
  /** For images of which parts may be missing: what the counts of a hole are expected to be. */
  readonly gaussian?: PackedGaussian
}

export interface ModelDescription {
  /** Version of this description. */
  readonly format: 2
  /** Version of the program that wrote it. */
  readonly version: string
  readonly process: ProcessDescription
  readonly schedule: ScheduleDescription
  readonly task: Task
  readonly network: UnetOptions
  /** Images per call of the graph in the file. */
  readonly tile: number
  /** The solver that suits its samples where none is asked for. */
  readonly sampling: SolverDescription
  /** The one that suits where as few calls as it has, or fewer, are asked for; left out: `sampling`. */
  readonly few?: SolverDescription
  /** Where origins are drawn, a factor of the noise in (0, 1]: below 1 draws keep nearer to their middle. Left out: 1. */
  readonly spread?: number
  readonly parameters: number
  readonly data: DataDescription
  /** Options of the training run and how far it went. */
  readonly training: Readonly<Record<string, unknown>>
}
