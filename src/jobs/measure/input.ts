/** What `saltus measure` measures: the images or volumes of its files, the size of their voxels, and what is held out. */
import { cannot, demand } from '../../base/errors.ts'
import { breath } from '../../base/work.ts'
import { decodeModelFile } from '../../model/file.ts'
import { gridsOf, type Labels, labelsThere } from '../../structure/index.ts'
import { type Files, nameOf } from '../files.ts'
import type { Reading } from '../input/images.ts'
import type { LabelCoding } from '../input/label-fields.ts'
import { loadLabels, same } from '../input/labels.ts'

export interface LoadOptions extends Reading {
  readonly coding: LabelCoding
  /** Sites of this value are no part of the sample. */
  readonly ignore?: number
  /** Slices are one volume; undefined: where the file says so. */
  readonly volume?: boolean
  /** Sides of a voxel that go before what the file says, [axes] or [axes of a volume]. */
  readonly spacing?: Voxel
  /** From and up to which slice along the first axis longer than 1 is taken; default all. */
  readonly part?: readonly [number, number]
}

/** The sides of a voxel. */
export interface Voxel {
  /** In the order of the axes of the grids: [y, x], or [z, y, x]. */
  readonly sides: readonly number[]
  /** Empty where it was not told. */
  readonly unit: string
}

export interface Grids {
  readonly name: string
  readonly grids: readonly Labels[]
  /** The labels that there are, with their values in the file where those are others. */
  readonly labels: string
  /** What the file or the flag says. */
  readonly voxel?: Voxel
  /** The value in the file of label 0, 1, …, where labels are not their own values. */
  readonly values?: readonly number[]
}

/** The images of a file or of all files of a folder, in the order of their names, or its volumes. */
export async function loadGrids(
  path: string,
  { coding, ignore, volume, spacing, part, ...reading }: LoadOptions,
): Promise<Grids> {
  const stack = await loadLabels(path, coding, { ...reading, ignore, times: true })
  await breath(reading.signal)
  const { voxelSize, unit = '', scale, values } = stack
  const grids = gridsOf(part ? { ...stack, ...partOf(stack, part, path) } : stack, nameOf(path), { volume })
  const axes = grids[0].shape.length
  const found = { name: path, grids, labels: labelsThere(stack), ...(values && { values }) }
  if (spacing) return { ...found, voxel: { ...spacing, sides: spacing.sides.slice(-axes) } }
  if (voxelSize !== undefined) return { ...found, voxel: { sides: Array(axes).fill(voxelSize), unit } }
  if (!scale) return found
  const { x, y, z = x } = scale
  return { ...found, voxel: { sides: [z, y, x].slice(-axes), unit: scale.unit } }
}

/** Slices from and up to a place along the first axis longer than 1. */
function partOf(
  { data, shape }: { data: Uint8Array; shape: readonly number[] },
  [from, to]: readonly [number, number],
  path: string,
): { data: Uint8Array; shape: readonly number[] } {
  const axis = Math.max(
    0,
    shape.findIndex(length => length > 1),
  )
  const what = `take the held-out part of ${path}`
  demand(to <= shape[axis], what, 'the file', `of at least ${to} slices (the one trained on)`, shape[axis])
  const slice = data.length / shape[axis]
  return {
    data: data.subarray(from * slice, to * slice),
    shape: shape.map((length, a) => (a === axis ? to - from : length)),
  }
}

/** What the training of a model kept apart, and what it calls the phases. */
export function heldOutOf(
  name: string,
  files: Files,
): { part: readonly [number, number]; phases: readonly string[] } {
  const { file, bytes } = files.model(name)
  const { material } = decodeModelFile(bytes, file).description.data
  if (!material?.heldOut) {
    const wanted = 'a model of a material whose training held something out (--hold-out)'
    throw new RangeError(cannot('take what was held out', name, wanted, 'another model'))
  }
  return { part: material.heldOut, phases: material.phases }
}

/** The one size of voxels that all files have that know it; 1 without a unit where none does. */
export function commonVoxel(files: readonly Grids[]): Voxel {
  const known = files.filter(({ voxel }) => voxel !== undefined)
  if (known.length === 0) return { sides: files[0].grids[0].shape.map(() => 1), unit: '' }
  const [{ name, voxel }] = known
  for (const other of known) {
    const sides = other.voxel!.sides
    const equal =
      sides.length === voxel!.sides.length && sides.every((s, axis) => same(s, voxel!.sides[axis]))
    if (equal && other.voxel!.unit === voxel!.unit) continue
    const wanted = `that of ${name}, ${voxelText(voxel!)} (or --voxel-size given)`
    const what = `measure ${other.name}`
    throw new RangeError(cannot(what, 'the size of its voxels', wanted, voxelText(other.voxel!)))
  }
  return voxel!
}

/** "5.7 um", or "25 × 5 × 5 nm" in the order of the axes. */
export function voxelText({ sides, unit }: Voxel): string {
  const cubic = sides.every(side => same(side, sides[0]))
  return `${(cubic ? sides.slice(0, 1) : sides).join(' × ')}${unit && ` ${unit}`}`
}
