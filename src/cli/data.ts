/** Images named on the command line: one file, or a folder of them. */
import { basename, join } from 'node:path'
import { budgetFor } from '../formats/budget.ts'
import { type ImageSet, readImages, type Split } from '../formats/dataset.ts'
import { imagesFromFiles } from '../formats/folder.ts'
import { isFolder, readBytes } from './files.ts'
import { filesBelow } from './folders.ts'
import { sayTo } from './reading.ts'

export interface LoadImagesOptions {
  readonly split?: Split
  /** What files may unpack to, in bytes. */
  readonly memory?: number
  /** Sentences on how files were understood are left out. */
  readonly quiet?: boolean
}

/** Reads a set of images; a folder's files are read together, sub-folders naming the classes. */
export function loadImages(path: string, { split, memory, quiet }: LoadImagesOptions = {}): ImageSet {
  const name = basename(path)
  const say = sayTo(name, { quiet })
  if (!isFolder(path)) {
    const bytes = readBytes(path)
    return readImages({ name, budget: budgetFor(bytes.length, memory), say }, bytes, { split })
  }
  const files = filesBelow(path).map(file => ({ name: file, bytes: readBytes(join(path, file)) }))
  if (files.length === 0)
    throw new Error(`Cannot read ${path}: it must be a folder that holds images, got an empty one`)
  const size = files.reduce((sum, { bytes }) => sum + bytes.length, 0)
  return imagesFromFiles(files, { split, source: { name, budget: budgetFor(size, memory), say } })
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
