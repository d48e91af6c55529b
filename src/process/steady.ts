// Processes of which only the reversed process itself is told, with all that is undone and done again on the way.
import { demand } from '../base/errors.ts'
import type { JumpProcess } from './process.ts'

/** The same, which refuses another noise than 1. */
export function steady<T extends Pick<JumpProcess, 'rates' | 'undo'>>(walk: T): T {
  const demandNoise = (verb: string, noise = 1) => demand(noise === 1, verb, 'the noise', '1 here', noise)
  return {
    ...walk,
    rates(counts, origin, options) {
      demandNoise('tell the rates', options?.noise)
      walk.rates(counts, origin, options)
    },
    undo(counts, origin, step) {
      demandNoise('undo', step?.noise)
      walk.undo(counts, origin, step)
    },
  }
}
