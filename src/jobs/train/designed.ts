/** The schedule measured on the training images: `--schedule designed`. */
import { random } from '../../base/random.ts'
import { sizeOf } from '../../formats/array.ts'
import { measuredSchedule } from '../../metrics/design.ts'
import type { JumpProcess } from '../../process/index.ts'
import type { Schedule } from '../../schedule/index.ts'
import type { Examples } from './data.ts'

const sample = 48

/** Measures how the SSIM of some training images falls along the process, and lets it fall evenly in u. */
export function designedFor(process: JumpProcess, images: Examples, seed: number): Schedule {
  const size = sizeOf(images.shape)
  const count = Math.min(sample, images.count)
  const chosen = Array.from({ length: count }, (_, i) => {
    const start = Math.floor((i * images.count) / count) * size
    return Int32Array.from(images.counts.subarray(start, start + size))
  })
  const noisy = new Int32Array(size)
  const stream = random(seed).fork(3)
  let draws = 0
  return measuredSchedule({
    images: chosen,
    shape: images.shape.slice(1),
    corrupt(clean, time) {
      process.corrupt(clean, time, { random: stream.fork(draws++), noisy })
      return noisy
    },
  })
}
