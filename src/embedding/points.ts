/** Points in space, and graphs between neighbours: the nearest k, or weights that fall off with the distance. */

import { cannot, demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { type Graph, graph } from '../graph/graph.ts'

export interface Points {
  /** [count, dimensions], row by row. */
  readonly data: Float64Array
  readonly count: number
  readonly dimensions: number
}

/** Checks numbers [count, dimensions]. Throws RangeError on what is not finite. */
export function points(data: ArrayLike<number>, dimensions: number): Points {
  demandGiven('take the points', { data, dimensions }, { data: 'list', dimensions: 'number' })
  const count = data.length / dimensions
  const whole = Number.isInteger(count) && count >= 2 && dimensions >= 1
  demand(whole, 'take the points', 'their number', 'a whole number of at least 2', count)
  const values = Float64Array.from(data)
  const wrong = values.findIndex(value => !Number.isFinite(value))
  if (wrong >= 0) {
    const place = `number ${wrong % dimensions} of point ${Math.floor(wrong / dimensions)}`
    throw new RangeError(cannot('take the points', place, 'finite', values[wrong]))
  }
  return { data: values, count, dimensions }
}

/** Euclidean distances [count, count]. Yields the share done. */
export function* euclidean(options: Points): Generator<number, Float64Array, void> {
  demandGiven(
    'measure the distances',
    { options },
    { options: { data: 'floats', count: 'number', dimensions: 'number' } },
  )
  const { data, count, dimensions } = options
  const out = new Float64Array(count * count)
  for (let i = 0; i < count; i++) {
    const a = i * dimensions
    for (let j = 0; j < i; j++) {
      const b = j * dimensions
      let sum = 0
      for (let k = 0; k < dimensions; k++) sum += (data[a + k] - data[b + k]) ** 2
      out[i * count + j] = out[j * count + i] = Math.sqrt(sum)
    }
    if (i % 64 === 63) yield (i / count) ** 2
  }
  return out
}

export interface NeighbourOptions {
  /** Neighbours of each point, default 10. */
  readonly k?: number
}

/** The points nearest to each, by rising distance (ties by number): [count, k]. */
export function nearest(apart: Float64Array, count: number, k: number): Int32Array {
  const fits = Number.isInteger(k) && k >= 1 && k < count
  demand(fits, 'find neighbours', 'their number', `a whole number from 1 to ${count - 1}`, k)
  const out = new Int32Array(count * k)
  const best = new Float64Array(k)
  for (let i = 0; i < count; i++) {
    let filled = 0
    for (let j = 0; j < count; j++) {
      const value = apart[i * count + j]
      if (j === i || (filled === k && value >= best[k - 1])) continue
      let at = filled < k ? filled++ : k - 1
      for (; at > 0 && best[at - 1] > value; at--) {
        best[at] = best[at - 1]
        out[i * k + at] = out[i * k + at - 1]
      }
      best[at] = value
      out[i * k + at] = j
    }
  }
  return out
}

/** Weight 1 between points of which one is among the k nearest of the other. */
export function nearestGraph(apart: Float64Array, count: number, options: NeighbourOptions = {}): Graph {
  demandGiven(
    'build the graph',
    { apart, count, options },
    { apart: 'floats', count: 'number', options: 'object' },
  )
  const { k = 10 } = options
  const near = nearest(apart, count, k)
  const edges: [number, number][] = []
  for (let i = 0; i < count; i++)
    for (let at = 0; at < k; at++) {
      const j = near[i * k + at]
      const mutual = near.subarray(j * k, (j + 1) * k).includes(i)
      if (!mutual || i < j) edges.push([i, j])
    }
  return graph({ nodes: count, edges })
}

export interface DecayOptions extends NeighbourOptions {
  /** α, default 40: large is close to the k nearest. */
  readonly decay?: number
}

/** Weights below this are no edges. */
const FAINT = 1e-4

/**
 * Weights ½ [exp(−(d/ε_i)^α) + exp(−(d/ε_j)^α)], ε the distance to the k-th neighbour
 * (Moon et al. 2019, Nat. Biotechnol. 37, 1482, "alpha-decay kernel").
 */
export function decayGraph(apart: Float64Array, count: number, options: DecayOptions = {}): Graph {
  demandGiven(
    'build the graph',
    { apart, count, options },
    { apart: 'floats', count: 'number', options: 'object' },
  )
  const { k = 10, decay = 40 } = options
  demand(decay > 0 && decay < Infinity, 'build the graph', 'the decay', 'above 0', decay)
  const near = nearest(apart, count, k)
  const width = Float64Array.from({ length: count }, (_, i) => apart[i * count + near[i * k + k - 1]])
  const edges: [number, number][] = []
  const weights: number[] = []
  for (let i = 0; i < count; i++)
    for (let j = 0; j < i; j++) {
      const d = apart[i * count + j]
      const weight = (fading(d, width[i], decay) + fading(d, width[j], decay)) / 2
      if (weight < FAINT) continue
      edges.push([j, i])
      weights.push(weight)
    }
  return graph({ nodes: count, edges, weights })
}

/** Points that lie in one place are neighbours whatever the width. */
const fading = (d: number, width: number, decay: number): number =>
  d === 0 ? 1 : Math.exp(-((d / width) ** decay))
