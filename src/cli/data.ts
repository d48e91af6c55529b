/** Images named on the command line: one file, or a folder of them. */
import { basename, join } from 'node:path'
import { type ImageSet, readImages, type Split } from '../formats/dataset.ts'
import { imagesFromFiles } from '../formats/folder.ts'
import { filesBelow, isFolder, readBytes } from './files.ts'

/** Reads a set of images; a folder's files are read together, sub-folders naming the classes. */
export function loadImages(path: string, options: { split?: Split } = {}): ImageSet {
  if (!isFolder(path)) return readImages(basename(path), readBytes(path), options)
  const files = filesBelow(path).map(name => ({ name, bytes: readBytes(join(path, name)) }))
  if (files.length === 0)
    throw new Error(`Cannot read ${path}: it must be a folder that holds images, got an empty one`)
  return imagesFromFiles(files, options)
}

/** Masses [N][C] of images. */
export function massesOf({
  counts,
  count,
  shape: [channels, height, width],
}: {
  readonly count: number
  readonly shape: readonly [number, number, number]
  readonly counts: ArrayLike<number>
}): number[][] {
  const sites = height * width
  return Array.from({ length: count }, (_, i) =>
    Array.from({ length: channels }, (_, c) => {
      const start = (i * channels + c) * sites
      let mass = 0
      for (let x = start; x < start + sites; x++) mass += counts[x]
      return mass
    }),
  )
}

/** The largest of some counts; 0 of none. */
export function largest(values: ArrayLike<number>): number {
  let most = 0
  for (let i = 0; i < values.length; i++) if (values[i] > most) most = values[i]
  return most
}
