// Statistics of graphs whose numbers are known.
import { describe, expect, it } from 'vitest'
import { clusteringOf, degreeShares, graph, ORBITS, orbitCounts } from '../../src/graph/index.ts'

const complete = (n: number) =>
  graph({
    nodes: n,
    edges: Array.from({ length: n * n }, (_, i) => [Math.floor(i / n), i % n] as const).filter(
      ([a, b]) => a < b,
    ),
  })
const path = graph({
  nodes: 4,
  edges: [
    [0, 1],
    [1, 2],
    [2, 3],
  ],
})
const star = graph({
  nodes: 4,
  edges: [
    [0, 1],
    [0, 2],
    [0, 3],
  ],
})
const ring = graph({
  nodes: 4,
  edges: [
    [0, 1],
    [1, 2],
    [2, 3],
    [0, 3],
  ],
})
const paw = graph({
  nodes: 4,
  edges: [
    [0, 1],
    [1, 2],
    [0, 2],
    [2, 3],
  ],
})
const diamond = graph({
  nodes: 4,
  edges: [
    [0, 1],
    [1, 2],
    [2, 3],
    [0, 3],
    [0, 2],
  ],
})
/** Orbits of four nodes alone, [node, orbit] that are there. */
const largeOrbits = (of: Parameters<typeof orbitCounts>[0]) => {
  const counts = orbitCounts(of)
  return Array.from({ length: 4 }, (_, i) =>
    counts.slice(i * ORBITS, (i + 1) * ORBITS).findLastIndex(n => n > 0),
  )
}

describe('orbitCounts()', () => {
  it('knows the eleven orbits of four nodes as they are numbered', () => {
    expect(largeOrbits(path)).toEqual([4, 5, 5, 4])
    expect(largeOrbits(star)).toEqual([7, 6, 6, 6])
    expect(largeOrbits(ring)).toEqual([8, 8, 8, 8])
    expect(largeOrbits(paw)).toEqual([10, 10, 11, 9])
    expect(largeOrbits(diamond)).toEqual([13, 12, 13, 12])
    expect(largeOrbits(complete(4))).toEqual([14, 14, 14, 14])
  })

  it('counts them: degrees, triangles, and all sets of four of a complete graph', () => {
    const counts = orbitCounts(complete(7))
    const first = counts.slice(0, ORBITS)
    expect([first[0], first[3], first[14]]).toEqual([6, 15, 20])
    expect(first.reduce((a, b) => a + b)).toBe(41)
    const open = orbitCounts(star).slice(0, ORBITS)
    expect([...open.slice(0, 4), open[7]]).toEqual([3, 0, 3, 0, 1])
  })
})

describe('degreeShares() and clusteringOf()', () => {
  it('tell both of known graphs', () => {
    expect([...degreeShares(star)]).toEqual([0, 0.75, 0, 0.25])
    expect([...clusteringOf(paw)]).toEqual([1, 1, 1 / 3, 0])
    expect([...clusteringOf(complete(5))]).toEqual([1, 1, 1, 1, 1])
  })
})
