/** How far two divisions of the same things into classes agree. */

import { demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'

/** How often each pair of classes comes together, and each class alone. */
interface Counts {
  readonly total: number
  readonly both: readonly number[]
  readonly first: readonly number[]
  readonly second: readonly number[]
}

function counted(a: ArrayLike<number>, b: ArrayLike<number>): Counts {
  demand(a.length === b.length, 'compare two divisions', 'their lengths', 'the same', [a.length, b.length])
  demand(a.length > 0, 'compare two divisions', 'their length', 'at least 1', a.length)
  const [both, first, second] = [
    new Map<string, number>(),
    new Map<number, number>(),
    new Map<number, number>(),
  ]
  for (let i = 0; i < a.length; i++) {
    const key = `${a[i]} ${b[i]}`
    both.set(key, (both.get(key) ?? 0) + 1)
    first.set(a[i], (first.get(a[i]) ?? 0) + 1)
    second.set(b[i], (second.get(b[i]) ?? 0) + 1)
  }
  return {
    total: a.length,
    both: [...both.values()],
    first: [...first.values()],
    second: [...second.values()],
  }
}

/** Adjusted Rand index (Hubert & Arabie 1985, eq. 5): 1 for the same division, 0 on average for random ones. */
export function adjustedRand(a: ArrayLike<number>, b: ArrayLike<number>): number {
  demandGiven('compare two divisions', { a, b }, { a: 'list', b: 'list' })
  const { total, both, first, second } = counted(a, b)
  const pairs = (counts: readonly number[]) => counts.reduce((sum, n) => sum + (n * (n - 1)) / 2, 0)
  const [together, p, q, all] = [pairs(both), pairs(first), pairs(second), pairs([total])]
  const expected = all === 0 ? 0 : (p * q) / all
  const most = (p + q) / 2
  return most === expected ? 1 : (together - expected) / (most - expected)
}

/** Normalised mutual information I(a; b) / √(H(a) H(b)) (Strehl & Ghosh 2002, eq. 3), 0 to 1. */
export function mutualInformation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  demandGiven('compare two divisions', { a, b }, { a: 'list', b: 'list' })
  const { total, both, first, second } = counted(a, b)
  const entropy = (counts: readonly number[]) =>
    counts.reduce((sum, n) => sum - (n / total) * Math.log(n / total), 0)
  const [p, q] = [entropy(first), entropy(second)]
  if (p === 0 || q === 0) return p === q ? 1 : 0
  return Math.min(1, Math.max(0, (p + q - entropy(both)) / Math.sqrt(p * q)))
}
