// Samples of a mixture of known images: which of them each one is, how near, and whether all come as often as they should.
import { demand } from '../../base/errors.ts'

/** A law of K images of equal weight, all of one mass. */
export interface Known {
  /** [K][sites] */
  readonly images: readonly ArrayLike<number>[]
  /** The class of each, [K], from 0. */
  readonly classes: readonly number[]
}

export interface Recovered {
  /** The nearest of the images, of each sample. */
  readonly nearest: readonly number[]
  /** Per cent of the units that lie elsewhere than in the nearest image: half the sum of |n - image| over the mass. */
  readonly misplaced: number
  readonly distinct: number
  /** Pairs of samples that are the same image over how many there should be: 1 where all images come equally often. */
  readonly repeats: number
  /** Samples of each class, and Pearson's χ² of them against the classes' shares: its mean is one less than there are classes. */
  readonly counts: readonly number[]
  readonly chiSquare: number
}

/** Judges `samples` [N, sites]. Throws RangeError for samples that are no whole number of images. */
export function recovered(samples: ArrayLike<number>, { images, classes }: Known): Recovered {
  const sites = images[0].length
  const count = samples.length / sites
  demand(
    Number.isInteger(count) && count >= 1,
    'judge samples',
    'them',
    `whole images of ${sites}`,
    samples.length,
  )
  const kinds = Math.max(...classes) + 1
  const seen = new Array<number>(images.length).fill(0)
  const counts = new Array<number>(kinds).fill(0)
  const nearest: number[] = []
  let misplaced = 0
  for (let i = 0; i < count; i++) {
    const { image, share } = nearestOf(samples, i * sites, images)
    nearest.push(image)
    misplaced += share
    seen[image]++
    counts[classes[image]]++
  }
  const shares = counts.map((_, c) => classes.filter(k => k === c).length / classes.length)
  const pairs = seen.reduce((sum, n) => sum + n * (n - 1), 0)
  return {
    nearest,
    misplaced: (100 * misplaced) / count,
    distinct: seen.filter(n => n > 0).length,
    repeats: count > 1 ? (pairs * images.length) / (count * (count - 1)) : Number.NaN,
    counts,
    chiSquare: counts.reduce(
      (sum, n, c) => sum + (shares[c] > 0 ? (n - count * shares[c]) ** 2 / (count * shares[c]) : 0),
      0,
    ),
  }
}

function nearestOf(
  samples: ArrayLike<number>,
  start: number,
  images: readonly ArrayLike<number>[],
): { image: number; share: number } {
  const sites = images[0].length
  let mass = 0
  for (let x = 0; x < sites; x++) mass += samples[start + x]
  let [image, least] = [-1, Infinity]
  images.forEach((of, k) => {
    let distance = 0
    for (let x = 0; x < sites && distance < least; x++) distance += Math.abs(samples[start + x] - of[x])
    if (distance < least) [image, least] = [k, distance]
  })
  return { image, share: mass > 0 ? least / (2 * mass) : 0 }
}
