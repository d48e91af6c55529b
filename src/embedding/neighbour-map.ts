/**
 * Stochastic neighbours: a map in which j is as likely a neighbour of i as heat says, by descent of the divergence
 * Σ p_ij log(p_ij / q_ij), q_ij ∝ 1 / (1 + |y_i − y_j|²) (van der Maaten & Hinton 2008, eq. 4 and 5).
 */

export interface NeighbourMapOptions {
  /** [n, dimensions] to begin from; only its shape matters, not its size. */
  readonly start: Float64Array
  readonly dimensions: number
  /** Default 250. */
  readonly rounds?: number
}

/** Affinities are this much stronger in the first quarter, so that clusters find their places. */
const EXAGGERATION = 4

/** Yields the share done. */
export function* stochasticNeighbours(
  kernel: Float64Array,
  { start, dimensions, rounds = 250 }: NeighbourMapOptions,
): Generator<number, Float64Array, void> {
  const n = start.length / dimensions
  const p = affinities(kernel, n)
  const map = resized(start)
  const velocity = new Float64Array(map.length)
  const gain = new Float64Array(map.length).fill(1)
  const rate = Math.max(10, n / EXAGGERATION / 4)
  for (let round = 0; round < rounds; round++) {
    const slope = slopeOf(p, map, { n, dimensions, factor: round < rounds / 4 ? EXAGGERATION : 1 })
    const momentum = round < rounds / 4 ? 0.5 : 0.8
    for (let i = 0; i < map.length; i++) {
      gain[i] = Math.max(0.01, slope[i] > 0 === velocity[i] > 0 ? 0.8 * gain[i] : gain[i] + 0.2)
      velocity[i] = momentum * velocity[i] - rate * gain[i] * slope[i]
      map[i] += velocity[i]
    }
    yield round / rounds
  }
  return map
}

/** Heat from each node to the others, as a law of pairs. */
function affinities(kernel: Float64Array, n: number): Float64Array {
  const p = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    let sum = 0
    for (let j = 0; j < n; j++) if (j !== i) sum += kernel[i * n + j]
    for (let j = 0; j < n; j++) if (j !== i) p[i * n + j] += kernel[i * n + j] / (2 * n * sum)
    for (let j = 0; j < n; j++) if (j !== i) p[j * n + i] += kernel[i * n + j] / (2 * n * sum)
  }
  return p
}

/** A map of standard deviation 1e-2. */
function resized(start: Float64Array): Float64Array {
  const size = Math.sqrt(start.reduce((sum, value) => sum + value * value, 0) / start.length)
  return start.map(value => (0.01 * value) / size)
}

/** 4 Σ_j (p_ij − q_ij) (y_i − y_j) / (1 + |y_i − y_j|²) */
function slopeOf(
  p: Float64Array,
  map: Float64Array,
  { n, dimensions: d, factor }: { n: number; dimensions: number; factor: number },
): Float64Array {
  const pull = new Float64Array(map.length)
  const push = new Float64Array(map.length)
  let total = 0
  for (let i = 0; i < n; i++) {
    const a = i * d
    for (let j = 0; j < i; j++) {
      const b = j * d
      let square = 1
      for (let k = 0; k < d; k++) square += (map[a + k] - map[b + k]) ** 2
      const near = 1 / square
      total += 2 * near
      const [strength, back] = [factor * p[i * n + j] * near, near * near]
      for (let k = 0; k < d; k++) {
        const apart = map[a + k] - map[b + k]
        pull[a + k] += strength * apart
        pull[b + k] -= strength * apart
        push[a + k] += back * apart
        push[b + k] -= back * apart
      }
    }
  }
  return pull.map((value, i) => 4 * (value - push[i] / total))
}
