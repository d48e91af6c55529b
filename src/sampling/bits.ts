// How many bits an image costs under a model: the bound that the path likelihood of a jump process gives.

import { Cancelled, cannot, demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { log } from '../base/numeric.ts'
import { type Random, random } from '../base/random.ts'
import type { JumpProcess } from '../process/process.ts'
import { exponential, type Schedule } from '../schedule/index.ts'
import type { OriginFunction } from './solver.ts'

export interface BitsOptions {
  readonly process: JumpProcess
  readonly origin: OriginFunction
  /** [N, C, ...sites] */
  readonly images: ArrayLike<number>
  /** Random times per image, even in the schedule's coordinate; default 32. */
  readonly draws?: number
  /** Default: even in log t. */
  readonly schedule?: Schedule
  /** Safe integer >= 0. Image i depends on (seed, first + i) alone. */
  readonly seed: number
  /** Number of the first image, a multiple of `batch`; default 0. */
  readonly first?: number
  /** Images per call, always: what is missing is filled up with empty images at time 1. */
  readonly batch: number
  readonly onProgress?: (progress: { readonly calls: number; readonly expectedCalls: number }) => void
  /** Ends the work with `Cancelled` before the next call. */
  readonly signal?: AbortSignal
}

export interface Bits {
  /** Mean bound in bits per dimension: per site and channel. */
  readonly bits: number
  /** Its standard error, of the choice of images and of times. */
  readonly error: number
  /** What the limit law has of it. */
  readonly prior: number
  /** The bound of each image in bits per dimension, [N]. */
  readonly each: Float64Array
  /** What the limit law has of each, in bits per dimension, [N]. */
  readonly priors: Float64Array
}

/** The means of the bounds of some images. */
export function boundOf({ each, priors }: Pick<Bits, 'each' | 'priors'>): Bits {
  const count = each.length
  const mean = each.reduce((sum, b) => sum + b, 0) / count
  const spread = each.reduce((sum, b) => sum + (b - mean) ** 2, 0) / Math.max(1, count - 1)
  const prior = priors.reduce((sum, b) => sum + b, 0) / count
  return { bits: mean, error: Math.sqrt(spread / count), prior, each, priors }
}

/** Another draw of each image for the times before the first of the schedule, even in the third root of t. */
const ROOT = 3

/**
 * A bound on -log2 of the probability that the model gives to the images, given their conserved masses, by the path
 * likelihood of jump processes (that of DSD, loss, in continuous time):
 *
 *     -log p(n_0) <= KL(n_1 | n_0 ‖ limit) + rate ∫ E[ Σ λ̂ - R + R log(R / λ̂) | n_0 ] dt,
 *
 * the sum over all reverse jumps, λ̂ the process's rates / rate given the origin that the model tells and R those given n_0
 * itself. It is an equality, for each image, where the model's are those of a law and R is exact given n_0: so it is for
 * death, birth and death, and chains. For the walk both are those of the potentials, exact for one unit and in the limit of
 * many: for a few units alike what is told is near, and no bound (3 units on a ring of 4: 1.80 bits a site for 2.35).
 *
 * @throws RangeError for impossible options or a process without `divergence`, Cancelled when `signal` asked for an end.
 */
export async function bits(options: BitsOptions): Promise<Bits> {
  demandGiven(
    'bound the bits',
    { options },
    { options: { process: 'process', origin: 'function', images: 'list', batch: 'number', seed: 'number' } },
  )
  const { process, images, draws = 32, seed, batch, schedule = exponential(), first: number = 0 } = options
  const what = 'bound the bits'
  const size = process.channels * process.sites
  const count = images.length / size
  demand(
    Number.isSafeInteger(count) && count >= 1,
    what,
    'the images',
    `whole ones of ${size}`,
    images.length,
  )
  demand(Number.isSafeInteger(batch) && batch >= 1, what, 'the batch', 'an integer >= 1', batch)
  demand(Number.isSafeInteger(draws) && draws >= 1, what, 'the draws', 'an integer >= 1', draws)
  if (!process.divergence)
    throw new RangeError(
      cannot(what, 'the process', 'one that tells its divergence', process.description.kind),
    )
  const early = schedule.time(0)
  const times = draws + (early > 0 ? 1 : 0)
  const root = random(seed)
  const tile = new Tile(options, size)
  const nats = new Float64Array(count)
  const priors = new Float64Array(count)
  let calls = 0
  const expectedCalls = Math.ceil(count / batch) * times
  for (let first = 0; first < count; first += batch) {
    const last = Math.min(count, first + batch)
    for (let i = first; i < last; i++) {
      const own = process.divergence(tile.image(i))
      priors[i] = own
      nats[i] = own
    }
    const streams = Array.from({ length: last - first }, (_, slot) => root.fork(number + first + slot))
    for (let k = 0; k < times; k++) {
      if (options.signal?.aborted) throw new Cancelled('The bound was cancelled')
      const chosen = streams.map(stream => {
        const v = stream.uniform()
        if (k === draws) {
          const u = v === 0 ? 1 : v
          return { time: early * u ** ROOT, weight: early * ROOT * u ** (ROOT - 1) }
        }
        const u = (k + v) / draws
        return { time: schedule.time(u), weight: schedule.slope(u) / draws }
      })
      const terms = await tile.terms(first, streams, chosen)
      for (let slot = 0; slot < terms.length; slot++) nats[first + slot] += terms[slot]
      calls++
      options.onProgress?.({ calls, expectedCalls })
    }
  }
  const unit = size * Math.LN2
  return boundOf({ each: nats.map(n => n / unit), priors: priors.map(n => n / unit) })
}

/** The images of one call, corrupted, and what each adds to its bound. */
class Tile {
  private readonly options: BitsOptions
  private readonly size: number
  private readonly clean: Int32Array
  private readonly noisy: Int32Array
  private readonly counts: Int32Array
  private readonly times: Float64Array
  private readonly targets: Float32Array
  private readonly true: Float64Array
  private readonly told: Float64Array

  constructor(options: BitsOptions, size: number) {
    const { process, batch } = options
    this.options = options
    this.size = size
    this.clean = new Int32Array(size)
    this.noisy = new Int32Array(size)
    this.counts = new Int32Array(batch * size)
    this.times = new Float64Array(batch)
    this.targets = new Float32Array(batch * size * process.link.width)
    this.true = new Float64Array(size * process.jumps)
    this.told = new Float64Array(size * process.jumps)
  }

  image(i: number): Int32Array {
    for (let x = 0; x < this.size; x++) this.clean[x] = this.options.images[i * this.size + x]
    return this.clean
  }

  /** Σ λ̂ - R + R log(R / λ̂) of each image from `first` on, at its time, times rate and weight; in nats. */
  async terms(
    first: number,
    streams: readonly Random[],
    chosen: readonly { readonly time: number; readonly weight: number }[],
  ): Promise<number[]> {
    const { process, origin, batch } = this.options
    const { size } = this
    const width = size * process.link.width
    this.counts.fill(0)
    this.times.fill(1)
    chosen.forEach(({ time }, slot) => {
      const clean = this.image(first + slot)
      const target = this.targets.subarray(slot * width, (slot + 1) * width)
      process.corrupt(clean, time, { random: streams[slot], noisy: this.noisy })
      if (process.link.target) process.link.target(clean, { noisy: this.noisy, time }, target)
      else target.set(clean)
      this.counts.set(this.noisy, slot * size)
      this.times[slot] = time
    })
    const told = await origin(this.counts, this.times, first)
    const wanted = `${batch * width}`
    demand(told.length === batch * width, 'bound the bits', 'the length of the origins', wanted, told.length)
    return chosen.map(({ time, weight }, slot) => {
      const counts = this.counts.subarray(slot * size, (slot + 1) * size)
      const part = (of: Float32Array) => of.subarray(slot * width, (slot + 1) * width)
      process.rates(counts, part(this.targets), { time, out: this.true })
      process.rates(counts, part(told), { time, out: this.told })
      let sum = 0
      for (let k = 0; k < this.true.length; k++) {
        const [right, model] = [this.true[k], this.told[k]]
        sum += model - right
        if (right > 0) sum += right * log(right / model)
      }
      return process.rate * weight * sum
    })
  }
}
