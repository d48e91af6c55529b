// A schedule computed from data: a table of (u, t) placed so that a measured similarity falls evenly.

import { demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { exp, log } from '../base/numeric.ts'
import { type Schedule, scheduleOf } from './schedule.ts'
import { spline } from './spline.ts'

/** ln t is a smooth increasing curve (`spline`) through the knots: u from 0 to 1, t from above 0 to 1, both rising. */
export function designed(options: { u: readonly number[]; t: readonly number[] }): Schedule {
  demandGiven('build the designed schedule', { options }, { options: { u: 'list', t: 'list' } })
  const { u, t } = options
  const what = 'build the designed schedule'
  for (const [name, list] of Object.entries({ u, t }))
    demand(Array.isArray(list) && list.every(Number.isFinite), what, name, 'a list of finite numbers', list)
  const sizes = [u.length, t.length]
  demand(sizes[0] >= 2 && sizes[0] === sizes[1], what, 'u and t', 'lists of equal length >= 2', sizes)
  demand(u[0] === 0 && u[u.length - 1] === 1, what, 'u', 'a list from 0 to 1', u)
  demand(t[0] > 0 && t[t.length - 1] === 1, what, 't', 'a list from above 0 to 1', t)
  for (let i = 1; i < u.length; i++) {
    demand(u[i] > u[i - 1], what, `u[${i}]`, `above u[${i - 1}] = ${u[i - 1]}`, u[i])
    demand(t[i] > t[i - 1], what, `t[${i}]`, `above t[${i - 1}] = ${t[i - 1]}`, t[i])
  }
  const curve = spline(u, t.map(log))
  return scheduleOf(
    { kind: 'designed', u: [...u], t: [...t] },
    {
      height: at => exp(curve.height(at)),
      derivative: at => exp(curve.height(at)) * curve.derivative(at),
      inverse: height => curve.inverse(log(height)),
    },
  )
}

/** What was measured: the similarity of noisy and clean images at each of the times. */
export interface MeasuredFall {
  /** Increasing, from above 0 to 1; even in the logarithm is best. */
  readonly times: readonly number[]
  /** Falling, apart from the noise of the measurement; any scale (SSIM: from near 1 to near 0). */
  readonly similarity: readonly number[]
  /** The share of the coordinate, in (0, 1), given to ln t, so that it rises where the similarity is flat. */
  readonly share?: number
}

/**
 * The schedule on which the similarity falls evenly in u: the aim for which DSD's eq. (2) was tuned by hand.
 *
 *     u = (1 - share) (S(t_0) - S(t)) / (S(t_0) - S(1)) + share ln(t / t_0) / ln(1 / t_0)
 *
 * Noise that makes S rise is first taken out by the closest non-increasing curve.
 */
export function design(options: MeasuredFall): Schedule {
  demandGiven('design the schedule', { options }, { options: { times: 'list', similarity: 'list' } })
  const { times, similarity, share = 0.05 } = options
  const what = 'design a schedule'
  demand(share > 0 && share < 1, what, 'the share', 'between 0 and 1, exclusive', share)
  const sizes = [times.length, similarity.length]
  demand(
    sizes[0] >= 2 && sizes[0] === sizes[1],
    what,
    'times and similarity',
    'lists of equal length >= 2',
    sizes,
  )
  demand(times[0] > 0, what, 'the first time', '> 0', times[0])
  demand(similarity.every(Number.isFinite), what, 'the similarity', 'a list of finite numbers', similarity)
  const falling = nonIncreasing(similarity)
  const last = times.length - 1
  const fall = falling[0] - falling[last]
  demand(fall > 0, what, 'the similarity', 'falling with time', similarity)
  const depth = -log(times[0])
  const u = times.map((t, i) => {
    const even = (falling[0] - falling[i]) / fall
    return i === last ? 1 : (1 - share) * even + (share * (log(t) + depth)) / depth
  })
  return designed({ u, t: times })
}

/** The non-increasing sequence closest in least squares: neighbours out of order are pooled into their mean. */
function nonIncreasing(values: readonly number[]): number[] {
  const pools: { mean: number; count: number }[] = []
  for (const value of values) {
    let pool = { mean: value, count: 1 }
    for (let before = pools.at(-1); before && before.mean < pool.mean; before = pools.at(-1)) {
      pools.pop()
      const count = before.count + pool.count
      pool = { mean: (before.mean * before.count + pool.mean * pool.count) / count, count }
    }
    pools.push(pool)
  }
  return pools.flatMap(({ mean, count }) => Array<number>(count).fill(mean))
}
