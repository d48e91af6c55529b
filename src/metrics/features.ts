// Simple features of images of any kind, for a Fréchet distance where no classifier knows them.

import { demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'

/** Blocks along each side of the image. */
const GRID = 4

/** The least sites along each side of an image that has these features. */
export const LEAST_SIDE = GRID

/** Per channel and block: the mean count, and the mean steps between neighbours down and across. */
const PER_BLOCK = 3

/** How many features an image of so many channels has: 48 for each. */
export const simpleFeatureCount = (channels: number): number => channels * GRID * GRID * PER_BLOCK

/**
 * Of images [N, C, H, W] the features [N, 48 C]: in each of 4 x 4 blocks of every channel the mean count, and the means of
 * |n(y + 1, x) - n(y, x)| and |n(y, x + 1) - n(y, x)|, over the largest count that is given. They tell colours, where they lie
 * and how sharp edges are, and nothing of what is to be seen: two laws that differ in them differ, and those that do not may.
 *
 * @throws RangeError for images smaller than the blocks.
 */
export function simpleFeatures(
  counts: ArrayLike<number>,
  options: { shape: readonly number[]; largest: number },
): Float32Array {
  demandGiven(
    'take the features',
    { counts, options },
    { counts: 'list', options: { shape: 'list', largest: 'number' } },
  )
  const { shape, largest } = options
  const [channels, height, width] = shape
  const fits = height >= GRID && width >= GRID
  demand(fits, 'tell the features', 'the images', `of at least ${GRID}×${GRID} sites`, shape)
  const plane = height * width
  const images = counts.length / (channels * plane)
  const size = simpleFeatureCount(channels)
  const out = new Float32Array(images * size)
  const sites = new Float64Array(GRID * GRID)
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) sites[blockOf(y, x, height, width)]++
  for (let i = 0; i < images * channels; i++) {
    const from = i * plane
    const to = i * GRID * GRID * PER_BLOCK
    for (let y = 0, at = from; y < height; y++)
      for (let x = 0; x < width; x++, at++) {
        const block = blockOf(y, x, height, width)
        const share = 1 / (sites[block] * largest)
        const place = to + block * PER_BLOCK
        out[place] += counts[at] * share
        if (y + 1 < height) out[place + 1] += Math.abs(counts[at + width] - counts[at]) * share
        if (x + 1 < width) out[place + 2] += Math.abs(counts[at + 1] - counts[at]) * share
      }
  }
  return out
}

function blockOf(y: number, x: number, height: number, width: number): number {
  return Math.floor((y * GRID) / height) * GRID + Math.floor((x * GRID) / width)
}
