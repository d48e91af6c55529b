/** Where training takes its images from: stored ones, or crops of a material. Plain data that a worker rebuilds. */
import { demand } from '../base/errors.ts'
import { below, type Random, random } from '../base/random.ts'
import { type CropSource, randomCrops } from './crops.ts'

/** An endless sequence of clean images. A source owns its scratch arrays: one caller at a time. */
export interface ImageSource {
  /**
   * Writes image number `position` of the sequence into `out` [C, ...sites] and returns its class, where it has one.
   * What it draws comes from `random`, the image's own stream, or from the seed of the source.
   */
  draw(position: number, draw: { random: Random; out: Int32Array }): number | undefined
}

/** Training images: counts [N, C, ...sites] one after the other, and optionally their classes [N]. */
export interface StoredImages {
  readonly kind: 'stored'
  readonly counts: Uint8Array | Uint16Array | Uint32Array
  readonly count: number
  readonly labels?: ArrayLike<number>
}

export type SourceDescription = StoredImages | CropSource

const kinds: {
  [K in SourceDescription['kind']]: (of: Extract<SourceDescription, { kind: K }>, seed: number) => ImageSource
} = { stored, crops: randomCrops }

/** Rebuilds a source. @throws RangeError where it holds no image. */
export function imageSource(description: SourceDescription, seed: number): ImageSource {
  const build = kinds[description.kind] as (of: SourceDescription, seed: number) => ImageSource
  return build(description, seed)
}

/** Stored images in an endless shuffled order, epoch by epoch. */
export function stored({ counts, count, labels }: Omit<StoredImages, 'kind'>, seed: number): ImageSource {
  demand(count > 0, 'train', 'the data', 'at least one image', count)
  const order = shuffled(count, random(seed).fork(0))
  return {
    draw(position, { out }) {
      const index = order(position)
      for (let x = 0, from = index * out.length; x < out.length; x++) out[x] = counts[from + x]
      return labels && Number(labels[index])
    },
  }
}

/** Position → index, each epoch a new random order of all images. */
function shuffled(count: number, random: Random): (position: number) => number {
  const order = new Uint32Array(count)
  let epoch = -1
  return position => {
    const wanted = Math.floor(position / count)
    if (wanted !== epoch) {
      epoch = wanted
      const rng = random.fork(epoch)
      for (let i = 0; i < count; i++) order[i] = i
      for (let i = count - 1; i > 0; i--) {
        const j = below(rng, i + 1)
        const kept = order[i]
        order[i] = order[j]
        order[j] = kept
      }
    }
    return order[position % count]
  }
}
