// The other way across a bridge: what a model of both ends tells, with ends and times exchanged.
import { demand } from '../base/errors.ts'
import type { JumpProcess } from '../process/process.ts'
import type { OriginFunction } from './solver.ts'

/**
 * The origins of a bridge whose ends are exchanged: at time t the destination that is told at 1 - t, and the origin behind it.
 * A solver that undoes the bridge by them takes images of the clean end to those of the other. A time of 0 is asked as the
 * least one that a model has learned, `first`.
 */
export function turned(process: JumpProcess, origin: OriginFunction, { first = 1e-3 } = {}): OriginFunction {
  const { sites, channels, link } = process
  demand(link.width === 2, 'turn a bridge', 'the origin', 'of two numbers a site', link.width)
  const width = 2 * channels * sites
  return async (counts, times, number) => {
    const asked = times.map(time => Math.max(first, 1 - time))
    const told = await origin(counts, asked, number)
    const out = new Float32Array(told.length)
    for (let start = 0; start < told.length; start += width)
      for (let at = start; at < start + width; at += 2 * sites) {
        out.set(told.subarray(at + sites, at + 2 * sites), at)
        out.set(told.subarray(at, at + sites), at + sites)
      }
    return out
  }
}

/** A process whose limit law is that list of images [N, C, ...sites]: `sample` begins with one after the other. */
export function begunWith(process: JumpProcess, images: ArrayLike<number>): JumpProcess {
  const size = process.channels * process.sites
  let next = 0
  return {
    ...process,
    limit(_, { out }) {
      demand(
        (next + 1) * size <= images.length,
        'begin with an image',
        'the images',
        `more than ${next}`,
        images.length / size,
      )
      for (let x = 0; x < size; x++) out[x] = images[next * size + x]
      next++
    },
  }
}
