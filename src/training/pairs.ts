/** Pairs of images, the two ends of bridges: as they are listed, or any with any. */
import { demand } from '../base/errors.ts'
import { random } from '../base/random.ts'
import { nearestIntegers } from '../walk/integers.ts'
import type { ImageSource } from './source.ts'
import { type StoredImages, shuffled } from './stored.ts'

/** The clean images and those at the other end, [N, C, ...sites] and [M, C, ...sites]. */
export interface PairedImages {
  readonly kind: 'pairs'
  readonly clean: Omit<StoredImages, 'kind'>
  readonly end: Omit<StoredImages, 'kind'>
  readonly channels: number
  /** `listed`: image i with image i, N = M; `independent`: each drawn by itself. */
  readonly pairing: 'listed' | 'independent'
}

/**
 * Pairs in an endless order. The clean image is brought to the masses of its partner, in whole units nearest to its own
 * shares, since a bridge keeps them and images are translated from that end. Throws RangeError for lists that do not fit.
 */
export function pairs(
  { clean, end, channels, pairing }: Omit<PairedImages, 'kind'>,
  seed: number,
): ImageSource {
  const what = 'train on pairs'
  demand(Math.min(clean.count, end.count) > 0, what, 'the images', 'at least one of each end', 0)
  const same = pairing === 'independent' || clean.count === end.count
  demand(same, what, 'the numbers of images', 'equal where they are pairs as they are listed', [
    clean.count,
    end.count,
  ])
  const order = shuffled(clean.count, random(seed).fork(0))
  const other = pairing === 'listed' ? order : shuffled(end.count, random(seed).fork(1))
  return {
    paired: true,
    draw(position, { out, end: partner, told: row }) {
      const index = order(position)
      if (clean.told && row) row.set(clean.told.subarray(index * row.length, (index + 1) * row.length))
      copy(clean.counts, index, out)
      if (partner) {
        copy(end.counts, pairing === 'listed' ? index : other(position), partner)
        alike(out, partner, channels)
      }
      return clean.labels && Number(clean.labels[index])
    },
  }
}

function copy(from: ArrayLike<number>, index: number, out: Int32Array): void {
  for (let x = 0, at = index * out.length; x < out.length; x++, at++) out[x] = from[at]
}

/** Brings every channel of an image to the mass of that of another; one without units becomes even. */
function alike(image: Int32Array, other: Int32Array, channels: number): void {
  const sites = image.length / channels
  const field = new Float64Array(sites)
  for (let c = 0; c < channels; c++) {
    const own = image.subarray(c * sites, (c + 1) * sites)
    let [mass, total] = [0, 0]
    for (let x = 0; x < sites; x++) {
      mass += own[x]
      total += other[c * sites + x]
    }
    if (mass === total) continue
    for (let x = 0; x < sites; x++) field[x] = mass > 0 ? (own[x] * total) / mass : total / sites
    nearestIntegers(field, { total }, own)
  }
}
