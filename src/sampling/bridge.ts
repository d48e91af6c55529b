// Ancestral sampling: bridges towards the expected origin while it is far, leaps once it is near.
import { demand } from '../base/errors.ts'
import type { Schedule } from '../schedule/schedule.ts'
import { grid } from './grid.ts'
import type { Solver } from './solver.ts'

export interface BridgeOptions {
  /** Rate calls per image, >= 1. */
  readonly calls?: number
  /** tau = rate * t of the last call; from there one step goes to 0. */
  readonly smallest?: number
  /** The calls are even in tau^bend; 0: in log tau. */
  readonly bend?: number
  /** With a schedule the calls are even in its coordinate instead. */
  readonly schedule?: Schedule
  /**
   * tau down to which steps are bridges, where units move; Infinity: leaps at frozen rates from the start, by any
   * process.
   */
  readonly until?: number
  /** Part of the posterior variance of origins that a bridge adds, in [0, 1]. */
  readonly spread?: number
}

/**
 * Ours: the lattice counterpart of the ancestral steps of Gaussian diffusion, one move per rate call. By Tweedie's
 * formula on the lattice a unit comes from tau (ratio+ - ratio-) sites away, so a bridge from there is a step of mean
 * (1 - s/t) of that and variance 2 r s (t - s) / t. It is right while sqrt(tau) exceeds a site. Units that do not move have
 * no way to go: their bridges are right at any tau (Blackout, the binomial bridge).
 */
export function bridge(options: BridgeOptions = {}): Solver {
  const { calls = 64, smallest = 0.02, bend = 0.3, until = 0.3, spread = 0, schedule } = options
  const times = grid({ calls, smallest, bend, schedule })
  const what = 'build the bridge solver'
  demand(until > 0, what, 'the tau where bridges end', '> 0', until)
  demand(spread >= 0 && spread <= 1, what, 'the spread', 'in [0, 1]', spread)
  return {
    description: {
      kind: 'bridge',
      calls,
      smallest,
      bend,
      until,
      spread,
      ...(schedule && { schedule: schedule.description }),
    },
    calls,
    start: () => 1,
    advance(process, { counts, time, step, random }, ratios) {
      const to = times.time(process, step + 1)
      const far = process.motion === 0 ? until < Infinity : process.rate * time > until
      if (far) process.bridge(counts, ratios, { from: time, to, random, spread })
      else process.leap(counts, ratios, { from: time, to, random })
      return to
    },
  }
}
