/** Volumes from models of slices: which models are named, and what is to be known of them. */
import { refused } from '../../base/errors.ts'
import type { ModelFile } from '../../model/file.ts'
import { type VolumeModel, volumeOfSlices } from '../../model/volume.ts'

const axes = ['z', 'y', 'x'] as const

/** The names of the models in a text: one, or `z=A,y=B,x=C` for the slices normal to each axis, [z, y, x]. */
export function modelsNamed(text: string): readonly string[] {
  if (!/^[xyz]=/.test(text)) return [text]
  const named = new Map<string, string>()
  for (const part of text.split(/,(?=[xyz]=)/)) named.set(part[0], part.slice(2))
  return axes.map(axis => {
    const name = named.get(axis)
    if (name) return name
    throw refused('choose the models of slices', 'model', 'one name, or z=A,y=B,x=C for the three axes', text)
  })
}

/** @throws UsageError or RangeError for models that tell no slices */
export function ofSlices(
  read: readonly ModelFile[],
  size: readonly number[] | undefined,
): VolumeModel & { readonly warnings: readonly string[] } {
  const [file] = read
  if (size?.length !== 3)
    throw refused('draw a volume from slices', 'size', 'D,H,W: depth, height and width', size ?? null)
  const volume = volumeOfSlices(read.length === 1 ? [file, file, file] : read, size)
  const { crops } = file.description.training as { crops?: { axes?: readonly string[]; turns?: boolean } }
  const learned = crops?.axes ?? axes
  const some = read.length === 1 && learned.length < 3
  const words = `Warning: the model has learned slices normal to ${learned.join(', ')} alone; where the material differs along its axes, give a model for each: --model z=A,y=B,x=C`
  return { ...volume, warnings: some ? [words] : [] }
}
