// What a sampler is made of: the origin it is told, the image it moves, and the solver that moves it.
import type { Random } from '../base/random.ts'
import type { JumpProcess } from '../process/process.ts'

/**
 * The origin, [N, C, K, ...sites]: what is expected of the clean state of counts [N, C, ...sites] at times [N], with K numbers
 * a site (`process.link.width`). A network behind this is one origin function among many; `mixture` is another. The array
 * returned may be overwritten by the next call. `first` is the number of the image in the first place of the tile, for
 * functions that depend on which image it is (its class, say).
 */
export type OriginFunction = (
  counts: Int32Array,
  times: Float64Array,
  first?: number,
) => Float32Array | Promise<Float32Array>

/** One image on its way from the limit law to the data. */
export interface Image {
  /** Its number. */
  readonly number: number
  /** [C], told to a process that conserves none: see `JumpProcess.weigh`. */
  readonly masses?: ArrayLike<number>
  /** [C, ...sites], moved in place. */
  readonly counts: Int32Array
  /** In (0, 1]; 0 once it is done. */
  time: number
  /** Calls made for this image so far. */
  step: number
  /** Its own stream: nothing that happens to its neighbours in a tile can show in it. */
  readonly random: Random
  /** What the solver carries from one call to the next: undefined at first, and nobody else's. */
  memory?: unknown
}

/** Enough to rebuild the solver: plain and serialisable, as it stands beside the samples. */
export interface SolverDescription {
  readonly kind: string
  readonly [option: string]: unknown
}

/**
 * One way from the limit law to the data. It moves one image at a time, and the driver alone gathers images into tiles
 * for the origin function, so the law of an image never depends on who shares its tile.
 */
export interface Solver {
  readonly description: SolverDescription
  /** Calls per image, where that is known beforehand. */
  readonly calls?: number
  /** Whether a process that conserves no mass is told one in every step (`JumpProcess.weigh`); left out: no. */
  readonly weighs?: boolean
  /** The time of the first call, in (0, 1]. */
  start(process: JumpProcess): number
  /** The time of a call, from 0, where times are known beforehand. */
  time?(process: JumpProcess, call: number): number
  /** Whether images walk forward again on the way: then times may rise as well. */
  readonly returns?: boolean
  /** Takes a clean image, in place, to where its first call is, and returns the time there: for solvers that go on from images. */
  resume?(process: JumpProcess, image: Image): number
  /**
   * Moves `image.counts` given the origin [C, K, ...sites] at (image.counts, image.time), which it must not keep or
   * change, and returns the time at which it needs one next: below image.time (but see `returns`), and 0 when the image is done.
   */
  advance(process: JumpProcess, image: Image, origin: Float32Array): number
}
