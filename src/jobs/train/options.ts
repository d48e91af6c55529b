/** The options of a training run: plain data, kept beside its state. */
import type { SeriesOptions } from '../../formats/series.ts'
import type { SolverDescription } from '../../sampling/index.ts'
import type { SliceAxis } from '../../training/crops.ts'
import type { LabelCoding } from '../input/label-fields.ts'
import type { Aim } from './aims.ts'
import type { ProcessName } from './processes.ts'

/** Everything that decides what a run computes; kept in `run.json`. */
export interface RunOptions {
  readonly data: string
  /** The model whose weights the run began with; left out: fresh ones. */
  readonly from?: string
  readonly process: ProcessName
  /** The images at the other end of a bridge, how they are paired with the data, and how their units are. */
  readonly fromData?: string
  readonly pairing?: 'listed' | 'independent'
  readonly coupling?: 'matched' | 'independent'
  /** The side of the blocks that units keep to. */
  readonly within?: number
  /** Counts of at least this become one unit, all others none; left out: counts as they are. */
  readonly binarise?: number
  /** Whether units are what is missing from white; left out: no. */
  readonly ink?: boolean
  /** What goes with each image as a second part: `label`, or a file of other counts. */
  readonly with?: string
  /** The graph on whose nodes the units walk. */
  readonly graph?: string
  readonly boundary: 'periodic' | 'no-flux'
  /** Jumps of a unit, per direction, and unit of time; left out: as the process has it. */
  readonly rate?: number
  readonly schedule: string
  /** Of the loss through time: `even`, or a weight of the process. */
  readonly weight: string
  /** Most steps. */
  readonly steps: number
  /** The run ends after so many minutes, if it has not come to its steps. */
  readonly minutes?: number
  /** How near samples of a material shall be to crops that were held out: then the run ends. */
  readonly until?: readonly Aim[]
  readonly batch: number
  readonly accumulate: number
  readonly learningRate: number
  readonly warmup: number
  /** Decay of the moving average of the weights. */
  readonly average: number
  readonly seed: number
  readonly labels: boolean
  readonly labelDropout: number
  readonly base: number
  readonly multipliers: readonly number[]
  readonly blocks: readonly number[]
  /** Levels with self-attention, counted from 0 = finest. */
  readonly attention: readonly number[]
  readonly embedding: number
  /** Names of what is told of the images beside their classes. */
  readonly tell?: readonly string[]
  /** Windows of a table instead of images. */
  readonly series?: SeriesOptions
  /** Weight of the population term beside the loss; left out: none. */
  readonly population?: number
  /** Draws of each noisy state, of a network that draws origins; left out: it tells their mean. */
  readonly draws?: number
  /** Of a student, what it has of the model that it began with: the times that its network tells apart, and how it is sampled. */
  readonly student?: Student
  /** Crops of a material instead of whole images. */
  readonly crops?: CropOptions
}

export interface Student {
  readonly times: readonly [number, number]
  readonly sampling: SolverDescription
  readonly spread?: number
}

/** How crops are cut out of the labels of a material, beside how these are read. */
export interface CropOptions extends LabelCoding {
  /** [H, W] of slices, or [D, H, W]. */
  readonly crop: readonly number[]
  readonly axes: readonly SliceAxis[]
  readonly flips: boolean
  readonly turns: boolean
  /** The axis along which crops of volumes are looked at: their silhouettes are told. */
  readonly sketch?: SliceAxis
  /** The share of the slices (of the rows of a single slice, of several volumes) that is kept from training. */
  readonly holdOut: number
  /** Names of the labels, the pore first. */
  readonly names?: readonly string[]
}
