/** Images and labels of this machine; what is said of how they were understood goes to standard error. */
import type { ImageSet, Split } from '../formats/dataset.ts'
import { loadImages } from '../jobs/input/images.ts'
import type { LabelCoding } from '../jobs/input/label-fields.ts'
import { type LoadedLabels, type LoadOptions, loadLabels } from '../jobs/input/labels.ts'
import { machineFiles } from './machine.ts'
import { sayer } from './say.ts'

interface Quiet {
  readonly quiet?: boolean
}

/** Reads a set of images: a file, or a folder whose sub-folders name the classes. */
export const imagesAt = (
  path: string,
  { split, memory, quiet }: Quiet & { readonly split?: Split; readonly memory?: number } = {},
): ImageSet => loadImages(path, { files: machineFiles, say: sayer({ quiet }), split, memory })

/** Reads the labels of a material: a file, or a folder of slices. */
export const labelsAt = (
  path: string,
  coding: LabelCoding = {},
  { times, ignore, quiet }: Quiet & Pick<LoadOptions, 'times' | 'ignore'> = {},
): Promise<LoadedLabels> =>
  loadLabels(path, coding, { files: machineFiles, say: sayer({ quiet }), times, ignore })
