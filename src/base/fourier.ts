/**
 * Discrete Fourier transforms of any length: Stockham's self-sorting scheme for lengths 2^a 3^b 5^c
 * (Van Loan, *Computational Frameworks for the FFT*, 1992, §1.7 and §2.1), Bluestein's chirps for others
 * (Bluestein 1970, IEEE Trans. Audio Electroacoust. 18, 451–455).
 */
import { demand } from './errors.ts'

/** X[k] = Σ_j x[j] exp(−2πi jk/length), in place; with `re` and `im` exchanged the inverse times the length. */
export type Transform = (re: Float64Array, im: Float64Array) => void

/** The transform of a length from 1; its tables and room to work in are made here, once. */
export function fourier(length: number): Transform {
  demand(Number.isInteger(length) && length >= 1, 'transform', 'the length', 'a whole number from 1', length)
  const factors = factorsOf(length)
  return factors ? stockham(length, factors) : bluestein(length)
}

/** The least length 2^a 3^b 5^c from `least` on. */
export function smoothLength(least: number): number {
  let length = Math.max(1, least)
  while (!factorsOf(length)) length++
  return length
}

/** Factors 4, 2, 3, 5; undefined where there are others. */
function factorsOf(length: number): number[] | undefined {
  const factors: number[] = []
  for (const factor of [4, 2, 3, 5]) {
    while (length % factor === 0) {
      factors.push(factor)
      length /= factor
    }
  }
  return length === 1 ? factors : undefined
}

/**
 * One step takes out a factor p of n = p m: for s interleaved sequences q, each of length n,
 *
 *     y[q + s (p i + k)] = exp(−2πi ik/n) Σ_j x[q + s (i + m j)] exp(−2πi jk/p)
 *
 * leaves p s interleaved sequences of length m.
 */
function stockham(length: number, factors: readonly number[]): Transform {
  const cos = Float64Array.from({ length }, (_, k) => Math.cos((2 * Math.PI * k) / length))
  const sin = Float64Array.from({ length }, (_, k) => -Math.sin((2 * Math.PI * k) / length))
  const other = { re: new Float64Array(length), im: new Float64Array(length) }
  return (re, im) => {
    let from: Complex = { re, im }
    let to: Complex = other
    let s = 1
    for (const p of factors) {
      const step: Step = { from, to, s, m: length / (s * p), cos, sin }
      if (p === 4) four(step)
      else if (p === 2) two(step)
      else odd(step, p)
      ;[from, to] = [to, from]
      s *= p
    }
    if (from.re === re) return
    re.set(from.re)
    im.set(from.im)
  }
}

interface Complex {
  re: Float64Array
  im: Float64Array
}

interface Step {
  readonly from: Complex
  readonly to: Complex
  readonly s: number
  readonly m: number
  /** exp(−2πi k/length). */
  readonly cos: Float64Array
  readonly sin: Float64Array
}

function four({ from, to, s, m, cos, sin }: Step): void {
  const { re: xr, im: xi } = from
  const { re: yr, im: yi } = to
  for (let i = 0; i < m; i++) {
    const c1 = cos[i * s]
    const s1 = sin[i * s]
    const c2 = cos[2 * i * s]
    const s2 = sin[2 * i * s]
    const c3 = cos[3 * i * s]
    const s3 = sin[3 * i * s]
    for (let q = 0; q < s; q++) {
      const a = q + s * i
      const b = a + s * m
      const c = b + s * m
      const d = c + s * m
      const at = q + s * 4 * i
      const pr = xr[a] + xr[c]
      const pi = xi[a] + xi[c]
      const qr = xr[a] - xr[c]
      const qi = xi[a] - xi[c]
      const ur = xr[b] + xr[d]
      const ui = xi[b] + xi[d]
      // −i (x_b − x_d)
      const vr = xi[b] - xi[d]
      const vi = xr[d] - xr[b]
      yr[at] = pr + ur
      yi[at] = pi + ui
      yr[at + s] = (qr + vr) * c1 - (qi + vi) * s1
      yi[at + s] = (qr + vr) * s1 + (qi + vi) * c1
      yr[at + 2 * s] = (pr - ur) * c2 - (pi - ui) * s2
      yi[at + 2 * s] = (pr - ur) * s2 + (pi - ui) * c2
      yr[at + 3 * s] = (qr - vr) * c3 - (qi - vi) * s3
      yi[at + 3 * s] = (qr - vr) * s3 + (qi - vi) * c3
    }
  }
}

function two({ from, to, s, m, cos, sin }: Step): void {
  const { re: xr, im: xi } = from
  const { re: yr, im: yi } = to
  for (let i = 0; i < m; i++) {
    const c1 = cos[i * s]
    const s1 = sin[i * s]
    for (let q = 0; q < s; q++) {
      const a = q + s * i
      const b = a + s * m
      const at = q + s * 2 * i
      const dr = xr[a] - xr[b]
      const di = xi[a] - xi[b]
      yr[at] = xr[a] + xr[b]
      yi[at] = xi[a] + xi[b]
      yr[at + s] = dr * c1 - di * s1
      yi[at + s] = dr * s1 + di * c1
    }
  }
}

/** Any factor p, by the sum itself; the twiddle factor is joined to its terms. */
function odd({ from, to, s, m, cos, sin }: Step, p: number): void {
  const { re: xr, im: xi } = from
  const { re: yr, im: yi } = to
  const length = s * m * p
  for (let i = 0; i < m; i++) {
    for (let k = 0; k < p; k++) {
      const at = s * (p * i + k)
      yr.fill(0, at, at + s)
      yi.fill(0, at, at + s)
      for (let j = 0; j < p; j++) {
        const w = (i * k * s + j * k * s * m) % length
        const c = cos[w]
        const d = sin[w]
        const x = s * (i + m * j)
        for (let q = 0; q < s; q++) {
          yr[at + q] += xr[x + q] * c - xi[x + q] * d
          yi[at + q] += xr[x + q] * d + xi[x + q] * c
        }
      }
    }
  }
}

/** jk = (j² + k² − (k − j)²) / 2 makes the sum a convolution with a chirp, done by smooth transforms. */
function bluestein(length: number): Transform {
  const size = smoothLength(2 * length - 1)
  const inner = fourier(size)
  // exp(−πi k²/length); k² is taken modulo 2 length, which keeps the angle exact.
  const angle = (k: number) => (Math.PI * ((k * k) % (2 * length))) / length
  const cos = Float64Array.from({ length }, (_, k) => Math.cos(angle(k)))
  const sin = Float64Array.from({ length }, (_, k) => -Math.sin(angle(k)))
  const kernel = { re: new Float64Array(size), im: new Float64Array(size) }
  for (let k = 0; k < length; k++) {
    kernel.re[k] = kernel.re[(size - k) % size] = cos[k] / size
    kernel.im[k] = kernel.im[(size - k) % size] = -sin[k] / size
  }
  inner(kernel.re, kernel.im)
  const work = { re: new Float64Array(size), im: new Float64Array(size) }
  return (re, im) => {
    work.re.fill(0)
    work.im.fill(0)
    for (let k = 0; k < length; k++) {
      work.re[k] = re[k] * cos[k] - im[k] * sin[k]
      work.im[k] = re[k] * sin[k] + im[k] * cos[k]
    }
    inner(work.re, work.im)
    for (let k = 0; k < size; k++) {
      const r = work.re[k] * kernel.re[k] - work.im[k] * kernel.im[k]
      work.im[k] = work.re[k] * kernel.im[k] + work.im[k] * kernel.re[k]
      work.re[k] = r
    }
    inner(work.im, work.re)
    for (let k = 0; k < length; k++) {
      re[k] = work.re[k] * cos[k] - work.im[k] * sin[k]
      im[k] = work.re[k] * sin[k] + work.im[k] * cos[k]
    }
  }
}
