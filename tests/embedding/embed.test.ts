import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import {
  classical,
  decayGraph,
  embed,
  embeddingNames,
  euclidean,
  heatDistances,
  heatEntropies,
  knee,
  metric,
  nearestGraph,
  normalisedHeat,
  points,
  potentialDistances,
  shortestWays,
} from '../../src/embedding/index.ts'
import { graph, graphKernel, modesOf, parts } from '../../src/graph/index.ts'
import { apart, finish, path, tangle, vectors } from '../graph/graphs.ts'
import { mapDistances, pearson, swissRoll } from './shapes.ts'

const roll = swissRoll(500, 10, 3)
const straight = finish(euclidean(roll.points))

describe('points and their graphs', () => {
  it('`points()` names what is not finite', () => {
    expect(() => points([1, 2, Number.NaN, 4], 2)).toThrow(
      'Cannot take the points: number 0 of point 1 must be finite, got NaN',
    )
  })

  it('`nearestGraph()` links what is near from either end, `decayGraph()` with weights 1 down to 1e-4', () => {
    const line = finish(euclidean(points([0, 1, 2.1, 3.3, 9], 1)))
    const g = nearestGraph(line, 5, { k: 1 })
    expect([...g.to.slice(g.start[3], g.start[4])]).toEqual([2, 4])
    const soft = decayGraph(line, 5, { k: 1, decay: 2 })
    const first = soft.weight[soft.start[0]]
    expect(Math.abs(first - Math.exp(-1))).toBeLessThan(1e-15)
    expect(Math.min(...soft.weight)).toBeGreaterThanOrEqual(1e-4)
  })

  it('`shortestWays()` are those of the Swiss roll, to 1 % on average', () => {
    const g = decayGraph(straight, 500, { k: 8 })
    expect(parts(g).count).toBe(1)
    const ways = finish(shortestWays(g, (i, j) => straight[i * 500 + j]))
    expect(pearson(ways, roll.truth)).toBeGreaterThan(0.99)
    expect(ways.every((way, i) => way >= straight[i] - 1e-9)).toBe(true)
  })
})

describe('heat distances', () => {
  it('`normalisedHeat()` is the exponential of the normalised Laplacian (scipy), by sums and by polynomials', () => {
    const { t, table } = vectors.kernels.normalised
    for (const exact of [true, false])
      expect(apart(finish(normalisedHeat(graph(vectors), { t, exact })), table)).toBeLessThan(1e-14)
  })

  it('on a line √(−4τ log(k_τ(0, j) / k_τ(0, 0))) is j within 0.3 % for j ≤ 20 at τ = 50', () => {
    const g = path(301)
    const row = graphKernel(g, finish(modesOf(g))).row(50, 150)
    for (let j = 1; j <= 20; j++)
      expect(Math.abs(Math.sqrt(-200 * Math.log(row[150 + j] / row[150])) / j - 1)).toBeLessThan(0.003)
  })

  it('follow the geodesics of a Swiss roll of 500 points: Pearson ≥ 0.97, also in the map', () => {
    const g = decayGraph(straight, 500, { k: 10 })
    const { t, apart: found, map } = finish(embed(g, { random: random(1) }))
    expect(t).toBeGreaterThan(1)
    expect(pearson(found as Float64Array, roll.truth)).toBeGreaterThan(0.97)
    expect(pearson(mapDistances(map), roll.truth)).toBeGreaterThan(0.94)
    // The straight distances through space do not.
    expect(pearson(straight, roll.truth)).toBeLessThan(0.7)
  })

  it('the volume term takes out how fast heat leaves: on a graph of equal places it shifts all squares alike', () => {
    const ring = graph({ nodes: 30, edges: Array.from({ length: 30 }, (_, i) => [i, (i + 1) % 30] as const) })
    const kernel = finish(normalisedHeat(ring, { t: 4, exact: true }))
    const [without, full] = [heatDistances(kernel, { t: 4 }), heatDistances(kernel, { t: 4, volume: 1 })]
    const shift = without[1] ** 2 - full[1] ** 2
    for (let j = 1; j < 30; j++) expect(Math.abs(without[j] ** 2 - full[j] ** 2 - shift)).toBeLessThan(1e-10)
    expect(Math.abs(shift + 16 * Math.log(kernel[0]))).toBeLessThan(1e-10)
  })

  it('`heatEntropies()` rises from 0 to that of even heat, and `knee()` finds the bend of a curve', () => {
    const [first, last] = finish(heatEntropies(tangle(40, 200, 1), [1e-9, 1e4]))
    expect(first / 40).toBeLessThan(1e-6)
    expect(last / 40).toBeGreaterThan(3)
    expect(knee([0, 1, 2, 3, 4, 5], [0, 5, 9, 9.5, 9.8, 10])).toBe(2)
  })

  it('`potentialDistances()` are the distances of the rows of −log H', () => {
    const kernel = finish(normalisedHeat(tangle(20, 20, 2), { t: 1, exact: true }))
    const found = finish(potentialDistances(kernel, 1e-16))
    const rows = Array.from({ length: 20 }, (_, i) => kernel.slice(20 * i, 20 * i + 20))
    const potential = rows.map(row => row.map(h => Math.log(h / row.reduce((sum, x) => sum + x, 0))))
    const expected = Math.hypot(...potential[3].map((value, k) => value - potential[7][k]))
    expect(Math.abs(found[67] - expected)).toBeLessThan(1e-9)
  })
})

describe('maps', () => {
  it('`classical()` and `metric()` give a flat shape back', () => {
    const rng = random(6)
    const flat = Float64Array.from({ length: 120 }, () => rng.uniform())
    const wanted = mapDistances(flat)
    for (const scaling of [classical, metric])
      expect(apart(mapDistances(finish(scaling(wanted, { random: random(2) }))), wanted)).toBeLessThan(1e-7)
  })

  it('every preset keeps the order of a long line of nodes', () => {
    const g = path(40)
    for (const preset of embeddingNames) {
      const { map } = finish(embed(g, { random: random(3), preset, t: 8 }))
      const near = mapDistances(map)
      expect(near[1], preset).toBeLessThan(near[39])
      expect(near.every(Number.isFinite), preset).toBe(true)
      let kept = 0
      for (let i = 1; i < 39; i++) if (near[40 * i + i + 1] < near[40 * i + ((i + 20) % 40)]) kept++
      expect(kept, preset).toBeGreaterThanOrEqual(36)
    }
  })

  it('refuse a graph that falls apart and presets that are none', () => {
    const split = graph({
      nodes: 4,
      edges: [
        [0, 1],
        [2, 3],
      ],
    })
    expect(() => finish(embed(split, { random: random(1) }))).toThrow(
      'the graph must be connected, got 2 parts',
    )
    const preset = 'umap' as (typeof embeddingNames)[number]
    expect(() => finish(embed(path(5), { random: random(1), preset }))).toThrow(
      'the preset must be one of heat, phate',
    )
  })
})
