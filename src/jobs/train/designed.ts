/** The schedules measured on the training images: `--schedule designed` and `--schedule spectral`. */
import { refused } from '../../base/errors.ts'
import { random } from '../../base/random.ts'
import type { ImageSet } from '../../formats/dataset.ts'
import { type BoundaryName, lattice } from '../../lattice/index.ts'
import { measuredSchedule } from '../../metrics/design.ts'
import { spectralSchedule } from '../../metrics/scales.ts'
import type { JumpProcess } from '../../process/index.ts'
import type { Schedule } from '../../schedule/index.ts'

const sample = 48

/** Measures how the SSIM of some training images falls along the process, and lets it fall evenly in u. */
export function designedFor(process: JumpProcess, images: ImageSet, seed: number): Schedule {
  const size = images.shape[0] * images.shape[1] * images.shape[2]
  const chosen = chosenOf(images)
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

/** Lets the mean over the octaves of log(1 + signal / noise) of some training images fall evenly in u. */
export function spectralFor(process: JumpProcess, images: ImageSet): Schedule {
  const { lengths, boundaries } = process.description as { lengths?: number[]; boundaries?: BoundaryName[] }
  if (!lengths || !boundaries)
    throw refused('train', 'schedule', 'another where units do not walk', 'spectral')
  const { sites, rate } = process
  const planes = chosenOf(images).flatMap(image =>
    Array.from({ length: image.length / sites }, (_, c) => image.subarray(c * sites, (c + 1) * sites)),
  )
  return spectralSchedule({ lattice: lattice(lengths, boundaries), planes, rate })
}

/** Some of the images, evenly spread. */
function chosenOf({ shape, counts, count: all }: ImageSet): Int32Array[] {
  const size = shape[0] * shape[1] * shape[2]
  const count = Math.min(sample, all)
  return Array.from({ length: count }, (_, i) => {
    const start = Math.floor((i * all) / count) * size
    return Int32Array.from(counts.subarray(start, start + size))
  })
}
