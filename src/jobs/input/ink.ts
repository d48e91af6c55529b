/** Dark images on white paper: the units are of ink, which is what is missing from white. */
import { cannot } from '../../base/errors.ts'
import { smallestUnsigned } from '../../formats/array.ts'
import type { ImageSet } from '../../formats/dataset.ts'

/** The value of white in images: the largest of their bits, of eight where nobody says. */
export const paperOf = ({ bits = 8 }: ImageSet): number => 2 ** bits - 1

/** Values as counts of ink on paper of the value `paper`. @throws RangeError for a value above that */
export function inked(
  set: ImageSet,
  { name, paper }: { readonly name: string; readonly paper: number },
): ImageSet {
  const counts = smallestUnsigned(paper).from(set.counts)
  for (let i = 0; i < counts.length; i++) {
    if (set.counts[i] > paper)
      throw new RangeError(cannot('count ink', `every value of ${name}`, `in 0 … ${paper}`, set.counts[i]))
    counts[i] = paper - set.counts[i]
  }
  return { ...set, counts }
}

/** Images as the counts that a model is of: ink, where it has learned of paper. */
export const asCounts = (
  set: ImageSet,
  { name, paper }: { readonly name: string; readonly paper: number | undefined },
): ImageSet => (paper === undefined ? set : inked(set, { name, paper }))
