/**
 * Maps of distances: classical scaling (Torgerson 1952), and metric scaling that makes the stress
 * Σ (d_ij − |y_i − y_j|)² small by majorisation (de Leeuw 1977; Borg & Groenen, Modern Multidimensional Scaling, §8.6).
 */
import { demandGiven } from '../base/given.ts'
import type { Random } from '../base/random.ts'
import { lanczos } from '../graph/lanczos.ts'

export interface MdsOptions {
  readonly random: Random
  /** Default 2. */
  readonly dimensions?: number
}

/** [n, dimensions] whose inner products are −½ J d² J as nearly as can be. Yields the share done. */
export function* classical(apart: Float64Array, options: MdsOptions): Generator<number, Float64Array, void> {
  demandGiven(
    'embed the points',
    { apart, options },
    { apart: 'floats', options: { random: 'stream', dimensions: 'number?' } },
  )
  const { random, dimensions = 2 } = options
  const n = Math.round(Math.sqrt(apart.length))
  const apply = (vector: Float64Array): Float64Array => {
    const x = centred(vector)
    const out = new Float64Array(n)
    for (let i = 0; i < n; i++) {
      let sum = 0
      for (let j = 0, row = i * n; j < n; j++) sum += apart[row + j] * apart[row + j] * x[j]
      out[i] = -sum / 2
    }
    return centred(out)
  }
  const { values, vectors } = yield* lanczos(apply, { size: n, count: Math.min(dimensions, n), random })
  const map = new Float64Array(n * dimensions)
  values.forEach((value, k) => {
    const root = Math.sqrt(Math.max(0, value))
    for (let i = 0; i < n; i++) map[i * dimensions + k] = root * vectors[k * n + i]
  })
  return map
}

/** Most rounds, and the fall of the stress per round, in parts, at which to stop. */
const ROUNDS = 300
const SETTLED = 1e-5

/** A metric map [n, dimensions], from the classical one on. Yields the share done. */
export function* metric(apart: Float64Array, options: MdsOptions): Generator<number, Float64Array, void> {
  demandGiven(
    'embed the points',
    { apart, options },
    { apart: 'floats', options: { random: 'stream', dimensions: 'number?' } },
  )
  const { dimensions = 2 } = options
  let map = yield* classical(apart, options)
  const n = map.length / dimensions
  let before = Number.POSITIVE_INFINITY
  for (let round = 0; round < ROUNDS; round++) {
    const { next, stress } = majorised(apart, map, { n, dimensions })
    map = next
    if (before - stress <= SETTLED * stress) break
    before = stress
    yield round / ROUNDS
  }
  return map
}

/** The stress of a map and a map of less: y_i ← (1/n) Σ_j d_ij (y_i − y_j) / |y_i − y_j| about the mean. */
function majorised(
  apart: Float64Array,
  map: Float64Array,
  { n, dimensions }: { readonly n: number; readonly dimensions: number },
): { next: Float64Array; stress: number } {
  const next = new Float64Array(map.length)
  let stress = 0
  for (let i = 0; i < n; i++) {
    const a = i * dimensions
    for (let j = 0; j < i; j++) {
      const b = j * dimensions
      let square = 0
      for (let k = 0; k < dimensions; k++) square += (map[a + k] - map[b + k]) ** 2
      const length = Math.sqrt(square)
      const wanted = apart[i * n + j]
      stress += (wanted - length) ** 2
      if (length === 0) continue
      const ratio = wanted / length
      for (let k = 0; k < dimensions; k++) {
        const change = ratio * (map[a + k] - map[b + k])
        next[a + k] += change
        next[b + k] -= change
      }
    }
  }
  for (let i = 0; i < next.length; i++) next[i] /= n
  return { next, stress }
}

function centred(vector: Float64Array): Float64Array {
  let mean = 0
  for (let i = 0; i < vector.length; i++) mean += vector[i]
  mean /= vector.length
  return vector.map(value => value - mean)
}
