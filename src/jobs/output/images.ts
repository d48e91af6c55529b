/** Images and the files that they become, by the ending: a picture of all, .npy or .npz. */
import { demand, refused } from '../../base/errors.ts'
import { type NdArray, smallestUnsigned } from '../../formats/array.ts'
import type { Quantised } from '../../formats/series.ts'
import { endingOf } from '../files.ts'
import type { JobRecord } from '../record.ts'

export interface Images {
  /** Counts [N, C, ...sites]. */
  readonly counts: Int32Array
  readonly shape: readonly number[]
}

const endings = ['.png', '.npy', '.npz']

/** Most elements of an array, and most pixels of a picture. */
const room = 2 ** 29

/** The names of the files that images of that shape become, `also` further endings that somebody writes; UsageError or RangeError for what they cannot be. */
export function imageNames(
  path: string,
  shape: Images['shape'],
  { also = [] }: { readonly also?: readonly string[] } = {},
): string[] {
  const known = [...endings, ...also]
  if (!known.includes(endingOf(path)))
    throw refused('write the result', 'out', `a file ending in ${known.join(', ')}`, path)
  const [n, c, h, w] = shape
  const elements = n * c * h * w
  demand(elements <= room, 'write the result', 'the number of counts', `at most ${room}`, elements)
  // As `picture()` draws them: tiles at least 56 pixels wide, with a caption.
  const scale = Math.max(1, Math.ceil(56 / w))
  const pixels = n * (c * w * scale + 8) * (h * scale + 16)
  const drawn = endingOf(path) === '.png'
  demand(!drawn || pixels <= room, 'draw the result', 'the pixels of the picture', `at most ${room}`, pixels)
  return [path]
}

/** The counts in the smallest unsigned type that holds them. */
export function packed({ counts, shape }: Images): NdArray {
  let most = 0
  for (const count of counts) if (count > most) most = count
  return { data: smallestUnsigned(most).from(counts), shape: [...shape] }
}

export interface OutputOptions {
  /** Further arrays of the .npz. */
  readonly more?: Record<string, NdArray | string>
  /** A line under each image of the picture. */
  readonly captions?: readonly string[]
  readonly columns?: number
  /** Of series: what the counts of each channel mean. */
  readonly series?: readonly Quantised[]
  /** Where the counts are of ink: the value of white paper, from which they are missing in what is written. */
  readonly paper?: number
  /** The job that they come from. */
  readonly record?: JobRecord
}

/** What so much ink leaves of paper of that value, and black where there is more of it; without paper the images as they are. */
export const onPaper = ({ counts, shape }: Images, paper: number | undefined): Images => ({
  counts: paper === undefined ? counts : counts.map(ink => Math.max(0, paper - ink)),
  shape,
})

/** Masses [N, C] of images as an array for .npz. */
export function massArray({ counts, shape: [n, c, h, w] }: Images): NdArray {
  const data = new Uint32Array(n * c)
  for (let i = 0; i < counts.length; i++) data[Math.floor(i / (h * w))] += counts[i]
  return { data, shape: [n, c] }
}

/** A seed as a scalar for .npz: an integer where NumPy's and ours can both hold it. */
export const seedArray = (seed: number): NdArray => ({
  data: seed < 2 ** 32 ? Uint32Array.of(seed) : Float64Array.of(seed),
  shape: [],
})

/** The least and the largest of some masses. */
export function span(masses: ArrayLike<number>): string {
  let [low, high] = [masses[0], masses[0]]
  for (let i = 1; i < masses.length; i++) {
    low = Math.min(low, masses[i])
    high = Math.max(high, masses[i])
  }
  return low === high ? String(low) : `${low} … ${high}`
}
