// What a jump process owes to everything above it: its corruption, its limit, and the way back given the origin.
import type { Random } from '../base/random.ts'
import type { Link } from './link/link.ts'

/** Plain, serialisable: enough to rebuild the process. */
export interface ProcessDescription {
  readonly kind: string
}

/** Where `corrupt` writes, and what it draws from. */
export interface Corruption {
  readonly random: Random
  /** n_t, [C, ...sites]. */
  readonly noisy: Int32Array
  /** n_1, [C, ...sites], of processes whose other end is known as well; others have nothing to do with it. */
  readonly end?: Int32Array
}

/** Where and how `rates` are told. */
export interface RateOptions {
  /** The time of the counts, in (0, 1]. */
  readonly time: number
  /** [C, J, ...sites] */
  readonly out: Float64Array
  /** See `ReverseStep.noise`. */
  readonly noise?: number
}

/** One step back, from time `from` to `to`, 0 <= to < from <= 1. */
export interface ReverseStep {
  readonly from: number
  readonly to: number
  readonly random: Random
  /**
   * eta >= 0, default 1: how much of the forward process is undone and done again on the way, where a process can do with
   * more or less of it under the same law; by detailed balance the rates max(0, λ - ρ) + eta min(λ, ρ), with ρ that of
   * the same jump forward, keep the law of every time whatever eta is. 1 is the reversed process, 0 its net flow.
   */
  readonly noise?: number
}

/** How a clean state is drawn at the end. */
export interface SettleDraw {
  /** The time of the counts. */
  readonly time: number
  readonly random: Random
  /** tau over which the noise of the draw has walked, for labels: default that of the counts. Fine grain is small. */
  readonly grain?: number
}

/** A weight of the loss through time that has been proposed for a process, at a step between two times. */
export type LossWeight = (step: { readonly from: number; readonly to: number }) => number

/**
 * A continuous-time Markov jump process on counts.
 *
 * The state of one image is an Int32Array [C, ...sites]: how many units of each channel stand at each site. Time runs
 * from 0 (data) to 1 (the limit law). A process is a value: it holds its scratch arrays, so one process serves one
 * caller at a time, and nothing of an earlier call shows in a later one.
 *
 * All that has to be learned is the *origin*: what is expected of the clean state given the noisy one, [C, K, ...sites]
 * with K numbers a site, `link.width` (its count, for most processes). From an origin the process itself tells its reverse
 * rates, and undoes any length of time. Origins need not be normalised: the process makes of them what its invariant asks.
 */
export interface JumpProcess {
  readonly description: ProcessDescription
  /** C, the number of channels. */
  readonly channels: number
  /** Sites of one channel. */
  readonly sites: number
  /** [C, ...lattice shape]. */
  readonly shape: readonly number[]
  /** Forward jumps of one unit per unit of time: tau = rate * time. */
  readonly rate: number
  /** How many masses a state has: the length of `invariant`, and of what `limit` takes. */
  readonly conserved: number
  /** J, the number of reverse jumps at a site: 2d for the walk on d axes, 1 for death. */
  readonly jumps: number
  /** How the output of a network becomes an origin, and the loss whose minimiser is that origin. */
  readonly link: Link
  /** Mean squared displacement of a unit along an axis per unit of time: 2 rate for a walk, 0 where units do not walk. */
  readonly motion: number
  /**
   * Where the jumps of units that walk lead, of a channel, [J, sites]: the site reached, or -1 where that jump does not happen.
   * Left out where units stay.
   */
  readonly reached?: (channel: number) => Int32Array
  /** How fast forward each of these jumps is at a time, over the rate, of a channel, [J, sites]; left out: 1. */
  readonly pace?: (channel: number, time: number) => Float64Array

  /** Draws n_t given n_0 = `clean` [C, ...sites], exactly, at `time` in [0, 1]. `noisy` must not be `clean`. */
  corrupt(clean: Int32Array, time: number, draw: Corruption): void

  /**
   * The same process with another end, of which one image [C, ...sites] of numbers >= 0 tells: where every image becomes one of its
   * own, such as what was seen of it. Left out where all end alike.
   */
  towards?(end: ArrayLike<number>): JumpProcess

  /** Draws `out` [C, ...sites] from the limit law with the given masses [conserved]. */
  limit(masses: ArrayLike<number>, draw: { random: Random; out: Int32Array }): void

  /**
   * Writes the reverse rates / rate of all jumps, [C, J, ...sites], for all units of a site together: 0 where a jump cannot
   * happen.
   */
  rates(counts: Int32Array, origin: ArrayLike<number>, options: RateOptions): void

  /** The largest rate / rate at which one unit jumps, or at which such a rate itself may change, given `rates`. */
  fastest(counts: Int32Array, rates: Float64Array, time: number): number

  /**
   * Takes each unit through at most one jump, with probabilities rates * span, span = rate * (from - to) (DSD alg. 2).
   * Where those of a unit sum to more than 1 they are scaled to 1. Counts change in place; here and below the masses stay
   * exact and counts >= 0 whatever the rates >= 0 and the origin.
   */
  hop(counts: Int32Array, rates: Float64Array, step: { readonly span: number; readonly random: Random }): void

  /** Draws n_to given n_from = `counts`, in place, as the process conditioned on its origin does it, at any length of step. */
  undo(counts: Int32Array, origin: ArrayLike<number>, step: ReverseStep): void

  /**
   * Takes counts to the clean state that the origin tells best, in place: whole numbers nearest to it, or the most probable
   * labels, with the masses kept. With the time of the counts and random numbers a process may draw the clean state instead,
   * where that is more like the data (labels). Without it the last step is `undo` to time 0.
   */
  settle?(counts: Int32Array, origin: ArrayLike<number>, by?: SettleDraw): void

  /**
   * For processes that conserve no mass and yet can be told one: the origin changed so that the clean image has the masses
   * [C], integers from 0 to `capacity`. Done before every step, `undo` keeps below them, and the last step meets them exactly.
   */
  weigh?(counts: Int32Array, origin: ArrayLike<number>, masses: ArrayLike<number>): Float64Array

  /** The largest mass of a channel, where a site has no room for more than so many units. */
  readonly capacity?: number

  /**
   * Where masses are those of blocks: the side of a block, of which the masses go row by row, channel by channel. Such a process
   * undoes what sums over blocks lose, and its images begin from these sums alone.
   */
  readonly blocks?: number

  /** What every trajectory conserves, [conserved]: the masses of the channels for the walk, nothing for death. */
  invariant(counts: Int32Array): number[]

  /** Weights of the loss through time that have been proposed for this process, by name. */
  readonly weights?: Readonly<Record<string, LossWeight>>

  /**
   * Kullback-Leibler divergence of n_1 given n_0 = `clean` from the limit law of its masses, or a bound on it, in nats.
   * Where the limit is exact only at t = ∞ the limit here is n_1 of data without structure.
   */
  divergence?(clean: Int32Array): number
}
