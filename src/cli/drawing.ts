/** What is to be drawn, as plain data that can be told to a worker thread, and how a thread draws it. */
import { lattice } from '../lattice/index.ts'
import { classes, demandTaken, type Surroundings, surroundings } from '../model/conditions.ts'
import type { ModelDescription } from '../model/description.ts'
import { fingerprint } from '../model/fingerprint.ts'
import { rateFunction } from '../model/rates.ts'
import { type ProcessDescription, process as processOf, type SpatialDescription } from '../process/index.ts'
import type { CompileOptions, Runtime } from '../runtime/runtime.ts'
import {
  even,
  guided,
  occupancyOf,
  type RateFunction,
  type Settled,
  type SolverDescription,
  sample,
  settle,
  solver,
} from '../sampling/index.ts'
import { type Film, witness } from './movie-frames.ts'

/** N images: image i depends on the seed, on i, and on what is said of it here. */
export interface Drawing {
  /** The bytes of the model file, and what it says of itself. */
  readonly model: Uint8Array
  readonly description: ModelDescription
  /** The walk that is undone; default: the model's. */
  readonly process?: ProcessDescription
  readonly solver: SolverDescription
  readonly seed: number
  /** What each image conserves, [N][conserved]: units per channel for the walk. */
  readonly masses: readonly (readonly number[])[]
  /** The class of each image that the network is told, [N]; undefined: not told. Default: none is. */
  readonly labels?: readonly (number | undefined)[]
  /**
   * The weight w >= 0 of `told^w untold^(1 - w)`, where the rates `untold` know no class, or where no class is told,
   * no structure; default: what the model says suits it, else 1.
   */
  readonly guidance?: number
  /** Known counts around a hole, for models that take a mask. */
  readonly surroundings?: Surroundings
  /** Whether no site may hold two units: the images are settled (see `settle`), and say how. Default false. */
  readonly exclusive?: boolean
  /** Times, falling, at which the images are seen on their way; default: none. */
  readonly frames?: readonly number[]
}

/** Images of one tile. */
export interface Painted {
  /** [n, C, H, W] */
  readonly counts: Int32Array
  /** What it took to give every unit a site of its own, [n]; empty where units may share sites. */
  readonly moves: readonly Moves[]
  /** The images on their way, at the times asked for. */
  readonly seen: Film
}

export type Moves = Omit<Settled, 'labels'>

/** How many tiles a drawing has. */
export const tilesOf = ({ masses, description }: Drawing): number =>
  Math.ceil(masses.length / description.tile)

/** Whoever draws the tiles of one drawing, one at a time. */
export interface Painter {
  /** Draws the images of a tile: those from its number times the tile's size on. */
  paint(tile: number, onProgress?: TileProgress): Promise<Painted>
  /** The fingerprint of the numerics that it draws with. */
  fingerprint(): Promise<string>
  /** Stops what is under way (it fails with `Cancelled`), and lets go of everything; once, however often it is asked. */
  end(): Promise<void>
}

/** Network calls made and images done of one tile. */
export type TileProgress = (progress: { readonly calls: number; readonly images: number }) => void

/** A painter in this thread. Throws RangeError where the model does not take what it is to be told. */
export async function painter(
  drawing: Drawing,
  runtime: Runtime,
  options: CompileOptions = {},
): Promise<Painter> {
  const { model, description, masses, seed, labels, exclusive = false } = drawing
  const { guidance = description.guidance ?? 1 } = drawing
  const walk = processOf(drawing.process ?? description.process)
  const batch = description.tile
  const untold = drawing.surroundings ? [surroundings(drawing.surroundings)] : []
  const named = labels?.some(label => label !== undefined) ? [classes(image => labels[image])] : []
  demandTaken(description.task, [...named, ...untold])
  const program = await runtime.compile(model, options)
  const ratesOf = (conditions: typeof untold) =>
    rateFunction(program, description, { conditions, rate: drawing.process && walk.rate })
  const told = ratesOf([...named, ...untold])
  const rate = guided(guidance, told, named.length > 0 ? ratesOf(untold) : even(walk.jumps))
  const settled = settler(description, told)
  const stop = new AbortController()
  let work: Promise<unknown> = Promise.resolve()
  let ending: Promise<void> | undefined
  async function close(): Promise<void> {
    stop.abort()
    await work
    await program.release()
  }
  return {
    async paint(tile, onProgress) {
      const first = tile * batch
      const asked = masses.slice(first, first + batch)
      const size = walk.channels * walk.sites
      const { film, onStep } = witness(drawing.frames ?? [], { first, images: asked.length, size })
      const painting = sample({
        process: walk,
        solver: solver(drawing.solver),
        rate,
        masses: asked,
        seed,
        first,
        batch,
        signal: stop.signal,
        onProgress,
        onStep,
      })
      work = painting.catch(() => {})
      const { counts } = await painting
      return { counts, moves: exclusive ? await settled(counts, first) : [], seen: film }
    },
    fingerprint: () => fingerprint(rateFunction(program, description), description, runtime),
    end: () => {
      ending ??= close()
      return ending
    },
  }
}

/**
 * How samples are settled: led by where the network thinks at τ = 0.1 that units came from. Of 16 crops of Berea sandstone
 * that had walked for τ = 0.5 and were walked back by a half-trained network, 3.0 % of the voxels were wrong and the surface
 * was 16 % too large with τ = 0.019, a weight and an inertia of 1; 2.9 % and 10 % with these.
 */
const settling = { tau: 0.1, weight: 2, inertia: 0.5 } as const

/** Settles images in place. */
function settler({ process, task, tile }: ModelDescription, rate: RateFunction) {
  const { lengths, boundaries } = process as SpatialDescription
  const grid = lattice(lengths, boundaries)
  const { tau } = settling
  const time = (2 * tau) / task.motion
  const [channels, size] = [task.shape[0], task.shape[0] * grid.size]
  const of = { lattice: grid, channels, ...settling }
  return async (counts: Int32Array, first: number): Promise<Moves[]> => {
    const whole = new Int32Array(tile * size)
    whole.set(counts)
    const ratios = await rate(whole, new Float64Array(tile).fill(time), first)
    return Array.from({ length: counts.length / size }, (_, i) => {
      const own = counts.subarray(i * size, (i + 1) * size)
      const told = ratios.subarray(i * size * task.jumps, (i + 1) * size * task.jumps)
      const occupancy = occupancyOf(own, told, of)
      const { labels, ...moves } = settle(own, { ...of, occupancy })
      for (let at = 0; at < size; at++)
        own[at] = labels[at % grid.size] === 1 + Math.floor(at / grid.size) ? 1 : 0
      return moves
    })
  }
}
