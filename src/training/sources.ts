/** The sources of images: plain data that a worker rebuilds. */
import { type CropSource, randomCrops } from './crops.ts'
import { type PairedImages, pairs } from './pairs.ts'
import type { ImageSource } from './source.ts'
import { type StoredImages, stored } from './stored.ts'

export type SourceDescription = StoredImages | CropSource | PairedImages

const kinds: {
  [K in SourceDescription['kind']]: (of: Extract<SourceDescription, { kind: K }>, seed: number) => ImageSource
} = { stored, crops: randomCrops, pairs }

/** Rebuilds a source. @throws RangeError where it holds no image. */
export function imageSource(description: SourceDescription, seed: number): ImageSource {
  const build = kinds[description.kind] as (of: SourceDescription, seed: number) => ImageSource
  return build(description, seed)
}
