/** The frames of a movie: states of images on their way, back from the limit law or forth from the images. */
import { random } from '../../base/random.ts'
import type { JumpProcess } from '../../process/index.ts'
import { type GridOptions, grid, type SolverDescription } from '../../sampling/index.ts'
import { type ScheduleDescription, schedule } from '../../schedule/index.ts'

/** States of images through time. */
export interface Film {
  /** [images, frames, C, ...sites] */
  readonly counts: Int32Array
  /** When each of them was so, in [0, 1], [images, frames]. */
  readonly times: Float64Array
}

interface FilmShape {
  readonly images: number
  readonly frames: number
  /** Counts of one state. */
  readonly size: number
}

export const blankFilm = ({ images, frames, size }: FilmShape): Film => ({
  counts: new Int32Array(images * frames * size),
  times: new Float64Array(images * frames),
})

/**
 * Keeps the state of each image at some times, which fall: the last that its solver came to at or before each of them,
 * on its way down from 1. Images are numbered from `first`.
 */
export function witness(
  times: readonly number[],
  { first, images, size }: { first: number; images: number; size: number },
) {
  const frames = times.length
  const film = blankFilm({ images, frames, size })
  const { counts: kept, times: when } = film
  const next = new Int32Array(images).fill(-1)
  function onStep(image: number, time: number, counts: Int32Array): void {
    const i = image - first
    let k = Math.max(0, next[i])
    if (next[i] >= 0)
      for (; k < frames && time < times[k]; k++) {
        if (k + 1 === frames) continue
        // Until there is a later one, that of the frame before.
        const at = i * frames + k
        kept.copyWithin((at + 1) * size, at * size, (at + 1) * size)
        when[at + 1] = when[at]
      }
    next[i] = k
    if (k === frames) return
    kept.set(counts, (i * frames + k) * size)
    when[i * frames + k] = time
  }
  return { film, onStep }
}

/** Times of the frames, from 1 down to 0: as the calls of the solver would lie if it made one for each frame. */
export function frameTimes(process: JumpProcess, frames: number, usual: SolverDescription): number[] {
  const {
    smallest,
    bend,
    schedule: times,
  } = usual as Omit<GridOptions, 'schedule'> & { schedule?: ScheduleDescription }
  const even = grid({ calls: frames - 1, smallest, bend, schedule: times && schedule(times) })
  return Array.from({ length: frames }, (_, k) => even.time(process, k))
}

/** The film with the images themselves as its end. */
export function withEnd({ counts, times }: Film, clean: Int32Array, images: number): Film {
  const frames = times.length / images
  const size = clean.length / images
  const whole = blankFilm({ images, frames: frames + 1, size })
  for (let i = 0; i < images; i++) {
    const from = i * frames
    const to = i * (frames + 1)
    whole.counts.set(counts.subarray(from * size, (from + frames) * size), to * size)
    whole.counts.set(clean.subarray(i * size, (i + 1) * size), (to + frames) * size)
    whole.times.set(times.subarray(from, from + frames), to)
  }
  return whole
}

/** The stream of forward walks, far from the streams of the images, which are numbered from 0. */
const forwardStream = 2 ** 32 + 2

/**
 * One trajectory of each of the clean images [images, C, ...sites], seen at rising times: from each to the next exactly,
 * for a process goes on from where it has come to as if it began there.
 */
export function forwardFilm(
  process: JumpProcess,
  clean: Int32Array,
  { times, seed }: { times: readonly number[]; seed: number },
): Film {
  const size = process.channels * process.sites
  const frames = times.length
  const images = clean.length / size
  const film = blankFilm({ images, frames, size })
  for (let i = 0; i < images; i++) {
    const stream = random(seed).fork(forwardStream).fork(i)
    let state = clean.slice(i * size, (i + 1) * size)
    let now = 0
    times.forEach((time, k) => {
      const noisy = new Int32Array(size)
      process.corrupt(state, time - now, { random: stream, noisy })
      film.counts.set(noisy, (i * frames + k) * size)
      film.times[i * frames + k] = time
      state = noisy
      now = time
    })
  }
  return film
}

/** What a state holds: what its process conserves, or of a process that conserves nothing its units, of each channel. */
export function massOf(process: JumpProcess, counts: Int32Array): number[] {
  if (process.conserved > 0) return process.invariant(counts)
  return Array.from({ length: process.channels }, (_, c) =>
    counts.subarray(c * process.sites, (c + 1) * process.sites).reduce((sum, n) => sum + n, 0),
  )
}
