/** Images that a job reads: one file, or a folder of them. */
import { budgetFor } from '../../formats/budget.ts'
import { type ImageSet, readImages, type Split } from '../../formats/dataset.ts'
import { imagesFromFiles } from '../../formats/folder.ts'
import { type Files, joined, nameOf } from '../files.ts'
import { demandUndrawn } from './drawn.ts'

/** Where files are, and who listens to what is said of them. */
export interface Reading {
  readonly files: Files
  readonly say?: (sentence: string) => void
  /** What files may unpack to, in bytes. */
  readonly memory?: number
  /** Ends the reading between its pieces, with `Cancelled`. */
  readonly signal?: AbortSignal
}

/** Reads a set of images; a folder's files are read together, sub-folders naming the classes. */
export function loadImages(
  path: string,
  { files, say, memory, split }: Reading & { readonly split?: Split },
): ImageSet {
  const name = nameOf(path)
  const tell = (sentence: string) => say?.(`${name}: ${sentence}`)
  const below = files.below(path)
  if (below === undefined) {
    const bytes = files.read(path)
    demandUndrawn(bytes, name)
    return readImages({ name, budget: budgetFor(bytes.length, memory), say: tell }, bytes, { split })
  }
  const found = below.map(file => ({ name: file, bytes: files.read(joined(path, file)) }))
  for (const file of found) demandUndrawn(file.bytes, file.name)
  if (found.length === 0)
    throw new Error(`Cannot read ${path}: it must be a folder that holds images, got an empty one`)
  const size = found.reduce((sum, { bytes }) => sum + bytes.length, 0)
  return imagesFromFiles(found, { split, source: { name, budget: budgetFor(size, memory), say: tell } })
}
