/** Two sets of examples as one: images and their labels, or images and other counts that go with them. */
import { cannot, demand, refused } from '../../base/errors.ts'
import { type Counts, sizeOf } from '../../formats/array.ts'
import type { ImageSet } from '../../formats/dataset.ts'
import { nameOf } from '../files.ts'
import { largest } from '../masses.ts'

/** One of two parts of the examples. */
export interface PartData {
  /** [C, ...sites] */
  readonly shape: readonly number[]
  /** The largest count of any site. */
  readonly largest: number
  /** Whether every example has one unit, on ground of its own. */
  readonly lone: boolean
  /** Whether its counts are 0 and 1 on the lattice of the first part: a mask. */
  readonly mask: boolean
  /** Names of the sites, where they are classes. */
  readonly classes?: readonly string[]
}

/** The word that stands for the labels of the data themselves. */
export const LABEL = 'label'

/** Labels as counts: one unit on as many sites as there are classes. @throws UsageError where the images have none */
export function labelCounts({ labels, classes, count }: ImageSet): ImageSet & { readonly classes: string[] } {
  if (!labels) throw refused('train', 'with', 'a file: the data have no labels', LABEL)
  const names = classes ?? Array.from({ length: 1 + largest(labels) }, (_, i) => String(i))
  demand(names.length >= 2, 'train with labels', 'the classes', 'two at least', names.length)
  const counts = new Uint8Array(count * names.length)
  for (let i = 0; i < count; i++) counts[i * names.length + Number(labels[i])] = 1
  return { shape: [1, 1, names.length], count, counts, classes: names }
}

/** The examples of two sets in one row each, [1, 1, all], and what each part is. @throws RangeError where they do not go together */
export function joinedSets(
  first: ImageSet,
  second: ImageSet,
  name: string,
): { readonly images: ImageSet; readonly parts: readonly [PartData, PartData] } {
  const { count } = first
  if (second.count !== count)
    throw new RangeError(
      cannot(
        'train on two parts',
        `the examples of ${nameOf(name)}`,
        `${count}, one for each image`,
        second.count,
      ),
    )
  const sizes = [first, second].map(({ shape }) => sizeOf(shape))
  const all = sizes[0] + sizes[1]
  const wide = Math.max(first.counts.BYTES_PER_ELEMENT, second.counts.BYTES_PER_ELEMENT)
  const kind = wide === 1 ? Uint8Array : wide === 2 ? Uint16Array : Uint32Array
  const counts: Counts = new kind(count * all)
  for (let i = 0; i < count; i++) {
    counts.set(first.counts.subarray(i * sizes[0], (i + 1) * sizes[0]), i * all)
    counts.set(second.counts.subarray(i * sizes[1], (i + 1) * sizes[1]), i * all + sizes[0])
  }
  const parts = [partOf(first), partOf(second, first.shape)] as const
  return { images: { shape: [1, 1, all], count, counts }, parts }
}

function partOf({ shape, counts, count, classes }: ImageSet, beside?: readonly number[]): PartData {
  const size = sizeOf(shape)
  const alike = beside !== undefined && String(shape.slice(1)) === String(beside.slice(1))
  const most = Math.max(1, largest(counts))
  let lone = !alike
  for (let i = 0; i < count && lone; i++) {
    let mass = 0
    for (let x = i * size; x < (i + 1) * size; x++) mass += counts[x]
    lone = mass === 1
  }
  return { shape, largest: most, lone, mask: alike && most === 1, ...(classes && { classes }) }
}
