/** Where training takes its images from. */
import type { Random } from '../base/random.ts'

/** What is drawn from, and what is written into. */
export interface Draw {
  readonly random: Random
  readonly out: Int32Array
  readonly end?: Int32Array
  readonly told?: Float32Array
}

/** An endless sequence of clean images. A source owns its scratch arrays: one caller at a time. */
export interface ImageSource {
  /** Whether every image has a partner, the other end of its bridge. */
  readonly paired?: boolean
  /**
   * Writes image number `position` of the sequence into `out` [C, ...sites] and returns its class, where it has one.
   * What it draws comes from `random`, the image's own stream, or from the seed of the source. A paired source writes the
   * partner, of the same masses, into `end`. What else is told of the image goes into `told`, row after row (see `Told`).
   */
  draw(position: number, draw: Draw): number | undefined
}
