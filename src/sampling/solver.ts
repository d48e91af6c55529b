// What a sampler is made of: the rates it is given, the image it moves, and the solver that moves it.
import type { Random } from '../base/random.ts'
import type { JumpProcess } from '../process/process.ts'

/**
 * Reverse ratios, [N, C, J, ...sites], given counts [N, C, ...sites] at times [N]: jump j at site x has the rate
 * `process.rate * capacity * ratio`, where the capacity, what the process says, is the number of units of a walk, so that
 * one of them makes it at the rate `process.rate * ratio`. Finite and >= 0. A network behind this is one rate function among many;
 * `mixtureRates` is another. The array returned may be overwritten by the next call. `first` is the number of the image
 * in the first place of the tile, for rates that depend on which image it is (its class, say).
 */
export type RateFunction = (
  counts: Int32Array,
  times: Float64Array,
  first?: number,
) => Float32Array | Promise<Float32Array>

/** One image on its way from the limit law to the data. */
export interface Image {
  /** [C, ...sites], moved in place. */
  readonly counts: Int32Array
  /** In (0, 1]; 0 once it is done. */
  time: number
  /** Rate calls made for this image so far. */
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
 * for the rate function, so the law of an image never depends on who shares its tile.
 */
export interface Solver {
  readonly description: SolverDescription
  /** Rate calls per image, where that is known beforehand. */
  readonly calls?: number
  /** The time of the first rate call, in (0, 1]. */
  start(process: JumpProcess): number
  /**
   * Moves `image.counts` given the ratios [C, J, ...sites] at (image.counts, image.time), which it must not keep or
   * change, and returns the time at which it needs rates next: below image.time, and 0 when the image is done.
   */
  advance(process: JumpProcess, image: Image, ratios: Float32Array): number
}
