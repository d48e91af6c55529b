// The driver: carries images from the limit law to the data in tiles of one fixed size.

import { Cancelled, cannot, demand, InvariantError } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { random } from '../base/random.ts'
import type { JumpProcess } from '../process/process.ts'
import type { Image, OriginFunction, Solver } from './solver.ts'

export interface SampleOptions {
  readonly process: JumpProcess
  /** The process of image number i, of the sites and masses of `process`, where each has one of its own. */
  readonly processOf?: (image: number) => JumpProcess
  readonly solver: Solver
  readonly origin: OriginFunction
  /**
   * [N][conserved]: the masses of each image, of its channels for the walk; integers >= 0, met exactly. A process that
   * conserves none may be able to be told masses [N][C] (`weigh`), which solvers that tell them (`weighs`) meet exactly.
   */
  readonly masses: readonly ArrayLike<number>[]
  /** Safe integer >= 0. Image i depends on (seed, first + i) and its masses alone. */
  readonly seed: number
  /** Clean images [N, C, ...sites] to go on from, with a solver that resumes; default: the limit law. */
  readonly resume?: Int32Array
  /** Number of the first image, default 0: images 4 to 7 of a run are `first: 4` with four masses. */
  readonly first?: number
  /** Images per call, always: what is missing is filled up with empty images at time 1. */
  readonly batch: number
  /** Every so many calls the invariant is checked, and always when an image is done; default 16. */
  readonly checkEvery?: number
  readonly onProgress?: (progress: SampleProgress) => void
  /**
   * Sees every state on the way: image `image` at its first time, and after each step at the time it has come to, 0 at
   * last. `counts` [C, ...sites] are the image itself: what is to be kept must be copied, and nothing changed.
   */
  readonly onStep?: (image: number, time: number, counts: Int32Array) => void
  /** Ends the work with `Cancelled` before the next call. */
  readonly signal?: AbortSignal
}

export interface SampleProgress {
  /** Calls made, each of a whole tile. */
  readonly calls: number
  /** Calls that all images will take; undefined where the solver cannot know. */
  readonly expectedCalls: number | undefined
  /** Images done, out of `total`. */
  readonly images: number
  readonly total: number
}

export interface Sampled {
  /** [N, C, ...sites] */
  readonly counts: Int32Array
  /** Calls, each of a whole tile. */
  readonly calls: number
  /** Wall-clock seconds spent waiting for origins, and moving units. */
  readonly seconds: { readonly origins: number; readonly moves: number }
}

/**
 * Draws one image per entry of `masses`.
 *
 * @throws RangeError for impossible options, InvariantError where a step changed a mass (a defect of the program),
 * Cancelled when `signal` asked for an end.
 */
export async function sample(options: SampleOptions): Promise<Sampled> {
  demandGiven(
    'sample',
    { options },
    {
      options: {
        process: 'process',
        solver: { start: 'function', advance: 'function' },
        origin: 'function',
        masses: 'lists',
      },
    },
  )
  const { process, solver, masses, seed, first = 0, batch, resume } = options
  const what = 'sample'
  demand(Number.isSafeInteger(batch) && batch >= 1, what, 'the batch', 'an integer >= 1', batch)
  demand(Number.isSafeInteger(first) && first >= 0, what, 'the first image', 'a safe integer >= 0', first)
  const lengths = process.weigh ? [process.conserved, process.channels] : [process.conserved]
  for (const mass of masses)
    demand(lengths.includes(mass.length), what, 'masses', `${lengths.join(' or ')} per image`, mass.length)
  const root = random(seed)
  const size = process.channels * process.sites
  const out = new Int32Array(masses.length * size)
  const last = first + masses.length
  const tiles = masses.length === 0 ? 0 : Math.floor((last - 1) / batch) - Math.floor(first / batch) + 1
  const total = {
    images: masses.length,
    calls: solver.calls === undefined ? undefined : tiles * solver.calls,
  }
  const run = new Run(options, total)

  // Image i always has slot i mod batch, so that even the place in a tile depends on i alone.
  for (let start = Math.floor(first / batch) * batch; start < last; start += batch) {
    const slots: (Slot | undefined)[] = []
    for (let i = start; i < start + batch; i++) {
      if (i < first || i >= last) {
        slots.push(undefined)
        continue
      }
      const walk = options.processOf?.(i) ?? process
      const counts = out.subarray((i - first) * size, (i - first + 1) * size)
      const stream = root.fork(i)
      const told = masses[i - first]
      const kept = told.length === process.conserved
      const image: Image = {
        number: i,
        counts,
        time: 0,
        step: 0,
        random: stream,
        masses: kept ? undefined : told,
      }
      if (resume) {
        counts.set(resume.subarray((i - first) * size, (i - first + 1) * size))
        image.time = solver.resume?.(walk, image) ?? 0
      } else {
        walk.limit(kept ? told : [], { random: stream, out: counts })
        image.time = solver.start(walk)
      }
      slots.push({ image, walk })
    }
    await run.tile(slots, start)
  }
  return { counts: out, calls: run.calls, seconds: run.seconds }
}

/** An image of a tile, and the process that it goes back by. */
interface Slot {
  readonly image: Image
  readonly walk: JumpProcess
}

/** The state of one call of `sample`. */
class Run {
  calls = 0
  readonly seconds = { origins: 0, moves: 0 }
  private images = 0
  private readonly options: SampleOptions
  private readonly total: { images: number; calls: number | undefined }
  private readonly counts: Int32Array
  private readonly times: Float64Array

  constructor(options: SampleOptions, total: { images: number; calls: number | undefined }) {
    const { process, batch } = options
    this.options = options
    this.total = total
    this.counts = new Int32Array(batch * process.channels * process.sites)
    this.times = new Float64Array(batch)
  }

  /** Takes the images of one tile from their first time to 0, each by its process; `start` is the number of its first slot. */
  async tile(slots: readonly (Slot | undefined)[], start: number): Promise<void> {
    const { process, origin, batch, signal, onStep } = this.options
    const size = process.channels * process.sites
    const width = size * process.link.width
    const invariants = slots.map(of => of && process.invariant(of.image.counts))
    slots.forEach((of, slot) => {
      if (of) onStep?.(start + slot, of.image.time, of.image.counts)
    })
    while (slots.some(of => of && of.image.time > 0)) {
      if (signal?.aborted) throw new Cancelled('Sampling was cancelled')
      this.fill(slots, size)
      const asked = performance.now()
      const origins = await origin(this.counts, this.times, start)
      const answered = performance.now()
      const wanted = `${batch * width}, ${batch} images of ${width}`
      demand(origins.length === batch * width, 'sample', 'the length of the origins', wanted, origins.length)
      this.calls++
      slots.forEach((of, slot) => {
        if (!of || of.image.time === 0) return
        const { image } = of
        this.move(of, origins.subarray(slot * width, (slot + 1) * width))
        this.check(image, start + slot, invariants[slot]!)
        onStep?.(start + slot, image.time, image.counts)
      })
      this.seconds.origins += (answered - asked) / 1000
      this.seconds.moves += (performance.now() - answered) / 1000
      this.options.onProgress?.({
        calls: this.calls,
        expectedCalls: this.total.calls,
        images: this.images,
        total: this.total.images,
      })
    }
  }

  /** Lays the images side by side for the origin function; slots without one, or with one that is done, are empty. */
  private fill(slots: readonly (Slot | undefined)[], size: number): void {
    slots.forEach((of, slot) => {
      const busy = of !== undefined && of.image.time > 0
      this.times[slot] = busy ? of.image.time : 1
      if (busy) this.counts.set(of.image.counts, slot * size)
      else this.counts.fill(0, slot * size, (slot + 1) * size)
    })
  }

  private move({ image, walk }: Slot, origin: Float32Array): void {
    const { solver } = this.options
    const next = solver.advance(walk, image, origin)
    const right = next >= 0 && (next < image.time || (solver.returns === true && next <= 1))
    demand(right, 'sample', "the solver's next time", `in [0, ${image.time})`, next)
    image.time = next
    image.step++
    if (next > 0) return
    image.memory = undefined
    this.images++
  }

  private check(image: Image, number: number, before: readonly number[]): void {
    const { process, checkEvery = 16 } = this.options
    if (image.time > 0 && image.step % checkEvery !== 0) return
    const now = process.invariant(image.counts)
    if (now.every((mass, c) => mass === before[c])) return
    const what = `keep the mass of image ${number} at step ${image.step}`
    throw new InvariantError(cannot(what, 'its total', String(before), now))
  }
}
