/** Who computes the gradients of a step: one, or several that share its micro-batches. */
import { demandGiven } from '../base/given.ts'
import type { Program } from '../runtime/runtime.ts'
import type { Feeds } from './batches.ts'
import { addTo, newSum } from './exact-sum.ts'

/** The weights that a step begins with. */
export interface At {
  readonly step: number
  readonly parameters: Float32Array
}

/** The sums of the gradients of some micro-batches and, behind them, of their losses: see exact-sum.ts. */
export type Sums = Float64Array

/**
 * Ranks share a step: rank r of R takes the micro-batches m with m mod R = r. The sums over all are exact, so that
 * everything that follows is the same to the last bit for any R.
 */
export interface Ranks {
  /** This one, from 0. */
  readonly rank: number
  readonly size: number
  /** The sums over all ranks, given how this one comes to its own. */
  sum(at: At, own: (at: At) => Promise<Sums>): Promise<Sums>
  close(): Promise<unknown>
}

/** One that does it all. */
export const alone: Ranks = {
  rank: 0,
  size: 1,
  sum(at, own) {
    demandGiven('sum gradients', { own }, { own: 'function' })
    return own(at)
  },
  close: async () => {},
}

export interface PieceOptions {
  /** The gradients of one micro-batch: see `gradientStep()`. */
  readonly gradients: Program
  /** The batch of a micro-batch, numbered through all steps. */
  next(piece: number): Promise<Feeds>
  /** Micro-batches of a step, of all ranks together. */
  readonly pieces: number
  readonly rank: number
  readonly size: number
}

/** How a rank comes to its own sums. */
export function pieceSums({ gradients, next, pieces, rank, size }: PieceOptions): (at: At) => Promise<Sums> {
  return async ({ step, parameters }) => {
    const sums = newSum(parameters.length + 1)
    for (let piece = rank; piece < pieces; piece += size) {
      const weights = { shape: [parameters.length], data: parameters }
      const { gradient, loss } = await gradients.run({
        ...(await next(step * pieces + piece)),
        parameters: weights,
      })
      addTo(sums, gradient.data as Float32Array)
      addTo(sums, loss.data as Float32Array, parameters.length)
    }
    return sums
  }
}
