/** Stored images in an endless shuffled order. */
import { demand } from '../base/errors.ts'
import { below, type Random, random } from '../base/random.ts'
import type { ImageSource } from './source.ts'

/** Training images: counts [N, C, ...sites] one after the other, and optionally their classes [N]. */
export interface StoredImages {
  readonly kind: 'stored'
  readonly counts: Uint8Array | Uint16Array | Uint32Array
  readonly count: number
  readonly labels?: ArrayLike<number>
  /** What else is told of them, [N, ...]: of each the rows of all that is told. */
  readonly told?: Float32Array
}

/** Stored images in an endless shuffled order, epoch by epoch. */
export function stored(
  { counts, count, labels, told }: Omit<StoredImages, 'kind'>,
  seed: number,
): ImageSource {
  demand(count > 0, 'train', 'the data', 'at least one image', count)
  const order = shuffled(count, random(seed).fork(0))
  return {
    draw(position, { out, told: row }) {
      const index = order(position)
      if (told && row) row.set(told.subarray(index * row.length, (index + 1) * row.length))
      for (let x = 0, from = index * out.length; x < out.length; x++) out[x] = counts[from + x]
      return labels && Number(labels[index])
    },
  }
}

/** Position → index, each epoch a new random order of all images. */
export function shuffled(count: number, random: Random): (position: number) => number {
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
