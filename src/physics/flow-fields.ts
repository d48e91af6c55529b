/** Velocity fields of the plane: analytic ones, and fields on a periodic grid, from velocities or from a vorticity. */
import { demand } from '../base/errors.ts'

/** Writes the velocity at (x, y) and time t into out[0], out[1]. */
export type Velocity = (t: number, x: number, y: number, out: Float64Array) => void

/** x′ = x, y′ = −y: every FTLE is 1. */
export const saddle: Velocity = (_, x, y, out) => {
  out[0] = x
  out[1] = -y
}

/** x′ = a y. */
export const shear =
  (rate = 1): Velocity =>
  (_, __, y, out) => {
    out[0] = rate * y
    out[1] = 0
  }

/** Two gyres on [0, 2] × [0, 1] whose border swings (Shadden, Lekien & Marsden 2005, §6; A = 0.1, ε = 0.25, period 10). */
export const doubleGyre =
  ({ speed = 0.1, swing = 0.25, period = 10 } = {}): Velocity =>
  (t, x, y, out) => {
    const a = swing * Math.sin((2 * Math.PI * t) / period)
    const f = a * x * x + (1 - 2 * a) * x
    const slope = 2 * a * x + 1 - 2 * a
    out[0] = -Math.PI * speed * Math.sin(Math.PI * f) * Math.cos(Math.PI * y)
    out[1] = Math.PI * speed * Math.cos(Math.PI * f) * Math.sin(Math.PI * y) * slope
  }

/**
 * A steady field on a periodic square grid of spacing 1·size/n, components [n, n] row-major (y runs along rows' index), by
 * cubic convolution (Keys 1981), which has continuous slopes.
 */
export function gridField(options: {
  readonly u: ArrayLike<number>
  readonly v: ArrayLike<number>
  readonly n: number
  /** Side of the periodic square. */
  readonly size: number
}): Velocity {
  const { u, v, n, size } = options
  const fits = u.length === n * n && v.length === n * n
  demand(fits, 'read a velocity field', 'its components', `${n}×${n}`, [u.length, v.length])
  const weights = (f: number) => [
    ((-0.5 * f + 1) * f - 0.5) * f,
    (1.5 * f - 2.5) * f * f + 1,
    ((-1.5 * f + 2) * f + 0.5) * f,
    (0.5 * f - 0.5) * f * f,
  ]
  const wrap = (k: number) => ((k % n) + n) % n
  return (_, x, y, out) => {
    const [a, b] = [(x / size) * n, (y / size) * n]
    const [i, j] = [Math.floor(a), Math.floor(b)]
    const [wx, wy] = [weights(a - i), weights(b - j)]
    out[0] = 0
    out[1] = 0
    for (let q = 0; q < 4; q++)
      for (let p = 0; p < 4; p++) {
        const at = wrap(j + q - 1) * n + wrap(i + p - 1)
        out[0] += wx[p] * wy[q] * u[at]
        out[1] += wx[p] * wy[q] * v[at]
      }
  }
}

/**
 * The velocity of a vorticity on a periodic square of side 2π, [n, n]: ∇²ψ = −ω, u = ∂ψ/∂y, v = −∂ψ/∂x, mode by mode.
 * The second index runs along x. Transforms by the definition: n³ operations, n up to some hundred.
 */
export function velocityOf(vorticity: ArrayLike<number>, n: number): { u: Float64Array; v: Float64Array } {
  demand(vorticity.length === n * n, 'invert a vorticity', 'the field', `${n}×${n}`, vorticity.length)
  const mode = (k: number) => (2 * k < n ? k : 2 * k === n ? 0 : k - n)
  const [re, im] = transformed(Float64Array.from(vorticity), new Float64Array(n * n), { n, sign: -1 })
  const parts = Array.from({ length: 4 }, () => new Float64Array(n * n))
  const [ur, ui, vr, vi] = parts
  for (let b = 0; b < n; b++)
    for (let a = 0; a < n; a++) {
      const square = mode(a) ** 2 + mode(b) ** 2
      if (square === 0) continue
      const at = b * n + a
      const [pr, pi] = [re[at] / square, im[at] / square]
      ur[at] = -mode(b) * pi
      ui[at] = mode(b) * pr
      vr[at] = mode(a) * pi
      vi[at] = -mode(a) * pr
    }
  const back = (r: Float64Array, i: Float64Array) =>
    transformed(r, i, { n, sign: 1 })[0].map(value => value / (n * n))
  return { u: back(ur, ui), v: back(vr, vi) }
}

/**
 * The same flow everywhere in the square, free of divergence: the stream function by cubic B-splines through its values at
 * the sites, whose coefficients are found mode by mode, ψ̂/((2 + cos θ)/3) per axis; velocities are its slopes.
 */
export function vorticityField(vorticity: ArrayLike<number>, n: number): Velocity {
  demand(vorticity.length === n * n, 'invert a vorticity', 'the field', `${n}×${n}`, vorticity.length)
  const mode = (k: number) => (2 * k <= n ? k : k - n)
  const between = (k: number) => (2 + Math.cos((2 * Math.PI * k) / n)) / 3
  const [re, im] = transformed(Float64Array.from(vorticity), new Float64Array(n * n), { n, sign: -1 })
  for (let b = 0; b < n; b++)
    for (let a = 0; a < n; a++) {
      const square = mode(a) ** 2 + mode(b) ** 2
      const scale = square === 0 ? 0 : 1 / (square * between(a) * between(b) * n * n)
      re[b * n + a] *= scale
      im[b * n + a] *= scale
    }
  const [psi] = transformed(re, im, { n, sign: 1 })
  const step = (2 * Math.PI) / n
  const wrap = (k: number) => ((k % n) + n) % n
  const values = (f: number) => [
    (1 - f) ** 3 / 6,
    ((3 * f - 6) * f * f) / 6 + 2 / 3,
    (((3 - 3 * f) * f + 3) * f) / 6 + 1 / 6,
    f ** 3 / 6,
  ]
  const slopes = (f: number) => [-((1 - f) ** 2) / 2, (1.5 * f - 2) * f, (1 - 1.5 * f) * f + 0.5, f ** 2 / 2]
  return (_, x, y, out) => {
    const [a, b] = [x / step, y / step]
    const [i, j] = [Math.floor(a), Math.floor(b)]
    const [vx, vy, sx, sy] = [values(a - i), values(b - j), slopes(a - i), slopes(b - j)]
    let [u, v] = [0, 0]
    for (let q = 0; q < 4; q++)
      for (let p = 0; p < 4; p++) {
        const c = psi[wrap(j + q - 1) * n + wrap(i + p - 1)]
        u += c * vx[p] * sy[q]
        v -= c * sx[p] * vy[q]
      }
    out[0] = u / step
    out[1] = v / step
  }
}

/** Σ f e^{± 2πi k·x/n} over both axes. */
function transformed(
  re: Float64Array,
  im: Float64Array,
  { n, sign }: { n: number; sign: 1 | -1 },
): [Float64Array, Float64Array] {
  const cos = Float64Array.from({ length: n }, (_, k) => Math.cos((2 * Math.PI * k) / n))
  const sin = Float64Array.from({ length: n }, (_, k) => sign * Math.sin((2 * Math.PI * k) / n))
  let [a, b] = [re, im]
  // One axis, turned; then the other, turned back.
  for (let pass = 0; pass < 2; pass++) {
    const [nextA, nextB] = [new Float64Array(n * n), new Float64Array(n * n)]
    for (let row = 0; row < n; row++)
      for (let k = 0; k < n; k++) {
        let [sa, sb] = [0, 0]
        for (let x = 0, w = 0; x < n; x++, w = (w + k) % n) {
          sa += a[row * n + x] * cos[w] - b[row * n + x] * sin[w]
          sb += a[row * n + x] * sin[w] + b[row * n + x] * cos[w]
        }
        nextA[k * n + row] = sa
        nextB[k * n + row] = sb
      }
    ;[a, b] = [nextA, nextB]
  }
  return [a, b]
}
