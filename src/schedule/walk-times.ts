// The times that a network for a walk learns from: most of them where images take shape.

import { demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { log } from '../base/numeric.ts'
import { designed } from './designed.ts'
import type { Schedule } from './schedule.ts'

/** The least tau that is learned. */
const LEAST = 0.01

/** The share of the times that lie between the two tau. */
const SHARE = 0.6

export interface WalkTimes {
  /** Most times lie between these tau; default: 1 and 0.42 of the rate. */
  readonly most?: readonly [] | readonly [number, number]
}

/** Six times of ten even in log tau between two values, the others even in log tau from 0.01 to the rate (tau at t = 1). */
export function walkTimes(rate: number, options: WalkTimes = {}): Schedule {
  demandGiven('find the times of the walk', { rate, options }, { rate: 'number', options: 'object' })
  const { most = [] } = options
  const [low = Math.min(1, 0.1 * rate), high = 0.42 * rate] = most
  const what = 'place the times of a walk'
  demand(rate > 4 * LEAST, what, 'the rate', `above ${4 * LEAST}`, rate)
  const first = Math.max(low, 1.01 * LEAST)
  const last = Math.min(high, 0.99 * rate)
  demand(first < last, what, 'the two tau', `rising, within ${LEAST} and ${rate}`, most)
  const knots = [LEAST, first, last, rate]
  const all = log(rate / LEAST)
  const u = knots.map(tau => {
    const within = log(Math.min(last, Math.max(first, tau)) / first) / log(last / first)
    return ((1 - SHARE) * log(tau / LEAST)) / all + SHARE * within
  })
  return designed({ u: [0, u[1], u[2], 1], t: [...knots.slice(0, 3).map(tau => tau / rate), 1] })
}
