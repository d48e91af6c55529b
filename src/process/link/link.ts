// A link: how the output of a network becomes the origin, and the proper loss that finds it.
import type { Tensor } from '../../tensor/index.ts'

/** What a network was shown: counts [N, C, H, W] and times [N]. */
export interface Shown {
  readonly counts: Tensor
  readonly time: Tensor
}

/** What it should have said: targets [N, C·K, H, W], weights [N, 1, H, W] of images and sites. */
export interface Wanted {
  readonly target: Tensor
  readonly weights: Tensor
}

/**
 * A link between what a network gives, [N, C·K, H, W], and the origin, of the same shape. The loss of each image is proper:
 * its minimiser is the conditional mean, and it is 0 where the target itself is said; for each the order of one at all times.
 */
export interface Link {
  /** K, numbers per channel and site. */
  readonly width: number
  /** Whether the loss is a sum over sites, each of which may have a weight of its own. */
  readonly local: boolean
  /** Writes what the origin [C, K, ...sites] is the mean of, given n_0, n_t and n_1 where it is known; default: n_0 itself. */
  target?(
    clean: Int32Array,
    state: { noisy: Int32Array; time: number; end?: Int32Array },
    out: Float32Array,
  ): void
  origin(output: Tensor, shown: Shown): Tensor
  /** The sum over the images of weight * loss: a scalar. */
  loss(output: Tensor, shown: Shown, wanted: Wanted): Tensor
}
