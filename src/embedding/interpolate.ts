/** A time point that was held out, from those before and after it: partners are matched by a cost, each pair meets halfway. */

import { demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { below, type Random } from '../base/random.ts'
import type { Points } from './points.ts'
import { matching, wasserstein } from './transport.ts'

export interface InterpolateOptions {
  /** Points before and after, by number. */
  readonly before: readonly number[]
  readonly after: readonly number[]
  readonly heldOut: readonly number[]
  /** [count, count], what matched pairs should have little of: squared distances of any kind. */
  readonly cost: Float64Array
  readonly random: Random
  /** Points of each time that are taken; default: those of the smallest of the three. */
  readonly size?: number
}

/** W₁ in the space of the points between the held-out ones and the middles of pairs that were matched. */
export function interpolationError(points: Points, options: InterpolateOptions): number {
  demandGiven(
    'interpolate',
    { points, options },
    {
      points: { data: 'list', dimensions: 'number' },
      options: { before: 'list', after: 'list', heldOut: 'list', cost: 'floats', random: 'stream' },
    },
  )
  const { before, after, heldOut, cost, random } = options
  const size = options.size ?? Math.min(before.length, after.length, heldOut.length)
  demand(size >= 1, 'interpolate', 'the number of points of each time', 'at least 1', size)
  const [a, b, c] = [before, after, heldOut].map(list => chosen(list, size, random))
  const table = Float64Array.from({ length: size * size }, (_, at) => {
    return cost[a[Math.floor(at / size)] * points.count + b[at % size]]
  })
  const partner = matching(table)
  const d = points.dimensions
  const middle = Float64Array.from({ length: size * d }, (_, at) => {
    const [i, k] = [Math.floor(at / d), at % d]
    return (points.data[a[i] * d + k] + points.data[b[partner[i]] * d + k]) / 2
  })
  const truth = Float64Array.from({ length: size * d }, (_, at) => {
    return points.data[c[Math.floor(at / d)] * d + (at % d)]
  })
  return wasserstein({ a: middle, b: truth, dimensions: d })
}

/** `size` different entries of a list, evenly likely. */
function chosen(list: readonly number[], size: number, random: Random): number[] {
  const pool = [...list]
  for (let i = 0; i < size; i++) {
    const other = i + below(random, pool.length - i)
    ;[pool[i], pool[other]] = [pool[other], pool[i]]
  }
  return pool.slice(0, size)
}
