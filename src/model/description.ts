/** What a model file says about itself: plain data, enough to rebuild process, schedule and network. */
import type { Task, UnetOptions } from '../network/unet.ts'
import type { ProcessDescription } from '../process/process.ts'
import type { ScheduleDescription } from '../schedule/index.ts'

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
  /** Smallest and largest total mass of an image. */
  readonly range: readonly [number, number]
  /** Names of the classes; empty without labels. */
  readonly classes: readonly string[]
}

export interface ModelDescription {
  /** Version of this description. */
  readonly format: 1
  /** Version of the program that wrote it. */
  readonly version: string
  readonly process: ProcessDescription
  readonly schedule: ScheduleDescription
  readonly task: Task
  readonly network: UnetOptions
  /** Images per call of the graph in the file. */
  readonly tile: number
  readonly parameters: number
  readonly data: DataDescription
  /** Options of the training run and how far it went. */
  readonly training: Readonly<Record<string, unknown>>
}
