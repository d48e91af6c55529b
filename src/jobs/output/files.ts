/** What is drawn, as files by their ending: what writes them is loaded when it is asked for. */
import type { OutFile } from '../files.ts'
import type { Images, OutputOptions } from './images.ts'
import type { AboutLabels, LabelOutputOptions, LabelSet } from './labels.ts'

/** Images as the file of that name (see `writtenImages`). */
export async function imageFiles(path: string, images: Images, options?: OutputOptions): Promise<OutFile[]> {
  return (await import('./image-writers.ts')).writtenImages(path, images, options)
}

/** Labels as the files of that name (see `writtenLabels`). */
export async function labelFiles(
  path: string,
  set: LabelSet,
  options: LabelOutputOptions & { readonly about: AboutLabels },
): Promise<OutFile[]> {
  return (await import('./label-writers.ts')).writtenLabels(path, set, options)
}
