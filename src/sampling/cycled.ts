// Cycles: part of the way back is gone again and again, walking forward between, so that what is known spreads.
import { demand } from '../base/errors.ts'
import type { JumpProcess } from '../process/process.ts'
import type { Image, Solver } from './solver.ts'

export interface CyclesOptions {
  /** How often the part is gone once more, >= 1. */
  readonly cycles: number
  /** Its end and its beginning, 0 <= end < beginning < 1, as shares of the calls that are still to come: 0.5, 0.7. */
  readonly between: readonly [end: number, beginning: number]
}

/** Where an image is in the cycles. */
interface Round {
  readonly inner: Image
  readonly times: number[]
  cycle: number
}

/**
 * Another solver, of known calls, with cycles: having come to the call at the end of the part the image walks forward, exactly and
 * without a call, to the time of the call at its beginning, and comes back (*Cyclic One-Way Diffusion*, arXiv 2306.08247). Known
 * counts keep their origins all the while. It takes cycles × (calls of the part) more calls.
 */
export function cycled(of: Solver, { cycles, between }: CyclesOptions): Solver {
  const what = 'build the cycles'
  const [end, beginning] = between
  const { calls = 0 } = of
  demand(calls >= 2, what, 'the calls of the solver', 'known, and at least 2', of.calls)
  demand(Number.isSafeInteger(cycles) && cycles >= 1, what, 'the cycles', 'an integer >= 1', cycles)
  demand(end >= 0 && end < beginning && beginning < 1, what, 'the part', '0 <= end < beginning < 1', between)
  const [first, last] = [calls - Math.round(beginning * calls), calls - Math.round(end * calls)]
  demand(first < last && last < calls, what, 'the part', `of calls before the last of ${calls}`, between)
  return {
    description: { kind: 'cycled', of: of.description, cycles, between: [...between] },
    calls: calls + cycles * (last - first),
    returns: true,
    start: process => of.start(process),
    advance(process, image, origin) {
      const round = (image.memory ?? { inner: { ...image, memory: undefined }, times: [], cycle: 0 }) as Round
      image.memory = round
      const { inner, times } = round
      inner.time = image.time
      times[inner.step] = image.time
      const to = of.advance(process, inner, origin)
      inner.step++
      if (inner.step !== last || round.cycle === cycles) return to
      round.cycle++
      forward(process, image, times[first] - to)
      inner.step = first
      inner.memory = undefined
      return times[first]
    },
  }
}

/** Lets an image walk forward over a time, in place. */
export function forward(process: JumpProcess, { counts, random }: Image, span: number): void {
  process.corrupt(counts.slice(), Math.min(1, span), { random, noisy: counts })
}
