// The maximum mean discrepancy between two sets, by a kernel of two of their members.
import { exp } from '../base/numeric.ts'

/** MMD² = E k(a, a') + E k(b, b') - 2 E k(a, b), the means over all pairs (Gretton et al. 2012, eq. 5: biased, never below 0). */
export function discrepancy<T>(a: readonly T[], b: readonly T[], kernel: (x: T, y: T) => number): number {
  const mean = (of: readonly T[], with1: readonly T[]) => {
    let sum = 0
    for (const x of of) for (const y of with1) sum += kernel(x, y)
    return sum / (of.length * with1.length)
  }
  return Math.max(0, mean(a, a) + mean(b, b) - 2 * mean(a, b))
}

/** e^{-d²/2σ²}, d the earth mover's distance of two histograms of sum 1 whose bins are `width` wide (You et al. 2018, GraphRNN). */
export function moverKernel({
  width = 1,
  sigma = 1,
} = {}): (p: ArrayLike<number>, q: ArrayLike<number>) => number {
  return (p, q) => {
    let [gap, moved] = [0, 0]
    for (let i = 0; i < Math.max(p.length, q.length); i++) {
      gap += (i < p.length ? p[i] : 0) - (i < q.length ? q[i] : 0)
      moved += Math.abs(gap) * width
    }
    return exp(-(moved * moved) / (2 * sigma * sigma))
  }
}

/** e^{-|p - q|²/2σ²} of two vectors. */
export function gaussianKernel(sigma: number): (p: ArrayLike<number>, q: ArrayLike<number>) => number {
  return (p, q) => {
    let square = 0
    for (let i = 0; i < p.length; i++) square += (p[i] - q[i]) ** 2
    return exp(-square / (2 * sigma * sigma))
  }
}
