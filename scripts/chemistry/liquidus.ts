/** At what temperature a mixture of two components melts: the ideal law, and a regressor on top of it. */
import { ridge } from './ridge.ts'

export interface Melting {
  /** K */
  readonly kelvin: number
  /** kJ/mol */
  readonly enthalpy: number
}

export interface Mixture {
  readonly melting: readonly [Melting, Melting]
  /** Of the first component, in moles. */
  readonly share: number
}

/** kJ/(mol K) */
const GAS = 8.314462618e-3

/** Where a component of this share begins to freeze out of an ideal mixture: ln x = -(H/R)(1/T - 1/T_m) (Schröder and van Laar). */
export const freezing = ({ kelvin, enthalpy }: Melting, share: number): number =>
  1 / (1 / kelvin - (GAS * Math.log(Math.max(share, 1e-4))) / enthalpy)

/** What a mixture is told apart by; the two components may be given in either order. */
function features({ melting, share }: Mixture): number[] {
  const two = melting.map((of, k) => ({ ...of, share: k === 0 ? share : 1 - share }))
  const [high, low] = two.map(of => ({ ...of, own: freezing(of, of.share) })).sort((a, b) => b.own - a.own)
  return [
    high.own,
    low.own,
    high.share,
    high.kelvin,
    low.kelvin,
    Math.log(high.enthalpy),
    Math.log(low.enthalpy),
  ]
}

/**
 * Kernel ridge regression of the melting temperature, K: Gaussian kernel on features in units of their deviation, width 2, ridge 0.1. What is learned
 * is the distance from the ideal law.
 */
export function regressor(
  points: readonly (Mixture & { readonly kelvin: number })[],
): (mixture: Mixture) => number {
  const rows = points.map(features)
  const mean = rows[0].map((_, k) => rows.reduce((sum, row) => sum + row[k], 0) / rows.length)
  const scale = mean.map(
    (m, k) => Math.sqrt(rows.reduce((sum, row) => sum + (row[k] - m) ** 2, 0) / rows.length) || 1,
  )
  const scaled = (row: readonly number[]) => row.map((value, k) => (value - mean[k]) / scale[k])
  const kernel = (a: readonly number[], b: readonly number[]) =>
    Math.exp(-a.reduce((sum, value, k) => sum + (value - b[k]) ** 2, 0) / (2 * WIDTH ** 2))
  const beyond = ridge(
    rows.map(scaled),
    points.map(({ kelvin }, i) => kelvin - rows[i][0]),
    { kernel, weight: RIDGE },
  )
  return mixture => {
    const row = features(mixture)
    return row[0] + beyond(scaled(row))
  }
}

const WIDTH = 2
const RIDGE = 0.1
