// Time grids from data: how much of the clean images the origin tells at every time, and the times that share it evenly.

import { Cancelled, demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { exp, log } from '../base/numeric.ts'
import { random } from '../base/random.ts'
import type { JumpProcess } from '../process/process.ts'
import { design } from '../schedule/designed.ts'
import type { Schedule } from '../schedule/schedule.ts'
import type { OriginFunction } from './solver.ts'

export interface ExplainedOptions {
  readonly process: JumpProcess
  readonly origin: OriginFunction
  /** [N, C, ...sites]; a few dozen tell the curve to a few per cent. */
  readonly images: ArrayLike<number>
  /** Images per call of the origin function: N is filled up with the first ones. */
  readonly batch: number
  readonly seed: number
  readonly onProgress?: (progress: { readonly calls: number; readonly expectedCalls: number }) => void
  /** Ends the work with `Cancelled` before the next call. */
  readonly signal?: AbortSignal
}

/**
 * The explained variance of what the origin is the mean of (n_0, for a walk) at every time, [times]:
 * 1 - E |target - D_t|² / E |target - mean|², 1 where nothing is left to be told, near 0 where nothing is known. The mean is
 * that over the images. It can be below 0 where an origin is worse than the mean.
 */
export async function explained(options: ExplainedOptions, times: readonly number[]): Promise<number[]> {
  demandGiven(
    'measure what is explained',
    { options, times },
    {
      options: { process: 'process', origin: 'function', images: 'list', batch: 'number', seed: 'number' },
      times: 'list',
    },
  )
  const { process, origin, images, batch, seed, signal, onProgress } = options
  const what = 'measure the explained variance'
  const size = process.channels * process.sites
  const width = size * process.link.width
  const count = images.length / size
  demand(Number.isSafeInteger(count) && count >= 2, what, 'the images', `two at least, of ${size}`, count)
  demand(Number.isSafeInteger(batch) && batch >= 1, what, 'the batch', 'an integer >= 1', batch)
  const root = random(seed)
  const tiles = Math.ceil(count / batch)
  const counts = new Int32Array(batch * size)
  const out: number[] = []
  for (const [k, time] of times.entries()) {
    const spread = new Spread(width)
    for (let tile = 0; tile < tiles; tile++) {
      if (signal?.aborted) throw new Cancelled('Measuring was cancelled')
      const targets = new Float32Array(batch * width)
      for (let slot = 0; slot < batch; slot++) {
        const i = (tile * batch + slot) % count
        const clean = Int32Array.from({ length: size }, (_, x) => images[i * size + x])
        const noisy = counts.subarray(slot * size, (slot + 1) * size)
        const target = targets.subarray(slot * width, (slot + 1) * width)
        process.corrupt(clean, time, { random: root.fork(k).fork(tile * batch + slot), noisy })
        if (process.link.target) process.link.target(clean, { noisy, time }, target)
        else target.set(clean)
      }
      const told = await origin(counts, new Float64Array(batch).fill(time), tile * batch)
      for (let slot = 0; slot < batch && tile * batch + slot < count; slot++)
        spread.add(targets, told, slot * width)
      onProgress?.({ calls: k * tiles + tile + 1, expectedCalls: times.length * tiles })
    }
    out.push(spread.explained())
  }
  return out
}

/** Sums of squares of what is wanted, about its mean and about what is told. */
class Spread {
  private readonly sum: Float64Array
  private squares = 0
  private missed = 0
  private count = 0
  constructor(width: number) {
    this.sum = new Float64Array(width)
  }

  add(wanted: Float32Array, told: ArrayLike<number>, start: number): void {
    this.count++
    for (let x = 0; x < this.sum.length; x++) {
      const value = wanted[start + x]
      this.sum[x] += value
      this.squares += value * value
      this.missed += (value - told[start + x]) ** 2
    }
  }

  explained(): number {
    let about = this.squares
    for (const sum of this.sum) about -= (sum * sum) / this.count
    return about > 0 ? 1 - this.missed / about : 1
  }
}

export interface ExplainedGridOptions extends ExplainedOptions {
  /** tau = rate * t of the last call, > 0, default 0.3. */
  readonly smallest?: number
  /** How many times are measured, even in log t; default 17. */
  readonly points?: number
  /** The share of the calls, in (0, 1), that are even in log t, default 0.7; the others are where the origin changes. */
  readonly share?: number
}

/**
 * The schedule for a solver's grid on which the explained variance rises in even steps, but for the share that is even in
 * log t: `ancestral({ calls, schedule })`. It is a plain table, which a model's description of its solver can hold.
 */
export async function explainedGrid(options: ExplainedGridOptions): Promise<Schedule> {
  demandGiven(
    'measure what is explained',
    { options },
    { options: { process: 'process', origin: 'function', images: 'list', batch: 'number', seed: 'number' } },
  )
  const { process, smallest = 0.3, points = 17, share = 0.7 } = options
  const what = 'measure a time grid'
  const first = smallest / process.rate
  demand(first > 0 && first < 1, what, 'the smallest tau', `in (0, ${process.rate})`, smallest)
  demand(Number.isSafeInteger(points) && points >= 2, what, 'the points', 'an integer >= 2', points)
  const times = Array.from({ length: points }, (_, i) =>
    i === points - 1 ? 1 : exp(log(first) * (1 - i / (points - 1))),
  )
  return design({ times, similarity: await explained(options, times), share })
}
