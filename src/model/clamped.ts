/** One part of a joint process that is known: its origin is what is known, and the other part is drawn beside it. */
import { demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import type { Condition } from './conditions.ts'

/** What is known of a part. */
export interface Known {
  /** [N, size]: of image i the i-th. */
  readonly known: Int32Array
  /** Where the part begins in the row of the whole, [all]: 0 of the first. */
  readonly from: number
  /** Its counts of one image. */
  readonly size: number
}

/**
 * Keeps a part at its known origin, to which it walks back exactly, and shows the network what is known in place of its state: the
 * other part then has the origin E[n_0 | its state, what is known], and is drawn from its law given that. So one model of images and labels classifies (images known), draws by class (labels known) and draws both (neither). Of parts
 * whose origins are their counts (`link.width` 1).
 */
export function clamped(options: Known): Condition {
  demandGiven('clamp a part', { options }, { options: { known: 'list', from: 'number', size: 'number' } })
  const { known, from, size } = options
  const whole = size >= 1 && known.length % size === 0 && known.length > 0
  demand(whole, 'clamp a part', 'what is known', `of images of ${size} counts`, known.length)
  /** A tile may be filled up with images that nobody asked for. */
  const last = known.length / size - 1
  return {
    tell({ label }, { slot }) {
      label[slot] = from === 0 ? 1 : 2
    },
    around: of => {
      let kept = new Float32Array(0)
      return async (counts, times, first = 0) => {
        const images = times.length
        const all = counts.length / images
        const part = (image: number) => {
          const at = Math.min(first + image, last) * size
          return known.subarray(at, at + size)
        }
        const shown = counts.slice()
        for (let slot = 0; slot < images; slot++) shown.set(part(slot), slot * all + from)
        const told = await of(shown, times, first)
        if (kept.length !== told.length) kept = new Float32Array(told.length)
        kept.set(told)
        for (let slot = 0; slot < images; slot++) kept.set(part(slot), (slot * kept.length) / images + from)
        return kept
      }
    },
  }
}

/** Makes a known part of images [n, all], from number `first` on, what it is, for solvers that end by hops. */
export function restoreClamped(
  counts: Int32Array,
  { known, from, size }: Known,
  place: { readonly first: number; readonly all: number },
): void {
  for (let i = 0; i * place.all < counts.length; i++) {
    const at = (place.first + i) * size
    counts.set(known.subarray(at, at + size), i * place.all + from)
  }
}
