/**
 * Optimal matching of two clouds of equal size and what lies between them: the linear assignment of least cost
 * (Kuhn 1955; shortest augmenting paths, Jonker & Volgenant 1987), about n³ operations.
 */

import { demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'

/** The partner of each row under the matching of least total cost: [n] of costs [n, n]. Throws RangeError unless all are finite. */
export function matching(cost: Float64Array): Int32Array {
  demandGiven('match the points', { cost }, { cost: 'floats' })
  const n = Math.round(Math.sqrt(cost.length))
  demand(n * n === cost.length, 'match two clouds', 'the costs', 'square', cost.length)
  // With a cost that is none, a way may never end.
  const odd = cost.findIndex(value => !Number.isFinite(value))
  demand(odd < 0, 'match two clouds', `cost ${odd}`, 'finite', cost[odd])
  const byRow = new Float64Array(n)
  const byColumn = new Float64Array(n)
  const owner = new Int32Array(n).fill(-1)
  for (let row = 0; row < n; row++) augment({ n, cost, byRow, byColumn, owner }, row)
  const partner = new Int32Array(n)
  owner.forEach((row, column) => {
    partner[row] = column
  })
  return partner
}

interface Prices {
  readonly n: number
  readonly cost: Float64Array
  readonly byRow: Float64Array
  readonly byColumn: Float64Array
  /** The row of each column, or −1. */
  readonly owner: Int32Array
}

/** Finds a partner for one more row, along the cheapest way of exchanges. */
function augment({ n, cost, byRow, byColumn, owner }: Prices, fresh: number): void {
  const least = new Float64Array(n).fill(Number.POSITIVE_INFINITY)
  const before = new Int32Array(n).fill(-1)
  const seen = new Uint8Array(n)
  let [row, column] = [fresh, -1]
  for (;;) {
    let [gap, next] = [Number.POSITIVE_INFINITY, -1]
    for (let c = 0; c < n; c++) {
      if (seen[c]) continue
      const reduced = cost[row * n + c] - byRow[row] - byColumn[c]
      if (reduced < least[c]) [least[c], before[c]] = [reduced, column]
      if (least[c] < gap) [gap, next] = [least[c], c]
    }
    byRow[fresh] += gap
    for (let c = 0; c < n; c++) {
      if (!seen[c]) {
        least[c] -= gap
        continue
      }
      byRow[owner[c]] += gap
      byColumn[c] -= gap
    }
    seen[next] = 1
    column = next
    if (owner[next] < 0) break
    row = owner[next]
  }
  for (; column >= 0; column = before[column])
    owner[column] = before[column] < 0 ? fresh : owner[before[column]]
}

export interface Clouds {
  readonly dimensions: number
  /** [n, dimensions] both. */
  readonly a: Float64Array
  readonly b: Float64Array
}

/** Distances between all points of two clouds, to the power given: [n, n]. */
export function between({ a, b, dimensions: d }: Clouds, power = 1): Float64Array {
  const [n, m] = [a.length / d, b.length / d]
  const out = new Float64Array(n * m)
  for (let i = 0; i < n; i++)
    for (let j = 0; j < m; j++) {
      let sum = 0
      for (let k = 0; k < d; k++) sum += (a[i * d + k] - b[j * d + k]) ** 2
      out[i * m + j] = sum ** (power / 2)
    }
  return out
}

/** The Wasserstein distance W₁ of two clouds of equal size: the mean way when each point goes to its partner. */
export function wasserstein(clouds: Clouds): number {
  demandGiven(
    'compare the clouds',
    { clouds },
    { clouds: { dimensions: 'number', a: 'floats', b: 'floats' } },
  )
  const { a, b } = clouds
  demand(a.length === b.length, 'compare two clouds', 'their sizes', 'equal', [a.length, b.length])
  const cost = between(clouds)
  const partner = matching(cost)
  let sum = 0
  partner.forEach((j, i) => {
    sum += cost[i * partner.length + j]
  })
  return sum / partner.length
}
