// What all processes have in common in which no unit moves: every site stands for itself, and nothing is conserved.

import { cannot, demand } from '../base/errors.ts'
import { demandGiven, demandKind } from '../base/given.ts'
import { demandDraw, demandLength, demandOptions, demandPlace } from './given.ts'
import type { Corruption, JumpProcess, RateOptions, ReverseStep } from './process.ts'
import { duration } from './steps.ts'

export interface StandingOptions {
  /** Of the lattice, whose sites are only counted. */
  readonly lengths: readonly number[]
  readonly channels: number
  readonly jumps: number
  readonly rate: number
  /** K, numbers of an origin per site. */
  readonly width: number
}

/** The members of a process that are the same for all of them, and the checks of what it is given. */
export interface Standing {
  readonly same: Pick<
    JumpProcess,
    'channels' | 'sites' | 'shape' | 'jumps' | 'rate' | 'motion' | 'conserved' | 'invariant'
  >
  corruption(clean: Int32Array, time: number, draw: Corruption): void
  limit(masses: ArrayLike<number>, out: Int32Array): void
  told(counts: Int32Array, origin: ArrayLike<number>, options: RateOptions): void
  hop(counts: Int32Array, rates: Float64Array): void
  step(counts: Int32Array, origin: ArrayLike<number>, step: ReverseStep): void
}

/**
 * The common part of a process, whose errors say that `what` cannot be.
 * @throws TypeError, RangeError for what cannot be a lattice, channels or a rate
 */
export function standing(what: string, options: StandingOptions): Standing {
  demandGiven('make a process', { what, options }, { what: 'text', options: 'object' })
  const { lengths, channels, jumps, rate, width } = options
  const isWhole = (n: number) => Number.isSafeInteger(n) && n >= 1
  demandKind(Array.isArray(lengths), what, 'the lengths', 'a list', lengths)
  const real = lengths.length > 0 && lengths.every(isWhole)
  demand(real, what, 'the lengths', 'integers >= 1, one at least', lengths)
  demand(isWhole(channels), what, 'the number of channels', 'an integer >= 1', channels)
  demand(rate > 0 && rate < Infinity, what, 'the rate', 'finite and > 0', rate)
  const sites = lengths.reduce((product, length) => product * length, 1)
  const size = channels * sites

  /** States are counts >= 0; how many there may be each process says itself. */
  function held(verb: string, counts: Int32Array): void {
    demandPlace(verb, 'counts', counts, size)
    for (let x = 0; x < size; x++)
      if (counts[x] < 0) throw new RangeError(cannot(verb, 'every count', '>= 0', counts[x]))
  }

  function check(verb: string, counts: Int32Array, origin: ArrayLike<number>): void {
    held(verb, counts)
    demandLength(verb, 'the origin', origin, size * width)
    for (let i = 0; i < origin.length; i++)
      if (!(origin[i] >= 0 && origin[i] < Infinity))
        throw new RangeError(cannot(verb, `number ${i} of the origin`, 'finite and >= 0', origin[i]))
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
        demandLength('tell the masses', 'counts', counts, size)
        return []
      },
    },

    corruption(clean, time, draw) {
      demandDraw('corrupt', draw)
      const { noisy } = draw
      demand(time >= 0 && time <= 1, 'corrupt', 'time', 'in [0, 1]', time)
      demandLength('corrupt', 'clean', clean, size)
      demandPlace('corrupt', 'noisy', noisy, size)
      demand(clean !== noisy, 'corrupt', 'noisy', 'another array than clean', 'the same')
    },

    limit(masses, out) {
      demandLength('draw the limit', 'masses', masses, 0)
      demandPlace('draw the limit', 'out', out, size)
    },

    told(counts, origin, options) {
      demandOptions('tell the rates', options)
      const { time, out } = options
      check('tell the rates', counts, origin)
      demandLength('tell the rates', 'out', out, size * jumps)
      demand(time > 0 && time <= 1, 'tell the rates', 'the time', 'in (0, 1]', time)
    },

    hop(counts, rates) {
      held('hop', counts)
      demandLength('hop', 'rates', rates, size * jumps)
      for (let i = 0; i < rates.length; i++)
        if (!(rates[i] >= 0 && rates[i] < Infinity))
          throw new RangeError(cannot('hop', `rate ${i}`, 'a finite number >= 0', rates[i]))
    },

    step(counts, origin, step) {
      duration('undo', step)
      check('undo', counts, origin)
    },
  }
}
