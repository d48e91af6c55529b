// A smooth increasing curve through given points, with its derivative and its inverse in closed form.
import type { Curve } from './schedule.ts'

/**
 * The rational quadratic spline of Gregory and Delbourgo (1982) through strictly increasing points: monotone and with
 * a continuous, positive derivative. On a cell of width h and mean slope s, with ξ in [0, 1] the place in it and d0, d1
 * the derivatives at its ends,
 *
 *     y = y0 + Δy (s ξ² + d0 ξ(1-ξ)) / (s + (d0 + d1 - 2s) ξ(1-ξ))
 *
 * is increasing, and its inverse is the root of a quadratic.
 */
export function spline(x: readonly number[], y: readonly number[]): Curve {
  const d = derivatives(x, y)
  const cell = (k: number) => {
    const width = x[k + 1] - x[k]
    const rise = y[k + 1] - y[k]
    return { width, rise, s: rise / width, bend: d[k] + d[k + 1] - (2 * rise) / width }
  }
  return {
    height(at) {
      const k = cellOf(x, at)
      const { width, rise, s, bend } = cell(k)
      const p = (at - x[k]) / width
      const q = (x[k + 1] - at) / width
      return y[k] + (rise * p * (s * p + d[k] * q)) / (s + bend * p * q)
    },
    derivative(at) {
      const k = cellOf(x, at)
      const { width, s, bend } = cell(k)
      const p = (at - x[k]) / width
      const q = (x[k + 1] - at) / width
      return (s * s * (d[k + 1] * p * p + 2 * s * p * q + d[k] * q * q)) / (s + bend * p * q) ** 2
    },
    inverse(height) {
      const k = cellOf(y, height)
      const { width, rise, s, bend } = cell(k)
      const above = height - y[k]
      const a = rise * (s - d[k]) + above * bend
      const b = rise * d[k] - above * bend
      const c = -s * above
      return x[k] + (width * 2 * c) / (-b - Math.sqrt(b * b - 4 * a * c))
    },
  }
}

/** Derivatives at the points: the harmonic mean of the two slopes, weighted by the cells (Fritsch and Butland 1984). */
function derivatives(x: readonly number[], y: readonly number[]): Float64Array {
  const last = x.length - 1
  const slope = (k: number) => (y[k + 1] - y[k]) / (x[k + 1] - x[k])
  const d = new Float64Array(last + 1)
  for (let k = 1; k < last; k++) {
    const before = 2 * (x[k + 1] - x[k]) + (x[k] - x[k - 1])
    const after = x[k + 1] - x[k] + 2 * (x[k] - x[k - 1])
    d[k] = (before + after) / (after / slope(k) + before / slope(k - 1))
  }
  // At the ends the derivative that makes the end cell bend as its inner end does: positive whatever the data.
  d[0] = last === 1 ? slope(0) : slope(0) ** 2 / d[1]
  d[last] = last === 1 ? slope(0) : slope(last - 1) ** 2 / d[last - 1]
  return d
}

/** The k with points[k] <= at < points[k + 1], the last cell for the last point. */
function cellOf(points: readonly number[], at: number): number {
  let low = 0
  let high = points.length - 1
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (points[middle] <= at) low = middle
    else high = middle
  }
  return low
}
