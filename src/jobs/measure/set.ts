/** What was measured on the images of a file together, and what the answers need to be told. */
import type { Labels, Measured, Representative } from '../../structure/index.ts'
import type { Voxel } from './input.ts'

/** One file or folder of the command line, or the whole reference, measured. */
export interface MeasuredSet {
  readonly name: string
  readonly measured: readonly Measured[]
  /** How large a sample must be, from all images together. */
  readonly representative?: Representative
  /** A few of the images, or slices of volumes [H, W], to be looked at. */
  readonly pictures?: readonly Labels[]
}

export interface Context {
  readonly voxel: Voxel
  /** The label that was measured. */
  readonly phase: number
  /** What labels are called, where that is known. */
  readonly names?: readonly string[]
  /** The value in the files of label 0, 1, …, where labels are not their own values. */
  readonly values?: readonly number[]
}

/** "pore", or "label 1" where its name is not known. */
export const phaseName = (label: number, { names }: Context): string => names?.[label] ?? `label ${label}`

/** The most pictures of a set. */
const most = 6

/** A few images evenly spread; of a volume slices. */
export function picturesOf(grids: readonly Labels[]): Labels[] {
  const [first] = grids
  const planes = first.shape.length === 3 ? grids.flatMap(slices) : grids
  const count = Math.min(most, planes.length)
  return Array.from({ length: count }, (_, i) => planes[Math.floor(((i + 0.5) * planes.length) / count)])
}

function slices({ data, shape: [depth, height, width] }: Labels): Labels[] {
  const size = height * width
  return Array.from({ length: depth }, (_, z) => ({
    data: data.subarray(z * size, (z + 1) * size),
    shape: [height, width],
  }))
}
