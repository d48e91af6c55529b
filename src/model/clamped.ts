/** One part of a joint process that is known: its origin is what is known, and the other part is drawn beside it. */
import { demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { type Condition, changed } from './conditions.ts'

/** What is known of a part. */
export interface Known {
  /** [N, size]: of image i the i-th. */
  readonly known: Int32Array
  /** Where the part begins in the row of the whole, [all]: 0 of the first. */
  readonly from: number
  /** Its counts of one image. */
  readonly size: number
  /**
   * What is known as origins, of a part whose origins are not its counts: [N, size·K], and where these begin in those of the whole.
   * Left out: the counts, where these begin.
   */
  readonly origin?: { readonly known: Float32Array; readonly from: number }
}

/**
 * Keeps a part at its known origin, to which it walks back exactly, and shows the network what is known in place of its state: the
 * other part then has the origin E[n_0 | its state, what is known], and is drawn from its law given that. So one model of images and labels classifies (images known), draws by class (labels known) and draws both (neither).
 */
export function clamped(options: Known): Condition {
  demandGiven('clamp a part', { options }, { options: { known: 'list', from: 'number', size: 'number' } })
  const { known, from, size, origin: told = { known, from } } = options
  const whole = size >= 1 && known.length % size === 0 && known.length > 0
  demand(whole, 'clamp a part', 'what is known', `of images of ${size} counts`, known.length)
  /** A tile may be filled up with images that nobody asked for. */
  const last = known.length / size - 1
  const wide = (told.known.length / known.length) * size
  /** Puts what is known, so many numbers each, into the rows [images, all] of counts or of origins. */
  function put(
    rows: Int32Array | Float32Array,
    { known: of, from: begin, images, first }: typeof told & { images: number; first: number },
  ): void {
    const each = of === known ? size : wide
    for (let slot = 0; slot < images; slot++) {
      const at = Math.min(first + slot, last) * each
      rows.set(of.subarray(at, at + each), (slot * rows.length) / images + begin)
    }
  }
  return {
    tell({ label }, { slot }) {
      label[slot] = from === 0 ? 1 : 2
    },
    around: of =>
      changed((origin, { times, first }) => put(origin, { ...told, images: times.length, first }))(
        async (counts, times, first = 0) => {
          const shown = counts.slice()
          put(shown, { known, from, images: times.length, first })
          return of(shown, times, first)
        },
      ),
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
