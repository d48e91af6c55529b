/** Images in black and white: one unit where the count reaches a threshold, none elsewhere. */
import type { ImageSet } from '../formats/dataset.ts'
import type { TrainingData } from './training-data.ts'

/** The counts as 0 and 1, in memory that threads share. */
export function binarised(set: ImageSet, threshold: number): ImageSet & { readonly counts: Uint8Array } {
  const counts = new Uint8Array(new SharedArrayBuffer(set.counts.length))
  for (let i = 0; i < counts.length; i++) counts[i] = set.counts[i] >= threshold ? 1 : 0
  return { ...set, counts }
}

/** The same of whole images to be trained on; their checksum stays that of the file. */
export function binarisedData(data: TrainingData, threshold: number): TrainingData {
  const images = binarised(data.images, threshold)
  const { counts, count, labels } = images
  return { ...data, images, source: { kind: 'stored', counts, count, labels } }
}
