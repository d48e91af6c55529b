/** How far simulated elution times are from their exact law. */
import { demand } from '../base/errors.ts'
import { type ElutionLaw, elutionShare } from './elution.ts'

export interface ElutionTest {
  /** The largest distance between the share of units that have left and the law, 0 to 1. */
  readonly statistic: number
  readonly mean: number
  readonly variance: number
}

/** Places where the law is inverted; straight lines between them are right to 1e-5. */
const PLACES = 4000

/** The distance of Kolmogorov and Smirnov between elution times (sorted in place) and a law without an atom. */
export function testElution(times: Float64Array, law: ElutionLaw): ElutionTest {
  const many = times.length
  demand(many > 0, 'test elution times', 'the times', 'not empty', many)
  times.sort()
  let [mean, squares] = [0, 0]
  for (let i = 0; i < many; i++) {
    const change = times[i] - mean
    mean += change / (i + 1)
    squares += change * (times[i] - mean)
  }
  const [low, high] = [times[0], times[many - 1]]
  const step = (high - low) / PLACES || 1
  const shares = elutionShare(
    law,
    Float64Array.from({ length: PLACES + 2 }, (_, i) => low + i * step),
  )
  let statistic = 0
  for (let i = 0; i < many; i++) {
    const at = (times[i] - low) / step
    const k = Math.min(PLACES, Math.floor(at))
    const share = shares[k] + (at - k) * (shares[k + 1] - shares[k])
    statistic = Math.max(statistic, share - i / many, (i + 1) / many - share)
  }
  return { statistic, mean, variance: squares / Math.max(1, many - 1) }
}
