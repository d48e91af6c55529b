/** Where training takes its images from. */
import type { Random } from '../base/random.ts'

/** An endless sequence of clean images. A source owns its scratch arrays: one caller at a time. */
export interface ImageSource {
  /**
   * Writes image number `position` of the sequence into `out` [C, ...sites] and returns its class, where it has one.
   * What it draws comes from `random`, the image's own stream, or from the seed of the source.
   */
  draw(position: number, draw: { random: Random; out: Int32Array }): number | undefined
}
