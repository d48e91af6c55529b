// The law that units are redrawn from, and where those of them are that walk on: closed in the modes of the lattice.
import { demand } from '../base/errors.ts'
import { fourierGrid } from '../base/fourier-grid.ts'
import { expm1, sinPi } from '../base/numeric.ts'
import type { Lattice } from '../lattice/lattice.ts'
import { demandLength } from './given.ts'

/**
 * The law of every block of a channel, each of sum 1, out of weights >= 0 [sites]; left out: even. @throws RangeError where a
 * weight is none, or a block has none
 */
export function lawsOf(
  what: string,
  { law, blocks, sites }: { law?: ArrayLike<number>; blocks: readonly Int32Array[]; sites: number },
): Float64Array[] {
  if (law) demandLength(what, 'the law', law, sites)
  return blocks.map(places => {
    const own = Float64Array.from(places, x => (law ? law[x] : 1))
    const sum = own.reduce((total, weight) => total + weight, 0)
    const right = own.every(weight => weight >= 0) && sum > 0 && sum < Infinity
    demand(right, what, 'the law', 'numbers >= 0 with some above 0 in every block', `a sum of ${sum}`)
    return own.map(weight => weight / sum)
  })
}

/** So much of the law of a degraded image is even: what is dark there may have held units. */
const EVEN = 0.01

/** The law that a degraded image [sites] tells, not of sum 1: its numbers, and a little everywhere. @throws RangeError for others than one channel */
export function lawTowards(
  what: string,
  end: ArrayLike<number>,
  { channels, sites }: { channels: number; sites: number },
): Float64Array {
  demand(channels === 1, what, 'the channels of what has an end of its own', '1', channels)
  demandLength(what, 'the other end', end, sites)
  const own = Float64Array.from(end, n => (n > 0 ? n : 0))
  const mean = own.reduce((sum, n) => sum + n, 0) / sites
  return own.map(n => (1 - EVEN) * n + (mean > 0 ? EVEN * mean : 1))
}

/**
 * ρ_tau of units that are redrawn from π at the rate A and walk at the rate W a direction: the mode m of the lattice, which the walk
 * alone takes down at W ℓ_m, is that of π times A (1 - e^(-(A + W ℓ_m) tau)) / (A + W ℓ_m). Walls are mirrors: an axis
 * between them is a circle of twice its length.
 */
export function redrawnSince(
  { axes, size, shape }: Lattice,
  { law, often, pace }: { law: Float64Array; often: number; pace: number },
): (tau: number, out: Float64Array) => void {
  const periods = axes.map(({ length, boundary }) => (boundary.name === 'periodic' ? length : 2 * length))
  const all = periods.reduce((product, period) => product * period, 1)
  /** Coordinates on the circles. */
  const along = (at: number) => {
    let rest = at
    return periods.map((_, a) => {
      const stride = periods.slice(a + 1).reduce((product, period) => product * period, 1)
      const x = Math.floor(rest / stride)
      rest -= x * stride
      return x
    })
  }
  const folded = Int32Array.from({ length: all }, (_, at) =>
    along(at).reduce((site, x, a) => site * shape[a] + (x < shape[a] ? x : periods[a] - 1 - x), 0),
  )
  const first = Int32Array.from({ length: size }, () => -1)
  for (let at = all - 1; at >= 0; at--) first[folded[at]] = at
  const decays = Float64Array.from({ length: all }, (_, at) =>
    along(at).reduce((sum, k, a) => sum + 4 * pace * sinPi(k / periods[a]) ** 2, often),
  )
  const transform = fourierGrid(periods)
  const [re, im] = [Float64Array.from(folded, x => law[x]), new Float64Array(all)]
  transform(re, im)
  const [a, b] = [new Float64Array(all), new Float64Array(all)]
  return (tau, out) => {
    for (let k = 0; k < all; k++) {
      const share = decays[k] > 0 ? (-often * expm1(-decays[k] * tau)) / decays[k] / all : 0
      a[k] = share * re[k]
      b[k] = share * im[k]
    }
    transform(a, b, true)
    for (let x = 0; x < size; x++) out[x] = Math.max(0, a[first[x]])
  }
}
