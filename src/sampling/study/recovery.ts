// Solvers on exact origins of many known images: which of the images come out, and whether each as often as it should.
import { random } from '../../base/random.ts'
import type { Lattice } from '../../lattice/index.ts'
import { spatial } from '../../process/spatial.ts'
import { mixture } from '../mixture.ts'
import { sample } from '../sample.ts'
import type { OriginFunction, Solver } from '../solver.ts'
import { type Known, type Recovered, recovered } from './recovered.ts'

export interface RecoveryOptions {
  readonly lattice: Lattice
  /** Images of any mass, and their classes. */
  readonly known: Known
  /** The mass that all of them are scaled to. */
  readonly mass: number
  /** Samples drawn. */
  readonly count: number
  readonly seed: number
  readonly signal?: AbortSignal
  /** Calls of the solver at work, of those that it will take where that is known. */
  readonly onProgress?: (calls: number, expected: number | undefined) => void
}

/** Calls made, and what came of them. */
export interface Recovery extends Recovered {
  readonly calls: number
}

/** Draws by a solver, and judges; throws Cancelled when `signal` asks for an end. */
export interface Bench {
  draw(solver: Solver): Promise<Recovery>
  /** What a perfect sampler does with this seed: images drawn at random. */
  perfect(): Recovered
}

/** The bench of one mixture: what it works out of the images is worked out once. */
export function recovery(options: RecoveryOptions): Bench {
  const { lattice, known, mass, count, seed, signal, onProgress } = options
  const process = spatial({ lattice })
  const images = known.images.map(image => {
    let sum = 0
    for (let x = 0; x < image.length; x++) sum += image[x]
    return Float64Array.from(image, n => (n * mass) / sum)
  })
  const scaled: Known = { images, classes: known.classes }
  const exact = mixture({ lattice, rate: process.rate, images })
  /** Lets other events in between two calls, so that a signal can be given. */
  const origin: OriginFunction = async (counts, times) => {
    await new Promise(resolve => setTimeout(resolve))
    return exact.origin(counts, times)
  }
  return {
    async draw(solver) {
      const masses = Array.from({ length: count }, () => [mass])
      const { counts, calls } = await sample({
        process,
        solver,
        origin,
        masses,
        seed,
        batch: count,
        signal,
        onProgress: told => onProgress?.(told.calls, told.expectedCalls),
      })
      return { ...recovered(counts, scaled), calls }
    },
    perfect() {
      const stream = random(seed)
      const drawn = new Float64Array(count * lattice.size)
      for (let i = 0; i < count; i++)
        drawn.set(images[Math.floor(stream.uniform() * images.length)], i * lattice.size)
      return recovered(drawn, scaled)
    },
  }
}
