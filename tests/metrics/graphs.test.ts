// Distances of sets of small graphs, against a few that can be worked out by hand.
import { describe, expect, it } from 'vitest'
import { graphDistances, novelty } from '../../src/metrics/index.ts'

const triangle = {
  n: 3,
  edges: [
    [0, 1],
    [0, 2],
    [1, 2],
  ] as const,
}
const path = {
  n: 3,
  edges: [
    [0, 1],
    [1, 2],
  ] as const,
}

describe('graphDistances()', () => {
  it('is 0 of a set from itself, and does not see nodes without an edge', () => {
    expect(graphDistances([triangle, path], [path, triangle]).mean).toBeCloseTo(0, 12)
    expect(graphDistances([{ ...path, n: 5 }], [path]).mean).toBe(0)
  })

  it('of a triangle and a path is what the three kernels say', () => {
    const found = graphDistances([triangle], [path])
    // Degrees: all 2, or two of three 1: two thirds are moved by one. MMD² of single graphs is 2 - 2k.
    expect(found.degree).toBeCloseTo(2 - 2 * Math.exp(-((2 / 3) ** 2) / 2), 12)
    // Clustering: all in the last of 100 bins, or all in the first: moved by 0.99.
    expect(found.clustering).toBeCloseTo(2 - 2 * Math.exp(-(0.99 ** 2) / 0.02), 12)
    // Orbits 0 … 3, means of a graph: [2, 0, 0, 1], or [4/3, 2/3, 1/3, 0].
    const square = (2 / 3) ** 2 + (2 / 3) ** 2 + (1 / 3) ** 2 + 1
    expect(found.orbits).toBeCloseTo(2 - 2 * Math.exp(-square / 1800), 12)
    expect(found.mean).toBeCloseTo((found.degree + found.clustering + found.orbits) / 3, 12)
  })
})

describe('novelty()', () => {
  it('is the share of graphs that are like none, in whatever order their nodes are', () => {
    const turned = {
      n: 3,
      edges: [
        [0, 1],
        [0, 2],
      ] as const,
    }
    expect(novelty([turned, triangle, { n: 4, edges: path.edges }], [path])).toBeCloseTo(2 / 3, 12)
  })
})
