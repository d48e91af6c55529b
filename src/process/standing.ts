// What all processes have in common in which no unit moves: every site stands for itself, and nothing is conserved.
import { demand } from '../base/errors.ts'
import { checkRatios } from './hops.ts'
import type { Corruption, JumpProcess, ReverseStep } from './process.ts'
import { duration } from './reverse.ts'

export interface StandingOptions {
  /** Of the lattice, whose sites are only counted. */
  readonly lengths: readonly number[]
  readonly channels: number
  readonly jumps: number
  readonly rate: number
}

/** The members of a process that are the same for all of them, and the checks of what it is given. */
export interface Standing {
  readonly same: Pick<
    JumpProcess,
    'channels' | 'sites' | 'shape' | 'jumps' | 'rate' | 'motion' | 'conserved' | 'invariant'
  >
  corruption(clean: Int32Array, time: number, draw: Corruption): void
  limit(masses: ArrayLike<number>, out: Int32Array): void
  capacity(counts: Int32Array, out: Float32Array, time: number | undefined): asserts time is number
  fastest(counts: Int32Array, ratios: Float32Array, time: number | undefined): asserts time is number
  step(verb: string, counts: Int32Array, ratios: Float32Array, step: ReverseStep): void
}

/** The common part of a process; throws RangeError for what cannot be a lattice, channels or a rate. */
export function standing(what: string, { lengths, channels, jumps, rate }: StandingOptions): Standing {
  const isWhole = (n: number) => Number.isSafeInteger(n) && n >= 1
  const real = lengths.length > 0 && lengths.every(isWhole)
  demand(real, what, 'the lengths', 'integers >= 1, one at least', lengths)
  demand(isWhole(channels), what, 'the number of channels', 'an integer >= 1', channels)
  demand(rate > 0 && rate < Infinity, what, 'the rate', 'finite and > 0', rate)
  const sites = lengths.reduce((product, length) => product * length, 1)
  const size = channels * sites

  function lengthOf(verb: string, thing: string, array: ArrayLike<number>, wanted: number): void {
    demand(array.length === wanted, verb, `the length of ${thing}`, String(wanted), array.length)
  }

  return {
    same: {
      channels,
      sites,
      shape: [channels, ...lengths],
      jumps,
      rate,
      motion: 0,
      conserved: 0,
      invariant(counts) {
        lengthOf('tell the masses', 'counts', counts, size)
        return []
      },
    },

    corruption(clean, time, { noisy, target }) {
      demand(time >= 0 && time <= 1, 'corrupt', 'time', 'in [0, 1]', time)
      lengthOf('corrupt', 'clean', clean, size)
      lengthOf('corrupt', 'noisy', noisy, size)
      lengthOf('corrupt', 'target', target, size * jumps)
      demand(clean !== noisy, 'corrupt', 'noisy', 'another array than clean', 'the same')
    },

    limit(masses, out) {
      lengthOf('draw the limit', 'masses', masses, 0)
      lengthOf('draw the limit', 'out', out, size)
    },

    capacity(counts, out, time) {
      lengthOf('tell the capacity', 'counts', counts, size)
      lengthOf('tell the capacity', 'out', out, size * jumps)
      demand(time !== undefined && time > 0 && time <= 1, 'tell the capacity', 'the time', 'in (0, 1]', time)
    },

    fastest(counts, ratios, time) {
      const verb = 'find the fastest unit'
      lengthOf(verb, 'counts', counts, size)
      lengthOf(verb, 'ratios', ratios, size * jumps)
      demand(time !== undefined && time > 0 && time <= 1, verb, 'the time', 'in (0, 1]', time)
    },

    step(verb, counts, ratios, step) {
      duration(verb, step)
      lengthOf(verb, 'counts', counts, size)
      lengthOf(verb, 'ratios', ratios, size * jumps)
      checkRatios(verb, ratios)
    },
  }
}
