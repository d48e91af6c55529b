/**
 * Flow maps, and what they tell of transport: finite-time Lyapunov exponents and barriers to diffusion.
 *
 * Paths by Dormand & Prince 1980, order 5 with an error estimate of order 4, steps adapted for each. The gradient ∇F comes
 * from four neighbours; FTLE = log λ_max(∇Fᵀ∇F)/(2|T|) (Haller 2001). Barriers: the trace of the time average of C⁻¹,
 * C = ∇Fᵀ∇F, is what diffusion carries through material lines, averaged over their directions (Haller, Karrasch &
 * Kogelbauer 2018, PNAS 115, 9074, the diffusion barrier strength).
 */
import { demand } from '../base/errors.ts'
import type { Work } from '../base/work.ts'
import type { Velocity } from './flow-fields.ts'

export interface PathOptions {
  readonly from: number
  readonly to: number
  /** Largest error of a step, relative to 1 + |x|; default 1e-10. */
  readonly tolerance?: number
}

// The coefficients of Dormand & Prince 1980, table 2: RK5(4)7M.
const A = [
  [1 / 5],
  [3 / 40, 9 / 40],
  [44 / 45, -56 / 15, 32 / 9],
  [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
  [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
  [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
]
const C = [1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1]
const E = [71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40]

/** A function that moves a point [x, y], in place. Throws RangeError where a path runs away. */
export function mover(velocity: Velocity): (point: Float64Array, options: PathOptions) => void {
  const k = Array.from({ length: 7 }, () => new Float64Array(2))
  return (point, { from, to, tolerance = 1e-10 }) => {
    const way = Math.sign(to - from)
    let t = from
    let h = (to - from) / 20
    let [x, y] = point
    velocity(t, x, y, k[0])
    for (let steps = 0; way * (to - t) > 1e-14 * Math.abs(to - from); steps++) {
      if (way * (t + h - to) > 0) h = to - t
      let [nx, ny] = [x, y]
      for (let s = 0; s < 6; s++) {
        nx = x
        ny = y
        for (let j = 0; j <= s; j++) {
          nx += h * A[s][j] * k[j][0]
          ny += h * A[s][j] * k[j][1]
        }
        velocity(t + C[s] * h, nx, ny, k[s + 1])
      }
      let [ex, ey] = [0, 0]
      for (let s = 0; s < 7; s++) {
        ex += h * E[s] * k[s][0]
        ey += h * E[s] * k[s][1]
      }
      const error = Math.max(Math.abs(ex) / (1 + Math.abs(nx)), Math.abs(ey) / (1 + Math.abs(ny))) / tolerance
      demand(
        Number.isFinite(error) && steps < 100_000,
        'follow a path',
        'it',
        'finite',
        `(${x}, ${y}) at ${t}`,
      )
      if (error <= 1) {
        t += h
        ;[x, y] = [nx, ny]
        k[0].set(k[6])
      }
      h *= Math.min(5, Math.max(0.2, 0.9 * Math.max(error, 1e-10) ** -0.2))
    }
    point[0] = x
    point[1] = y
  }
}

export interface FlowGrid {
  readonly velocity: Velocity
  /** Points across and up, at the middles of cells of the rectangle [x0, x1] × [y0, y1]. */
  readonly shape: readonly [rows: number, columns: number]
  readonly x: readonly [number, number]
  readonly y: readonly [number, number]
  readonly from: number
  readonly to: number
  readonly tolerance?: number
  /** Times at which C⁻¹ is averaged, default 1: the end alone, and no barriers. */
  readonly pieces?: number
}

export interface FlowFields {
  /** [rows, columns], row 0 at the least y. */
  readonly ftle: Float64Array
  /** Mean over the pieces of tr C⁻¹. */
  readonly barriers: Float64Array
  /** Where every point comes to, [rows, columns, 2]. */
  readonly map: Float64Array
}

/** The fields of a flow on a grid. */
export function* flowFields(grid: FlowGrid): Work<FlowFields> {
  const { shape, x, y, from, to, tolerance, pieces = 1 } = grid
  const [rows, columns] = shape
  demand(rows >= 1 && columns >= 1 && to !== from, 'map a flow', 'grid and time', 'not empty', [
    ...shape,
    to - from,
  ])
  const move = mover(grid.velocity)
  const [dx, dy] = [(x[1] - x[0]) / columns, (y[1] - y[0]) / rows]
  const delta = 1e-3 * Math.min(dx, dy)
  const out: FlowFields = {
    ftle: new Float64Array(rows * columns),
    barriers: new Float64Array(rows * columns),
    map: new Float64Array(2 * rows * columns),
  }
  const points = Array.from({ length: 5 }, () => new Float64Array(2))
  for (let at = 0; at < rows * columns; at++) {
    const [cx, cy] = [x[0] + ((at % columns) + 0.5) * dx, y[0] + (Math.floor(at / columns) + 0.5) * dy]
    points.forEach((point, p) => {
      point[0] = cx + (p === 1 ? delta : p === 2 ? -delta : 0)
      point[1] = cy + (p === 3 ? delta : p === 4 ? -delta : 0)
    })
    let spread = { largest: 1, inverse: 2 }
    for (let k = 0; k < pieces; k++) {
      const piece = {
        from: from + ((to - from) * k) / pieces,
        to: from + ((to - from) * (k + 1)) / pieces,
        tolerance,
      }
      for (const point of points) move(point, piece)
      spread = stretch(points, 2 * delta)
      out.barriers[at] += spread.inverse / pieces
    }
    out.ftle[at] = Math.log(spread.largest) / (2 * Math.abs(to - from))
    out.map.set(points[0], 2 * at)
    if (at % 64 === 63) yield (at + 1) / (rows * columns)
  }
  return out
}

/** Largest eigenvalue of C, and the trace of C⁻¹. */
function stretch(points: readonly Float64Array[], width: number): { largest: number; inverse: number } {
  const [a, c] = [0, 1].map(i => (points[1][i] - points[2][i]) / width)
  const [b, d] = [0, 1].map(i => (points[3][i] - points[4][i]) / width)
  const trace = a * a + b * b + c * c + d * d
  const volume = (a * d - b * c) ** 2
  return {
    largest: trace / 2 + Math.sqrt(Math.max(0, (trace / 2) ** 2 - volume)),
    inverse: trace / volume,
  }
}
