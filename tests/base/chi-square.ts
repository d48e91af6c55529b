/**
 * The χ² test for counts, with its exact p-value, for tests all over the house.
 */

/** logΓ(x) for x > 0, good to 1e-13: Stirling's series after a shift. */
function logGamma(x: number): number {
  let shift = 0
  let y = x
  for (; y < 40; y++) shift -= Math.log(y)
  return (
    shift +
    (y - 0.5) * Math.log(y) -
    y +
    0.5 * Math.log(2 * Math.PI) +
    (1 / 12 - (1 / 360 - 1 / 1260 / (y * y)) / (y * y)) / y
  )
}

/** Q(a, x) = Γ(a, x)/Γ(a), the regularised upper incomplete gamma function, for a > 0, x ≥ 0. */
export function gammaQ(a: number, x: number): number {
  if (x <= 0) return 1
  const front = Math.exp(a * Math.log(x) - x - logGamma(a))
  if (x < a + 1) {
    // γ(a, x) = x^a e^-x Σ x^n / (a (a+1) … (a+n))
    let term = 1 / a
    let sum = term
    for (let n = 1; term > sum * 1e-17; n++) {
      term *= x / (a + n)
      sum += term
    }
    return 1 - front * sum
  }
  // Γ(a, x) = x^a e^-x · 1/(x+1−a − 1(1−a)/(x+3−a − 2(2−a)/(x+5−a − …))), summed from the inside.
  let tail = 0
  for (let n = Math.ceil(60 + 12 * Math.sqrt(x)); n > 0; n--)
    tail = (n * (n - a)) / (x + 2 * n + 1 - a - tail)
  return front / (x + 1 - a - tail)
}

/**
 * The probability that counts drawn from the expected law are at least as far from it as the observed ones.
 * Neighbouring bins are pooled until each expects 5; degrees of freedom: pooled bins − 1. Both must have the same
 * total (to 1e-6): give the tails a bin of their own. A count where exactly 0 is expected has p = 0.
 */
export function chiSquareP(observed: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (observed.length !== expected.length)
    throw new Error(`${observed.length} bins observed, ${expected.length} expected`)
  const pooled: [number, number][] = []
  let totals = [0, 0]
  let seen = 0
  let awaited = 0
  for (let i = 0; i < observed.length; i++) {
    if (expected[i] === 0 && observed[i] > 0) return 0
    seen += observed[i]
    awaited += expected[i]
    totals = [totals[0] + observed[i], totals[1] + expected[i]]
    if (awaited < 5) continue
    pooled.push([seen, awaited])
    seen = awaited = 0
  }
  if (!(Math.abs(totals[0] - totals[1]) <= 1e-6 * totals[0]))
    throw new Error(`${totals[0]} observed, ${totals[1]} expected`)
  if (pooled.length === 0) throw new Error(`${totals[1]} expected in all: too few for a test`)
  const last = pooled[pooled.length - 1]
  last[0] += seen
  last[1] += awaited
  if (pooled.length === 1) return 1
  let distance = 0
  for (const [o, e] of pooled) distance += (o - e) ** 2 / e
  return gammaQ((pooled.length - 1) / 2, distance / 2)
}
