// Ancestral sampling: between two calls the process is undone as if the origin that was told were the truth.
import { demand } from '../base/errors.ts'
import type { JumpProcess } from '../process/process.ts'
import { type GridOptions, grid } from './grid.ts'
import type { Image, Solver } from './solver.ts'

export interface AncestralOptions extends GridOptions {
  /** See `ReverseStep.noise`; default 1. */
  readonly noise?: number
  /** Whether the last step takes the clean state that the origin tells best, default true, or draws one. */
  readonly settle?: boolean
}

/**
 * One `undo` of the process per call. Units move independently of each other given the origin, so a step keeps the mean of
 * the exact one, which is a mixture over possible clean images, and loses the variance between these: the shorter the
 * steps the less.
 */
export function ancestral(options: AncestralOptions = {}): Solver {
  const { noise = 1, settle = true } = options
  const times = grid(options)
  demand(noise >= 0 && noise <= 8, 'build the ancestral solver', 'the noise', 'in [0, 8]', noise)
  return {
    description: { kind: 'ancestral', ...times.description, noise, settle },
    calls: times.calls,
    start: () => 1,
    time: times.time,
    advance(process, image, origin) {
      const to = times.time(process, image.step + 1)
      step(process, image, origin, { to, noise, settle })
      return to
    },
  }
}

/** One step of an image to the time `to`. */
export function step(
  process: JumpProcess,
  { counts, time, random }: Image,
  origin: ArrayLike<number>,
  { to, noise, settle }: { to: number; noise: number; settle: boolean },
): void {
  if (to === 0 && settle && process.settle) process.settle(counts, origin)
  else process.undo(counts, origin, { from: time, to, random, noise })
}
