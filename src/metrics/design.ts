// A schedule measured on the data: how similar noisy images stay to clean ones, and the times that share it evenly.

import { demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { exp, log } from '../base/numeric.ts'
import { design } from '../schedule/designed.ts'
import type { Schedule } from '../schedule/schedule.ts'
import { type SimilarityOptions, ssim } from './ssim.ts'

export interface Measurement {
  /** Clean images, each [C, ...sites]; a few dozen give the mean similarity to about 0.01. */
  readonly images: readonly Int32Array[]
  /** Rising, in (0, 1]. */
  readonly times: readonly number[]
  /** A noisy image [C, ...sites] of the i-th clean one at that time; it may use one array for all. */
  corrupt(clean: Int32Array, time: number, i: number): ArrayLike<number>
  /** How similar a noisy image is to its clean one. */
  similarity(clean: Int32Array, noisy: ArrayLike<number>): number
}

/** The mean similarity over the images at every time, [times]. */
export function similarityCurve(options: Measurement): number[] {
  demandGiven(
    'measure the similarities',
    { options },
    { options: { images: 'lists', times: 'list', corrupt: 'function', similarity: 'function' } },
  )
  const { images, times, corrupt, similarity } = options
  demand(images.length > 0, 'measure the similarity', 'the list of images', 'not empty', images)
  return times.map(time => {
    let sum = 0
    images.forEach((clean, i) => {
      sum += similarity(clean, corrupt(clean, time, i))
    })
    return sum / images.length
  })
}

export interface DesignOptions extends Pick<Measurement, 'images' | 'corrupt'>, SimilarityOptions {
  /** The first time, where the images should still be all but clean. */
  readonly start?: number
  /** How many times to measure, evenly spaced in their logarithm from `start` to 1. */
  readonly points?: number
  /** The share of the coordinate given to ln t where the similarity is flat, as in `design()`. */
  readonly share?: number
}

/** The schedule on which the mean SSIM of these images falls evenly: measures it, then `design()`. */
export function measuredSchedule(options: DesignOptions): Schedule {
  demandGiven(
    'design the schedule',
    { options },
    { options: { images: 'lists', corrupt: 'function', shape: 'list' } },
  )
  const { images, corrupt, start = 1e-5, points = 41, share } = options
  const what = 'measure a schedule'
  demand(start > 0 && start < 1, what, 'the start', 'between 0 and 1, exclusive', start)
  demand(Number.isInteger(points) && points >= 2, what, 'the number of points', 'an integer >= 2', points)
  const times = Array.from({ length: points }, (_, i) => exp(log(start) * (1 - i / (points - 1))))
  const similarity = similarityCurve({ images, times, corrupt, similarity: (a, b) => ssim(a, b, options) })
  return design({ times, similarity, share })
}
