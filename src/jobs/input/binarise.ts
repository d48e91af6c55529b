/** Images in black and white: one unit where the count reaches a threshold, none elsewhere. */
import type { ImageSet } from '../../formats/dataset.ts'
import { sharedBytes } from './shared.ts'

/** The counts as 0 and 1, in memory that threads share. */
export function binarised(set: ImageSet, threshold: number): ImageSet & { readonly counts: Uint8Array } {
  const counts = new Uint8Array(sharedBytes(set.counts.length))
  for (let i = 0; i < counts.length; i++) counts[i] = set.counts[i] >= threshold ? 1 : 0
  return { ...set, counts }
}
