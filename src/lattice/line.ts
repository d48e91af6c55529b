// The walk on the infinite line: q(j) = e^{-2 tau} I_|j|(2 tau), I the modified Bessel function.

/** Below this the walk's probability is written as exactly 0, so that no subnormal number slows the sums. */
const NEGLIGIBLE = 1e-290

/**
 * Writes q(0), …, q(last) for tau >= 0, each to a few units of 1e-16 times j of relative accuracy.
 *
 * `I_{j-1}(z) - I_{j+1}(z) = (2j/z) I_j(z)` at z = 2 tau is a recurrence for the ratios of neighbours,
 * `q(j)/q(j-1) = tau / (j + tau q(j+1)/q(j))`, run downwards (Miller) where it forgets its start; the scale comes
 * from `q(0) + 2 Σ q(j) = 1`, summed as nested products. Every term is positive: nothing cancels or overflows.
 * `last` must lie where q is negligible; `reach()` says how far.
 */
export function line(tau: number, last: number, q: Float64Array): void {
  let ratio = 0
  let tail = 0
  for (let j = last; j >= 1; j--) {
    ratio = tau / (j + tau * ratio)
    tail = ratio * (1 + tail)
    q[j] = ratio
  }
  let value = 1 / (1 + 2 * tail)
  q[0] = value
  for (let j = 1; j <= last; j++) {
    value *= q[j]
    if (value < NEGLIGIBLE) value = 0
    q[j] = value
  }
}

/**
 * A distance x with q(j + x) <= 1e-18 q(j) for every j >= 0.
 *
 * Bernstein's bound gives `q(x)/q(0) <= exp(-x² / (4 tau + 2x/3))`, solved here for the exponent 42; log q is
 * concave in j, so the fall from any j is at least the fall from 0.
 */
export function reach(tau: number): number {
  return Math.ceil(14 + Math.sqrt(196 + 168 * tau))
}
