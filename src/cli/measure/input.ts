/** What `saltus measure` measures: the images or volumes of its files, and the size of their voxels. */
import { basename } from 'node:path'
import { cannot } from '../../base/errors.ts'
import { gridsOf, type Labels } from '../../structure/index.ts'
import { type LabelFlags, loadLabels, same, type VoxelSize } from '../label-input.ts'

export interface LoadOptions {
  readonly flags: LabelFlags
  /** Slices are one volume. */
  readonly volume: boolean
}

export interface Grids {
  readonly name: string
  readonly grids: readonly Labels[]
  /** What the file or the flag says. */
  readonly voxel?: VoxelSize
}

/** The images of a file or of all files of a folder, in the order of their names, or its volumes. */
export async function loadGrids(path: string, { flags, volume }: LoadOptions): Promise<Grids> {
  const labels = await loadLabels(path, flags)
  const { voxelSize, unit = '', scale } = labels
  const grids = gridsOf(labels, basename(path), { volume })
  if (voxelSize !== undefined) return { name: path, grids, voxel: { length: voxelSize, unit } }
  if (!scale) return { name: path, grids }
  const { x, y, z = x } = scale
  const sides = volume ? [x, y, z] : [x, y]
  if (!sides.every(side => same(side, x))) {
    const wanted = 'equal (--voxel-size L takes them for L)'
    throw new RangeError(
      cannot(`measure ${path}`, 'the sides of a voxel', wanted, `${sides.join(' × ')} ${scale.unit}`),
    )
  }
  return { name: path, grids, voxel: { length: x, unit: scale.unit } }
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
