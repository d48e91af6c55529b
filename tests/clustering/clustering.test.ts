import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import {
  adjustedRand,
  clusters,
  heatClusters,
  kernelKmeans,
  kmeans,
  mutualInformation,
  parameterOf,
  rejectCurve,
  spectralClusters,
  sweep,
} from '../../src/clustering/index.ts'
import { distances, graph, graphOfJson, planted, proximity } from '../../src/graph/index.ts'
import { finish, path } from '../graph/graphs.ts'

describe('agreement', () => {
  it('`adjustedRand()` and `mutualInformation()` are 1 for the same division under other names', () => {
    expect(adjustedRand([0, 0, 1, 1, 2], [5, 5, 3, 3, 9])).toBe(1)
    expect(mutualInformation([0, 0, 1, 1, 2], [5, 5, 3, 3, 9])).toBe(1)
  })

  it('match values worked out by hand', () => {
    // Pairs together: 2 of both, 2 + … : counts 2, 1 | 0, 3 of sizes 3, 3 and 2, 4.
    const [a, b] = [
      [0, 0, 0, 1, 1, 1],
      [0, 0, 1, 1, 1, 1],
    ]
    // (4 − 6·7/15) / (6.5 − 6·7/15)
    expect(Math.abs(adjustedRand(a, b) - (4 - 2.8) / (6.5 - 2.8))).toBeLessThan(1e-15)
    const h = (...p: number[]) => p.reduce((sum, q) => sum - q * Math.log(q), 0)
    const shared = h(1 / 2, 1 / 2) + h(1 / 3, 2 / 3) - h(1 / 3, 1 / 6, 1 / 2)
    const expected = shared / Math.sqrt(h(1 / 2, 1 / 2) * h(1 / 3, 2 / 3))
    expect(Math.abs(mutualInformation(a, b) - expected)).toBeLessThan(1e-14)
  })

  it('`adjustedRand()` is about 0 for divisions drawn at random', () => {
    const rng = random(1)
    const [a, b] = [0, 1].map(() => Array.from({ length: 3000 }, () => Math.floor(4 * rng.uniform())))
    expect(Math.abs(adjustedRand(a, b))).toBeLessThan(0.01)
  })
})

describe('k-means', () => {
  const rng = random(5)
  const labels = Array.from({ length: 90 }, (_, i) => i % 3)
  const data = Float64Array.from({ length: 180 }, (_, at) => {
    const label = labels[Math.floor(at / 2)]
    return rng.uniform() + (at % 2 === 0 ? 4 * label : 3 * (label % 2))
  })
  const gram = Float64Array.from({ length: 8100 }, (_, at) => {
    const [i, j] = [Math.floor(at / 90), at % 90]
    return data[2 * i] * data[2 * j] + data[2 * i + 1] * data[2 * j + 1]
  })

  it('on points, on their inner products and on the leading vectors of these is the same', () => {
    const options = { clusters: 3, random: random(2) }
    const plain = finish(kmeans(data, { ...options, dimensions: 2 }))
    const kernel = finish(kernelKmeans(gram, options))
    for (const found of [plain, kernel, finish(spectralClusters(gram, options))])
      expect(adjustedRand(found.labels, labels)).toBe(1)
    expect(Math.abs(plain.inertia - kernel.inertia)).toBeLessThan(1e-9 * plain.inertia)
  })

  it('is the same again from the same seed, and refuses more clusters than points', () => {
    const again = () => [...finish(kernelKmeans(gram, { clusters: 7, random: random(9), starts: 2 })).labels]
    expect(again()).toEqual(again())
    expect(() => finish(kernelKmeans(gram, { clusters: 91, random: random(1) }))).toThrow(
      'Cannot divide into clusters: their number must be a whole number from 1 to 90, got 91',
    )
  })
})

describe('clusters of graphs', () => {
  const drawn = planted({ sizes: [50, 30, 40], inside: 0.4, outside: 0.03, random: random(4) })

  it('finds planted classes, by every logarithmic kernel and either method', () => {
    for (const kernel of [
      'log-walk',
      'log-communicability',
      'log-forest',
      'log-heat',
      'log-pagerank',
      'log-absorption',
    ] as const)
      for (const method of ['kmeans', 'spectral'] as const) {
        const table = finish(proximity(drawn.graph, { kernel, t: parameterOf(drawn.graph, kernel, 0.4) }))
        const found = finish(clusters(table, { clusters: 3, random: random(1), method }))
        expect(adjustedRand(found.labels, drawn.labels), `${kernel} ${method}`).toBeGreaterThan(0.9)
      }
  })

  it('`heatClusters()` finds them without a table', () => {
    const found = finish(heatClusters(drawn.graph, { clusters: 3, random: random(1), t: 0.5 }))
    expect(adjustedRand(found.labels, drawn.labels)).toBeGreaterThan(0.9)
  })

  it('`sweep()` gives a row per kernel and share, and leaves out what exceeds the doubles', () => {
    const options = { labels: drawn.labels, clusters: 3, kernels: ['communicability'] as const, starts: 2 }
    const rows = finish(sweep(drawn.graph, { ...options, shares: [0.1, 0.9999] }))
    expect(rows.map(({ share }) => share)).toEqual([0.1])
    expect(rows[0].t).toBeCloseTo(1 / 9, 12)
  })

  it('`rejectCurve()` goes from all rejected to all accepted, straight down where distances tell the classes', () => {
    const curve = rejectCurve(
      distances(finish(proximity(path(6), { kernel: 'log-forest', t: 1 }))),
      [0, 0, 0, 1, 1, 1],
    )
    expect(curve[0]).toEqual([0, 1])
    expect(curve.at(-1)).toEqual([1, 0])
    const apart = Float64Array.of(0, 1, 9, 9, 1, 0, 9, 9, 9, 9, 0, 1, 9, 9, 1, 0)
    expect(rejectCurve(apart, [0, 0, 1, 1])).toEqual([
      [0, 1],
      [0, 0],
      [1, 0],
    ])
  })
})

const communities = new URL('../../../shared/data/graphs/communities/', import.meta.url)
const read = (name: string) =>
  graphOfJson(JSON.parse(readFileSync(new URL(`${name}.json`, communities), 'utf8')), { name })

describe.skipIf(!existsSync(communities))('on shared graphs (skipped where they are absent)', () => {
  it('log-communicability divides the karate club as it divided itself', () => {
    const { graph: karate, labels } = read('karate')
    const table = finish(proximity(karate, { kernel: 'log-communicability', t: 1 }))
    for (const method of ['kmeans', 'spectral'] as const)
      expect(
        adjustedRand(finish(clusters(table, { clusters: 2, random: random(0), method })).labels, labels!),
      ).toBe(1)
  })

  it('log-forest on football agrees with the conferences to NMI 0.903 ± 0.02', () => {
    const { graph: football, labels } = read('football')
    const table = finish(proximity(football, { kernel: 'log-forest', t: 1 }))
    let sum = 0
    for (let seed = 0; seed < 10; seed++)
      sum += mutualInformation(
        finish(kernelKmeans(table, { clusters: 12, random: random(seed) })).labels,
        labels!,
      )
    expect(Math.abs(sum / 10 - 0.903)).toBeLessThan(0.02)
  })
})

describe('graphOfJson()', () => {
  it.each([
    [[], 'the file must be one object {n, edges}, got "a list"'],
    [{ n: 'x', edges: [] }, 'n must be the number of nodes, got "x"'],
    [{ n: 2 }, 'edges must be a list of pairs, got undefined'],
    [{ n: 2, edges: [[0, 1, 2]] }, 'edge 0 must be a pair of nodes, got [0, 1, 2]'],
    [{ n: 2, edges: [[0, 1]], label: [0] }, 'label must be 2 classes, whole numbers from 0'],
    [{ n: 2, edges: [[0, 1]], weights: [null] }, 'weights must be a list of numbers, got [null]'],
  ])('says what is wrong with %j', (value, message) => {
    expect(() => graphOfJson(value, { name: 'g.json' })).toThrow(message)
  })

  it('reads edges, weights and classes', () => {
    const {
      graph: g,
      labels,
      classes,
    } = graphOfJson(
      { n: 2, edges: [[0, 1]], weights: [3], label: [1, 0], classes: ['a', 'b'] },
      { name: 'g.json' },
    )
    expect([...g.weight, ...labels!, ...classes!]).toEqual([3, 3, 1, 0, 'a', 'b'])
    expect(graph({ nodes: 2, edges: [[0, 1]], weights: [3] })).toEqual(g)
  })
})
