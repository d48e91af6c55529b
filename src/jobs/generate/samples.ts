/** What comes out of a job that draws: counts, what they mean, and how they are written. */

import type { Drawn } from '../draw/draw.ts'
import type { Drawing } from '../draw/drawing.ts'
import type { OutFile } from '../files.ts'
import type { JobRecord } from '../record.ts'

/** Samples, checked against what was asked for. */
export interface Samples {
  /** Counts [N, C, H, W], of volumes [N, C, D, H, W]. */
  readonly counts: Int32Array
  readonly shape: readonly number[]
  /** Of a material: the label of every voxel, [N, H, W], of volumes [N, D, H, W]. */
  readonly labels?: Uint8Array
  /** Of a material: the shares of the labels 0, 1, … of each sample, exact to the voxel. */
  readonly fractions?: readonly (readonly number[])[]
  /** Units of each channel, [N][C]. */
  readonly masses: readonly (readonly number[])[]
  /** The class that the network was told of each sample; undefined: none. */
  readonly classes: readonly (number | undefined)[]
  readonly record: JobRecord
  /** What was asked for and delivered, in words. */
  readonly said: string
  /** Them as the file of that name; several files where the format holds one sample each. */
  files(name: string): Promise<readonly OutFile[]>
}

/** Samples that are not drawn yet: what is asked of them is checked, and can be met. */
export interface Plan {
  /** What they are called, in the plural. */
  readonly noun: string
  readonly drawing: Drawing
  /** What the record says of how they were drawn; default: the solver and its calls. */
  readonly told?: Readonly<Record<string, unknown>>
  /** What the user should know beforehand. */
  readonly warnings: readonly string[]
  /** The names of the files that one of that name becomes. Throws UsageError or RangeError for what it cannot hold. */
  names(path: string): readonly string[]
  /** The samples of what was drawn. Throws InvariantError where they are not what was asked for. */
  finish(drawn: Drawn, record: JobRecord): Samples
}
