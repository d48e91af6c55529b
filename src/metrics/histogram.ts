/** Histograms of counts per pixel. */
import { demandGiven } from '../base/given.ts'

/** Share of the pixels that hold each count 0, 1, 2, …. */
export function histogramOf(counts: ArrayLike<number>): Float64Array {
  demandGiven('count the values', { counts }, { counts: 'list' })
  let most = 0
  for (let i = 0; i < counts.length; i++) if (counts[i] > most) most = counts[i]
  const shares = new Float64Array(most + 1)
  for (let i = 0; i < counts.length; i++) shares[counts[i]] += 1 / counts.length
  return shares
}

/** Total variation ½ Σ |a − b|: 0 for equal histograms, 1 for disjoint ones. */
export function distanceOfHistograms(a: Float64Array, b: Float64Array): number {
  demandGiven('compare the histograms', { a, b }, { a: 'list', b: 'list' })
  let sum = 0
  for (let i = 0; i < Math.max(a.length, b.length); i++) sum += Math.abs((a[i] ?? 0) - (b[i] ?? 0))
  return sum / 2
}
