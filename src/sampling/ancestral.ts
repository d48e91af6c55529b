// Ancestral sampling: between two calls the process is undone as if the origin that was told were the truth.

import { demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import type { JumpProcess } from '../process/process.ts'
import { type GridOptions, grid } from './grid.ts'
import type { Image, Solver } from './solver.ts'

export interface AncestralOptions extends GridOptions {
  /** See `ReverseStep.noise`; default 1. */
  readonly noise?: number
  /** Whether the last step is `JumpProcess.settle`, default true, or `undo`. */
  readonly settle?: boolean
  /** See `SettleDraw.grain`, > 0; left out: the process's own. */
  readonly grain?: number
}

/**
 * One `undo` of the process per call. Units move independently of each other given the origin, so a step keeps the mean of
 * the exact one, which is a mixture over possible clean images, and loses the variance between these: the shorter the
 * steps the less.
 */
export function ancestral(options: AncestralOptions = {}): Solver {
  demandGiven('build the ancestral solver', { options }, { options: 'object' })
  const { noise = 1, settle = true, grain } = options
  const times = grid(options)
  const what = 'build the ancestral solver'
  demand(noise >= 0 && noise <= 8, what, 'the noise', 'in [0, 8]', noise)
  demandGrain(what, grain)
  return {
    description: { kind: 'ancestral', ...times.description, noise, settle, ...(grain && { grain }) },
    calls: times.calls,
    weighs: true,
    start: () => 1,
    time: times.time,
    advance(process, image, origin) {
      const to = times.time(process, image.step + 1)
      step(process, image, origin, { to, noise, settle, grain })
      return to
    },
  }
}

/** Checks the grain of the last step. */
export const demandGrain = (what: string, grain: number | undefined): void =>
  demand(grain === undefined || (grain > 0 && grain < Infinity), what, 'the grain', 'a number > 0', grain)

/** One step of an image to the time `to`. */
export function step(
  process: JumpProcess,
  { counts, time, random, masses }: Image,
  origin: ArrayLike<number>,
  { to, noise, settle, grain }: { to: number; noise: number; settle: boolean; grain?: number },
): void {
  const told = (masses && process.weigh?.(counts, origin, masses)) ?? origin
  if (to === 0 && settle && process.settle) process.settle(counts, told, { time, random, grain })
  else process.undo(counts, told, { from: time, to, random, noise })
}
