/**
 * Numerical inversion of Laplace transforms on a window of time.
 *
 * f(t) = (e^{ct}/T) Re[F(c)/2 + Σ_k F(c + ikπ/T) e^{ikπt/T}] for 0 ≤ t ≤ T, up to the share e^{−2cT} of what f is 2T later
 * (Dubner & Abate 1968). Laws of elution are smooth and their transforms spent after some ten terms, whatever their mean:
 * the window begins shortly before them. Where the terms do not fade, the series is summed by the continued fraction of
 * de Hoog, Knight & Stokes 1982 (SIAM J. Sci. Stat. Comput. 3, 357).
 */
import { demand } from '../base/errors.ts'

/** Writes F(s), s = re + i·im, into out[0], out[1]. */
export type Transform = (re: number, im: number, out: Float64Array) => void

export interface Window {
  /** f is 0 before this time; `transform` is that of f(t + from). */
  readonly from: number
  readonly to: number
}

/** c·T: aliases have the weight e^−20 = 2e-9, and rounding errors grow by e^10 at the end of the window. */
const DAMPING = 10
/** Terms below this part of the largest are spent. */
const SPENT = 1e-11
/** So many terms are looked at before the continued fraction takes over, which has 2 · 32 + 1 of them. */
const MOST = 400
const DEPTH = 32

/** f at rising times of the window, [times]; 0 before it. Throws RangeError for a window without length. */
export function invert(
  transform: Transform,
  window: Window,
  times: ArrayLike<number>,
): Float64Array<ArrayBuffer> {
  const span = window.to - window.from
  demand(span > 0 && span < Infinity, 'invert a transform', 'the window', 'of a length above 0', span)
  const c = DAMPING / span
  const terms = termsOf(transform, c, Math.PI / span)
  const sum = terms.spent ? plain(terms.values) : fraction(terms.values.subarray(0, 2 * (2 * DEPTH + 1)))
  return Float64Array.from(times, time => {
    const t = time - window.from
    if (t < 0) return 0
    const angle = (Math.PI * t) / span
    return (Math.exp(c * t) / span) * sum(Math.cos(angle), Math.sin(angle))
  })
}

/** F(c)/2, F(c + ih), F(c + 2ih), … as pairs, until they are spent. */
function termsOf(transform: Transform, c: number, h: number): { values: Float64Array; spent: boolean } {
  const values = new Float64Array(2 * MOST)
  const out = new Float64Array(2)
  let [largest, small] = [0, 0]
  for (let k = 0; k < MOST; k++) {
    transform(c, k * h, out)
    const scale = k === 0 ? 0.5 : 1
    values[2 * k] = scale * out[0]
    values[2 * k + 1] = scale * out[1]
    const size = Math.hypot(out[0], out[1])
    largest = Math.max(largest, size)
    small = size <= SPENT * largest ? small + 1 : 0
    if (small === 3) return { values: values.subarray(0, 2 * (k + 1)), spent: true }
  }
  return { values, spent: false }
}

type Sum = (cos: number, sin: number) => number

/** Re Σ a_k z^k by Horner's rule. */
function plain(values: Float64Array): Sum {
  return (cos, sin) => {
    let [re, im] = [0, 0]
    for (let k = values.length - 2; k >= 0; k -= 2) {
      const next = re * cos - im * sin + values[k]
      im = re * sin + im * cos + values[k + 1]
      re = next
    }
    return re
  }
}

type Complex = readonly [number, number]
const times = ([a, b]: Complex, [c, d]: Complex): Complex => [a * c - b * d, a * d + b * c]
const plus = ([a, b]: Complex, [c, d]: Complex): Complex => [a + c, b + d]
const minus = ([a, b]: Complex, [c, d]: Complex): Complex => [a - c, b - d]
const over = ([a, b]: Complex, [c, d]: Complex): Complex => {
  const size = c * c + d * d
  return [(a * c + b * d) / size, (b * c - a * d) / size]
}
const root = ([a, b]: Complex): Complex => {
  const size = Math.hypot(a, b)
  const re = Math.sqrt((size + a) / 2)
  return [re, (b < 0 ? -1 : 1) * Math.sqrt(Math.max(0, (size - a) / 2))]
}

/** The same sum as the continued fraction d₀/(1 + d₁z/(1 + …)) by the quotient–difference rule, with de Hoog's remainder. */
function fraction(values: Float64Array): Sum {
  const a = Array.from({ length: values.length / 2 }, (_, k): Complex => [values[2 * k], values[2 * k + 1]])
  const d: Complex[] = [a[0]]
  let q = a.slice(1).map((next, k) => over(next, a[k]))
  let e: Complex[] = q.map(() => [0, 0])
  for (let m = 1; m <= DEPTH; m++) {
    d.push([-q[0][0], -q[0][1]])
    const below = e
    e = q.slice(1).map((next, k) => plus(minus(next, q[k]), below[k + 1]))
    d.push([-e[0][0], -e[0][1]])
    const above = q
    q = e.slice(1).map((next, k) => over(times(above[k + 1], next), e[k]))
  }
  return (cos, sin) => {
    const z: Complex = [cos, sin]
    let [A, B, A1, B1]: Complex[] = [d[0], [1, 0], [0, 0], [1, 0]]
    for (let n = 1; n < d.length - 1; n++) {
      const dz = times(d[n], z)
      ;[A, A1] = [plus(A, times(dz, A1)), A]
      ;[B, B1] = [plus(B, times(dz, B1)), B]
    }
    const [before, last] = d.slice(-2)
    const h = times([0.5, 0], plus([1, 0], times(z, minus(before, last))))
    const inner = root(plus([1, 0], over(times(last, z), times(h, h))))
    const R = times(h, minus(inner, [1, 0]))
    return over(plus(A, times(R, A1)), plus(B, times(R, B1)))[0]
  }
}
