/**
 * Alias tables (Walker 1977, built as by Vose 1991): one category of a fixed law in constant time.
 *
 * The table cuts [0, K) into K columns of width 1; column i holds category i up to cut[i] and category other[i]
 * from there on. One uniform number of 53 bits, stretched over [0, K), picks the column and the side, so every
 * chance is right to about 1e-15 + 1e-17·K in absolute terms. A category of weight zero is never drawn.
 */

import { cannot } from './errors.ts'
import type { Random } from './random.ts'

/** The caller's arrays; one pair may hold many tables, each `length` entries from its own offset. */
export interface AliasTable {
  readonly cut: Float64Array
  readonly other: Int32Array
}

/** Room for `size` entries in all. */
export function aliasTable(size: number): AliasTable {
  return { cut: new Float64Array(size), other: new Int32Array(size) }
}

/**
 * Writes into table[at … at+length−1] the table of the law proportional to weights[from … from+length−1]
 * (any scale, ≥ 0, at least one above 0).
 */
export function fillAlias(
  table: AliasTable,
  at: number,
  weights: ArrayLike<number>,
  from = 0,
  length = weights.length,
): void {
  const { cut, other } = table
  let sum = 0
  for (let i = 0; i < length; i++) {
    const w = weights[from + i]
    if (!(w >= 0)) throw new RangeError(cannot('build an alias table', 'every weight', '≥ 0', w))
    sum += w
  }
  if (!(sum > 0 && sum < Infinity))
    throw new RangeError(cannot('build an alias table', 'the sum of weights', 'above 0 and finite', sum))
  // Columns that wait for a partner are chained through `other`: the lacking from `small`, the overfull from `large`.
  let small = -1
  let large = -1
  for (let i = length - 1; i >= 0; i--) {
    const filled = (weights[from + i] / sum) * length
    cut[at + i] = filled
    if (filled < 1) {
      other[at + i] = small
      small = i
    } else {
      other[at + i] = large
      large = i
    }
  }
  while (small >= 0 && large >= 0) {
    const lacking = small
    const giver = large
    small = other[at + lacking]
    other[at + lacking] = giver
    cut[at + giver] -= 1 - cut[at + lacking]
    cut[at + lacking] += lacking
    if (cut[at + giver] < 1) {
      large = other[at + giver]
      other[at + giver] = small
      small = giver
    }
  }
  // Rounding alone leaves columns over, and they are full but for rounding.
  for (let rest = small >= 0 ? small : large; rest >= 0; ) {
    const next = other[at + rest]
    cut[at + rest] = rest + 1
    other[at + rest] = rest
    rest = next
  }
}

/** A category in [0, length) from the table at `at`; one uniform number. */
export function drawAlias(
  rng: Pick<Random, 'uniform'>,
  table: AliasTable,
  at: number,
  length: number,
): number {
  const x = rng.uniform() * length
  const column = Math.floor(x)
  return x < table.cut[at + column] ? column : table.other[at + column]
}
