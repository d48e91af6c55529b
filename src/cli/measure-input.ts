/** What `saltus measure` measures: the images or volumes of its files, and the size of their voxels. */
import { basename } from 'node:path'
import { cannot } from '../base/errors.ts'
import { gridsOf, type Labels, labelsThere } from '../structure/index.ts'
import { type LabelFlags, loadLabels, same, type VoxelSize } from './label-input.ts'

export interface LoadOptions {
  readonly flags: LabelFlags
  /** Slices are one volume; undefined: where the file says so. */
  readonly volume?: boolean
}

export interface Grids {
  readonly name: string
  readonly grids: readonly Labels[]
  /** The labels that there are, with their values in the file where those are others. */
  readonly labels: string
  /** What the file or the flag says. */
  readonly voxel?: VoxelSize
}

/** The images of a file or of all files of a folder, in the order of their names, or its volumes. */
export async function loadGrids(path: string, { flags, volume }: LoadOptions): Promise<Grids> {
  const stack = await loadLabels(path, flags, { times: true })
  const { voxelSize, unit = '', scale } = stack
  const grids = gridsOf(stack, basename(path), { volume })
  const labels = labelsThere(stack)
  if (voxelSize !== undefined) return { name: path, grids, labels, voxel: { length: voxelSize, unit } }
  if (!scale) return { name: path, grids, labels }
  const { x, y, z = x } = scale
  const sides = grids[0].shape.length === 3 ? [x, y, z] : [x, y]
  if (!sides.every(side => same(side, x))) {
    const wanted = 'equal (--voxel-size L takes them for L)'
    throw new RangeError(
      cannot(`measure ${path}`, 'the sides of a voxel', wanted, `${sides.join(' × ')} ${scale.unit}`),
    )
  }
  return { name: path, grids, labels, voxel: { length: x, unit: scale.unit } }
}

/** The one size of voxels that all files have that know it; 1 without a unit where none does. */
export function commonVoxel(files: readonly Grids[]): VoxelSize {
  const known = files.filter(({ voxel }) => voxel !== undefined)
  if (known.length === 0) return { length: 1, unit: '' }
  const [{ name, voxel }] = known
  const text = ({ length, unit }: VoxelSize) => `${length}${unit && ` ${unit}`}`
  for (const other of known)
    if (!same(other.voxel!.length, voxel!.length) || other.voxel!.unit !== voxel!.unit) {
      const wanted = `that of ${name}, ${text(voxel!)} (or --voxel-size given)`
      throw new RangeError(
        cannot(`measure ${other.name}`, 'the size of its voxels', wanted, text(other.voxel!)),
      )
    }
  return voxel!
}
