/**
 * Elementary functions with the same bytes in every JavaScript engine.
 *
 * `Math.exp` and its kin may differ in the last bit from engine to engine, and one bit is enough to turn
 * a draw. Everything here is built from + − × ÷, which IEEE 754 rounds exactly, and from the exponent bits
 * of a double; so a seed means the same sample in Node, in every browser and on every processor.
 * The series are Taylor's after an exact reduction of the argument. Measured errors: never more than one
 * double from the true value rounded, `excess` and `logGamma` apart.
 */

/** ln 2 in two parts: the first has 13 trailing zero bits, so that k·LN2_HIGH is exact for every exponent k. */
const LN2_HIGH = 0.6931471805592082
const LN2_LOW = 7.371002565167799e-13

const HALF_LOG_2PI = 0.9189385332046728
const TWO_POW_54 = 18014398509481984
const SMALLEST_NORMAL = 2.2250738585072014e-308

/** High word of the double √½: mantissas are kept in [√½, √2). */
const SQRT_HALF_HIGH = 0x3fe6a09e

// A window on the bits of one double. Every use writes before it reads: nothing passes from call to call.
const double = new Float64Array(1)
const words = new Int32Array(double.buffer)
const HIGH = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0

/** Every power of two that is a double: POWERS[k + 1074] = 2^k. */
const POWERS = new Float64Array(2098)
for (let i = 0, power = 5e-324; i < POWERS.length; i++, power *= 2) POWERS[i] = power

/** 2^k · y for −1075 ≤ k ≤ 1024 and y in [½, 2), rounded once. */
function scale(y: number, k: number): number {
  if (k > 1023) return y * 2 * POWERS[k + 1073]
  if (k < -1022) return y * POWERS[k + 1128] * (1 / TWO_POW_54)
  return y * POWERS[k + 1074]
}

/** The k for which x·2^−k lies in [√½, √2), x a normal double above 0. */
function exponent(x: number): number {
  double[0] = x
  return (words[HIGH] - SQRT_HALF_HIGH) >> 20
}

/** (e^r − 1 − r) / r² = Σ r^n / (n+2)! for |r| ≤ ln(2)/2, to 2e-17. */
function expRemainder(r: number): number {
  const r2 = r * r
  const r4 = r2 * r2
  const low = 1 / 2 + r * (1 / 6) + r2 * (1 / 24 + r * (1 / 120))
  const middle = 1 / 720 + r * (1 / 5040) + r2 * (1 / 40320 + r * (1 / 362880))
  const high = 1 / 3628800 + r * (1 / 39916800) + r2 * (1 / 479001600 + r * (1 / 6227020800))
  return low + r4 * (middle + r4 * high)
}

/** e^x. */
export function exp(x: number): number {
  if (x > 709.782712893384) return Infinity
  if (x < -745.1332191019412) return 0
  const k = Math.floor(x * Math.LOG2E + 0.5)
  const high = x - k * LN2_HIGH
  const low = k * LN2_LOW
  const r = high - low
  const y = 1 + (r + (r * r * expRemainder(r) + (high - r - low)))
  return scale(y, k)
}

/** e^x − 1, without cancellation near 0. */
export function expm1(x: number): number {
  if (x > 709.782712893384) return Infinity
  if (x < -38) return -1
  const k = Math.floor(x * Math.LOG2E + 0.5)
  if (k === 0) return x + x * x * expRemainder(x)
  const high = x - k * LN2_HIGH
  const low = k * LN2_LOW
  const r = high - low
  const y = r + (r * r * expRemainder(r) + (high - r - low))
  if (k > 60) return scale(1 + y, k)
  return (1 - POWERS[1074 - k] + y) * POWERS[1074 + k]
}

/**
 * For s = f/(2+f), log(1+f) = 2 artanh s = 2s + s·R with R = 2s²/3 + 2s⁴/5 + …, to 3e-17 of 2s for |s| ≤ 3 − 2√2,
 * that is 1+f in [√½, √2].
 */
function logRemainder(s: number): number {
  const z = s * s
  const z2 = z * z
  const z4 = z2 * z2
  const low = 2 / 3 + z * (2 / 5) + z2 * (2 / 7 + z * (2 / 9))
  const high = 2 / 11 + z * (2 / 13) + z2 * (2 / 15 + z * (2 / 17)) + z4 * (2 / 19)
  return z * (low + z4 * high)
}

/** log(1+f) + k·ln 2 + rest, where 2s = f − s·f = f − (f²/2 − s·f²/2) keeps f exact. */
function logAssembled(f: number, k: number, rest: number): number {
  const s = f / (2 + f)
  const half = 0.5 * f * f
  return k * LN2_HIGH - (half - (s * (half + logRemainder(s)) + (k * LN2_LOW + rest)) - f)
}

/** Natural logarithm; −∞ at 0, NaN below. */
export function log(x: number): number {
  let shift = 0
  let y = x
  if (!(x >= SMALLEST_NORMAL && x < Infinity)) {
    if (!(x > 0) || x === Infinity) return x === 0 ? -Infinity : x > 0 ? x : NaN
    shift = -54
    y = x * TWO_POW_54
  }
  const k = exponent(y)
  return logAssembled(y * POWERS[1074 - k] - 1, k + shift, 0)
}

/** log(1 + x), without cancellation near 0; −∞ at −1, NaN below. */
export function log1p(x: number): number {
  if (x > -0.29 && x < 0.41) {
    const s = x / (2 + x)
    const half = 0.5 * x * x
    return x - (half - s * (half + logRemainder(s)))
  }
  if (!(x > -1 && x < 9007199254740992)) return x === -1 ? -Infinity : log(x)
  const u = 1 + x
  const lost = u >= 2 ? 1 - (u - x) : x - (u - 1)
  const k = exponent(u)
  return logAssembled(u * POWERS[1074 - k] - 1, k, lost / u)
}

/** (1+x)·log(1+x) − x for x > −1: the excess that large deviations are made of; relative accuracy everywhere. */
export function excess(x: number): number {
  if (!(x > -0.29 && x < 0.41)) return (1 + x) * log1p(x) - x
  const s = x / (2 + x)
  return (s * (2 * s + (1 + s) * logRemainder(s))) / (1 - s)
}

/** logΓ(x) − [(x − ½) log x − x + ½ log 2π] for x > 0: Stirling's tail, Σ B_2k / (2k (2k−1) x^(2k−1)). */
export function stirlingTail(x: number): number {
  let y = x
  let sum = 0
  // tail(y) = tail(y+1) + (y + ½) log(1 + 1/y) − 1
  for (; y < 10; y++) sum += (y + 0.5) * log1p(1 / y) - 1
  const z = 1 / (y * y)
  const low = 1 / 12 - z * (1 / 360 - z * (1 / 1260))
  const high = 1 / 1680 - z * (1 / 1188 - z * (691 / 360360 - z * (1 / 156 - z * (3617 / 122400))))
  return sum + (low - z * z * z * high) / y
}

/** logΓ(x) for x > 0, to 1e-14 of max(1, |value|); ∞ at 0, NaN below. */
export function logGamma(x: number): number {
  if (!(x > 0)) return x === 0 ? Infinity : NaN
  let y = x
  let product = 1
  for (; y < 10; y++) product *= y
  const stirling = (y - 0.5) * (log(y) - 1) - 0.5 + HALF_LOG_2PI + stirlingTail(y)
  return y === x ? stirling : stirling - log(product)
}

/** sin(πy) for |y| ≤ ¼. */
function sinReduced(y: number): number {
  const z = y * y
  const z2 = z * z
  const z4 = z2 * z2
  const low = -5.16771278004997 + z * 2.5501640398773455
  const middle = -0.5992645293207921 + z * 0.08214588661112823
  const high = -0.0073704309457143504 + z * 0.00046630280576761255
  const top = -2.1915353447830217e-5 + z * 7.952054001475513e-7
  const sum = low + z2 * middle + z4 * (high + z2 * top)
  return y * Math.PI + y * (1.2246467991473532e-16 + z * sum)
}

/** cos(πy) for |y| ≤ ¼. */
function cosReduced(y: number): number {
  const z = y * y
  const z2 = z * z
  const z4 = z2 * z2
  const low = -4.934802200544679 + z * 4.0587121264167685
  const middle = -1.3352627688545895 + z * 0.2353306303588932
  const high = -0.02580689139001406 + z * 0.0019295743094039231
  const top = -0.0001046381049248457 + z * 4.303069587032947e-6
  return 1 + z * (low + z2 * middle + z4 * (high + z2 * top))
}

/** sin(πx), exact at multiples of ½; NaN at ±∞. */
export function sinPi(x: number): number {
  const size = Math.abs(x)
  const turn = size - 2 * Math.floor(size / 2)
  const quarter = Math.floor(2 * turn + 0.5)
  const y = turn - quarter / 2
  const value = quarter & 1 ? cosReduced(y) : sinReduced(y)
  const flipped = (quarter & 2) !== 0
  return flipped === x < 0 ? value : -value
}

/** cos(πx), exact at multiples of ½; NaN at ±∞. */
export function cosPi(x: number): number {
  const size = Math.abs(x)
  const turn = size - 2 * Math.floor(size / 2)
  const quarter = Math.floor(2 * turn + 0.5)
  const y = turn - quarter / 2
  const value = quarter & 1 ? sinReduced(y) : cosReduced(y)
  return ((quarter + 1) & 2) !== 0 ? -value : value
}
