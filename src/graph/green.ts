/**
 * Inverses of Laplacians with ground: X = (L + diag(g))⁻¹, the expected time at each node of a walk that is stopped at
 * the rates g. Every entry is found without a subtraction (Grassmann, Taksar & Heyman 1985; for whole inverses
 * Alfa, Xue & Ye 2002), so each is right to some 1e-14 of itself, however small: logarithms of them can be taken.
 */
import { demandGiven } from '../base/given.ts'

export interface Grounded {
  readonly nodes: number
  /** [nodes, nodes], symmetric, not negative; its diagonal is not read. Destroyed. */
  readonly weights: Float64Array
  /** [nodes], not negative, above 0 somewhere in each part. Destroyed. */
  readonly ground: Float64Array
}

/** The inverse [nodes, nodes] of the Laplacian of the weights plus the ground. Yields the share done. */
export function* green(options: Grounded): Generator<number, Float64Array, void> {
  demandGiven(
    'invert the Laplacian',
    { options },
    { options: { nodes: 'number', weights: 'floats', ground: 'floats' } },
  )
  const { nodes: n, weights: w, ground } = options
  const pivots = new Float64Array(n)
  let work = 0
  // Nodes leave from the last on; what led through them is laid between those that stay.
  for (let k = n - 1; k >= 0; k--) {
    const row = k * n
    let pivot = ground[k]
    for (let j = 0; j < k; j++) pivot += w[row + j]
    pivots[k] = pivot
    for (let i = 0; i < k; i++) {
      const part = w[row + i] / pivot
      if (part === 0) continue
      ground[i] += part * ground[k]
      const at = i * n
      for (let j = 0; j < i; j++) w[at + j] += part * w[row + j]
    }
    // From here on row k holds the shares l_k of what comes to k.
    for (let i = 0; i < k; i++) w[row + i] /= pivot
    work += k * k
    if (work > 3e7) {
      work = 0
      yield (1 - (k / n) ** 3) / 3
    }
  }
  return yield* rebuilt(w, pivots)
}

/** Nodes come back: X_ik = Σ_j X_ij l_jk and X_kk = 1/p_k + Σ_j l_jk X_jk. */
function* rebuilt(shares: Float64Array, pivots: Float64Array): Generator<number, Float64Array, void> {
  const n = pivots.length
  const x = new Float64Array(n * n)
  let work = 0
  for (let k = 0; k < n; k++) {
    const row = k * n
    const end = row + k
    let own = 1 / pivots[k]
    for (let i = 0; i < k; i++) {
      const share = shares[row + i]
      if (share === 0) continue
      const at = i * n
      for (let j = 0; j < k; j++) x[row + j] += share * x[at + j]
    }
    for (let i = 0; i < k; i++) {
      own += shares[row + i] * x[row + i]
      x[i * n + k] = x[row + i]
    }
    x[end] = own
    work += k * k
    if (work > 3e7) {
      work = 0
      yield 1 / 3 + ((k / n) ** 3 * 2) / 3
    }
  }
  return x
}
