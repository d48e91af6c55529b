/** Volumes that no network sees as a whole: told by models of their slices, or block by block. */
import { demand } from '../base/errors.ts'
import type { LabelsDescription, PatchworkDescription } from '../process/index.ts'
import type { ProcessDescription } from '../process/process.ts'
import type { ModelDescription } from './description.ts'
import type { ModelFile } from './file.ts'
import { describedAt, resized, sizedAt } from './resize.ts'

/** A network that tells a part: the bytes of its file, and what it says of itself. */
export type PartModel = Pick<ModelFile, 'bytes' | 'description'>

/** How the origin of a volume is put together; plain data. */
export type Parts =
  /** For the axes z, y, x the model of the slices normal to it; see `SlicesOptions.weight`. */
  | { readonly kind: 'slices'; readonly models: readonly PartModel[]; readonly weight: number }
  | { readonly kind: 'blocks'; readonly models: readonly [PartModel]; readonly margin: number }

/** A model of volumes: what samples are, the walk that is undone, and who tells their origins. */
export interface VolumeModel {
  readonly description: ModelDescription
  readonly process: ProcessDescription
  readonly parts: Parts
}

/**
 * How much of what a slice says of a voxel the two others do not know, and the calls for which it was found, on cubes of what `berea` has learned from
 * (docs/volumes.md has the table). They belong together: what is believed too readily adds up over the calls.
 */
const SLICES = { weight: 0.75, calls: 16 }

/**
 * Volumes [D, H, W] from models of slices normal to z, y and x, each of any size: the walk is that of the first in three
 * dimensions. @throws RangeError for models that are not of slices of one material
 */
export function volumeOfSlices(files: readonly ModelFile[], size: readonly number[]): VolumeModel {
  const what = 'draw a volume from slices'
  const [first] = files
  const phases = ({ description }: ModelFile) => JSON.stringify([description.data.material?.units])
  for (const file of files) {
    const { task, process, data } = file.description
    const fits = task.homogeneous === true && data.material !== undefined && process.kind === 'labels'
    demand(fits, what, 'the model', 'one of crops of a material', process.kind)
    const wanted = 'one of slices (models of volumes need no --from-slices)'
    demand(task.shape.length === 3, what, 'the model', wanted, task.shape.slice(1).join('×'))
    demand(phases(file) === phases(first), what, 'the models', 'of the same phases', phases(file))
  }
  demand(size.length === 3, what, 'the size', 'depth, height and width', size)
  const models = files.map((file, axis) => {
    const { model } = resized(
      file,
      size.filter((_, other) => other !== axis),
    )
    return { bytes: model.bytes, description: model.description }
  })
  const { description } = first
  const law = description.process as LabelsDescription
  const [channels, height, width] = description.task.shape
  const cube = [Math.round(Math.sqrt(height * width)), height, width]
  const walls = files.map(file => (file.description.process as LabelsDescription).boundaries[0])
  const volume = (lengths: readonly number[]): ModelDescription => ({
    ...describedAt(description, [channels, ...lengths]),
    process: {
      ...law,
      lengths: [...lengths],
      boundaries: [walls[1], walls[2], walls[0]],
    } as ProcessDescription,
    sampling: { ...description.sampling, calls: SLICES.calls },
    tile: 1,
  })
  const whole = volume(size)
  const beginning: PatchworkDescription = {
    kind: 'patchwork',
    walk: whole.process,
    patch: cube,
    masses: volume(cube).data.masses,
  }
  return { description: whole, process: beginning, parts: { kind: 'slices', models, weight: SLICES.weight } }
}

/** Sides up to `whole` are seen at once; longer ones in blocks of about `core` with a margin. By the number of axes. */
const SIGHT: Readonly<Record<number, { whole: number; core: number; margin: number }>> = {
  2: { whole: 384, core: 256, margin: 32 },
  3: { whole: 96, core: 64, margin: 8 },
}

/** Whether a network sees a sample of that size in blocks. */
export const inBlocks = (size: readonly number[]): boolean => {
  const sight = SIGHT[size.length]
  return sight !== undefined && size.some(side => side > sight.whole)
}

/** Samples [H, W] or [D, H, W] of any size from a model of crops: the network is asked of one block after the other. */
export function largeInBlocks(file: ModelFile, size: readonly number[]): VolumeModel {
  const { description, process } = sizedAt(file.description, size)
  const { whole, core, margin } = SIGHT[size.length]
  // A block is a part of the whole: walls are where the whole has them, and blocks see zeros beyond their own sides.
  const block = size.map(side => {
    if (side <= whole) return side
    const own = Math.ceil(side / Math.ceil(side / core))
    return 4 * Math.ceil((own + 2 * margin) / 4)
  })
  const { model } = resized({ ...file, description: { ...file.description, tile: 1 } }, block)
  const models = [{ bytes: model.bytes, description: model.description }] as const
  return { description: { ...description, tile: 1 }, process, parts: { kind: 'blocks', models, margin } }
}
