// What a jump process owes to everything above it: its corruption, its target, its limit and its reverse steps.
import type { Random } from '../base/random.ts'

/** Plain, serialisable: enough to rebuild the process. */
export interface ProcessDescription {
  readonly kind: string
}

/** Where `corrupt` writes, and what it draws from. */
export interface Corruption {
  readonly random: Random
  /** n_t, [C, ...sites]. */
  readonly noisy: Int32Array
  /** R / rate, [C, J, ...sites], finite and >= 0. */
  readonly target: Float32Array
}

/** One reverse step, from time `from` back to `to`, 0 <= to < from <= 1. */
export interface ReverseStep {
  readonly from: number
  readonly to: number
  readonly random: Random
}

/** A bridge also says how much of what the ratios leave open about a unit's origin it adds. */
export interface BridgeStep extends ReverseStep {
  /**
   * In [0, 1], default 0; for units that move. The ratios tell the mean of a unit's origin; the origin itself is
   * spread around it. 0 walks to the mean as if it were the origin, 1 adds the whole of `motion * from` as the variance
   * of the origin, which leaves the variance `motion * (from - to)` of a free walk.
   */
  readonly spread?: number
}

/** The weight in the loss of one reverse step; that of the path likelihood is `rate * (from - to)`. */
export type LossWeight = (step: { readonly from: number; readonly to: number }) => number

/**
 * A continuous-time Markov jump process on counts.
 *
 * The state of one image is an Int32Array [C, ...sites]: how many units of each channel stand at each site. Time runs
 * from 0 (data) to 1 (the limit law). A process is a value: it holds its scratch arrays, so one process serves one
 * caller at a time, and nothing of an earlier call shows in a later one.
 *
 * There are J reverse jumps for each channel and site. What one of them does is the process's own business: to the walk
 * a hop to a neighbour, to pure death the birth of a unit, to a chain the change to another state. The rate of each is
 *
 *     rate * capacity * ratio,
 *
 * where `capacity` is what it would be if the data had no structure, which the process knows, and the ratio,
 * [C, J, ...sites], is what the structure of the data makes of that, which a network learns: about 1 where there is
 * nothing to be seen. `target` is a draw whose mean given n_t is `capacity * ratio`. To the walk `capacity` is the number
 * of units that may hop, so that its ratios are rates per unit.
 */
export interface JumpProcess {
  readonly description: ProcessDescription
  /** C, the number of channels. */
  readonly channels: number
  /** Sites of one channel. */
  readonly sites: number
  /** [C, ...lattice shape]. */
  readonly shape: readonly number[]
  /** J, the number of reverse jumps at a site: 2d for the walk on d axes, 1 for death. */
  readonly jumps: number
  /** Forward jumps of one unit per unit of time: r per direction for the walk, deaths for death. */
  readonly rate: number
  /** Mean squared displacement of a unit per axis and unit of time: 2r for the walk, 0 where units do not move. */
  readonly motion: number
  /** How many masses a state has: the length of `invariant`, and of what `limit` takes. */
  readonly conserved: number

  /**
   * Draws n_t given n_0 = `clean` [C, ...sites] exactly, at `time` in [0, 1], and the target R / rate, whose
   * conditional mean given n_t is the reverse rate / rate. `noisy` must not be `clean`.
   */
  corrupt(clean: Int32Array, time: number, draw: Corruption): void

  /** Draws `out` [C, ...sites] from the limit law with the given masses [conserved]. */
  limit(masses: ArrayLike<number>, draw: { random: Random; out: Int32Array }): void

  /**
   * Reverse rates / rate of data without structure, [C, J, ...sites], 0 where a jump cannot happen: n_x for the walk.
   * Processes that such data do not leave as they are need the time, in (0, 1].
   */
  capacity(counts: Int32Array, out: Float32Array, time?: number): void

  /**
   * Takes each unit through at most one jump, with the probability of its rate * (from - to) (DSD alg. 2). Where these
   * sum to more than 1 they are scaled to sum to 1, so the step is a likelihood step only while `fastest * dt <= 1`.
   * Here and below: counts change in place; the conserved masses stay exact and counts stay >= 0 for any ratios >= 0.
   *
   * @throws RangeError for a ratio that is negative or not finite.
   */
  hop(counts: Int32Array, ratios: Float32Array, step: ReverseStep): void

  /** Takes each unit through as many jumps as fall into the step, at rates frozen to those of its present site. */
  leap(counts: Int32Array, ratios: Float32Array, step: ReverseStep): void

  /** The ancestral step: a bridge from where each unit stands towards where the ratios say it came from. */
  bridge(counts: Int32Array, ratios: Float32Array, step: BridgeStep): void

  /** Largest rate at which one unit jumps: max over channels and occupied sites of rate * Σ_j ratio for the walk. */
  fastest(counts: Int32Array, ratios: Float32Array, time?: number): number

  /** What every trajectory conserves, [conserved]: the masses of the channels for the walk, nothing for death. */
  invariant(counts: Int32Array): number[]

  /** How many units an image holds, by which its loss is divided; without it the sum of its counts. */
  units?(clean: Int32Array): number

  /** Weights of the loss that have been proposed for this process beside the path likelihood's, by name. */
  readonly weights?: Readonly<Record<string, LossWeight>>

  /**
   * Kullback-Leibler divergence of n_1 given n_0 = `clean` from the limit law of its masses, or a bound on it, in nats.
   * Where the limit is exact only at t = ∞ the limit here is n_1 of data without structure.
   */
  divergence?(clean: Int32Array): number
}
