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

/** The curve through the points of one pair, straight between them; undefined where they do not reach. Points of one share are one, their mean. */
export function curveOf(
  points: readonly { readonly share: number; readonly kelvin: number }[],
): (share: number) => number | undefined {
  const shares = [...new Set(points.map(({ share }) => share))].sort((a, b) => a - b)
  const kelvins = shares.map(at => {
    const own = points.filter(({ share }) => share === at)
    return own.reduce((sum, { kelvin }) => sum + kelvin, 0) / own.length
  })
  return share => {
    const next = shares.findIndex(at => at >= share)
    if (next < 0 || share < shares[0]) return undefined
    if (shares[next] === share) return kelvins[next]
    const part = (share - shares[next - 1]) / (shares[next] - shares[next - 1])
    return kelvins[next - 1] + part * (kelvins[next] - kelvins[next - 1])
  }
}
