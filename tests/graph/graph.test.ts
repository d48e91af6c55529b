import { describe, expect, it } from 'vitest'
import { demandConnected, graph, parts } from '../../src/graph/index.ts'

describe('graph()', () => {
  it('lays every edge at both its ends, by rising node', () => {
    const g = graph({
      nodes: 4,
      edges: [
        [2, 0],
        [3, 2],
        [0, 1],
      ],
      weights: [2, 3, 5],
    })
    expect([...g.start]).toEqual([0, 2, 3, 5, 6])
    expect([...g.to]).toEqual([1, 2, 0, 0, 3, 2])
    expect([...g.weight]).toEqual([5, 2, 5, 2, 3, 3])
    expect([...g.degree]).toEqual([7, 5, 5, 3])
  })

  it('takes an edge that is listed from both ends for one', () => {
    const g = graph({
      nodes: 2,
      edges: [
        [0, 1],
        [1, 0],
      ],
      weights: [2, 2],
    })
    expect([...g.weight]).toEqual([2, 2])
  })

  it.each([
    [{ nodes: 0, edges: [] }, 'the number of nodes must be a whole number of at least 1, got 0'],
    [{ nodes: 3, edges: [[0, 3]] }, 'edge 0 must be between nodes 0 … 2, got "0–3"'],
    [{ nodes: 3, edges: [[0, Number.NaN]] }, 'edge 0 must be between nodes 0 … 2, got "0–NaN"'],
    [{ nodes: 3, edges: [[1, 1]] }, "edge 0 must be between two nodes (loops: 'drop' leaves such edges out)"],
    [{ nodes: 3, edges: [[0, 1]], weights: [Number.NaN] }, 'the weight of the edge 0–1 must be finite and'],
    [{ nodes: 3, edges: [[0, 1]], weights: [-1] }, 'must be finite and above 0, got -1'],
    [{ nodes: 3, edges: [[0, 1]], weights: [] }, 'the number of weights must be 1, one per edge, got 0'],
    [
      {
        nodes: 3,
        edges: [
          [0, 1],
          [0, 1],
        ],
      },
      'the edge 0–1 must be listed once from each end',
    ],
    [
      {
        nodes: 3,
        edges: [
          [0, 1],
          [1, 0],
        ],
        weights: [1, 2],
      },
      'the same in both directions (graphs here have no direction), got "1 and 2"',
    ],
  ] as const)('says what is wrong with %j', (options, message) => {
    expect(() => graph(options)).toThrow(message)
  })

  it('leaves self-loops out where it is told to', () => {
    expect([
      ...graph({
        nodes: 2,
        edges: [
          [0, 0],
          [0, 1],
        ],
        loops: 'drop',
      }).degree,
    ]).toEqual([1, 1])
  })

  it('`parts()` numbers what hangs together, and `demandConnected()` names a node that does not', () => {
    const g = graph({
      nodes: 5,
      edges: [
        [0, 2],
        [1, 3],
      ],
    })
    expect([...parts(g).part]).toEqual([0, 1, 0, 1, 2])
    expect(() => demandConnected(g, 'do that')).toThrow(
      'Cannot do that: the graph must be connected, got 3 parts (no path leads from node 0 to node 1)',
    )
  })
})
