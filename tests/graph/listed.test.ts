// Lists of small graphs: what is one, and as counts and back.
import { describe, expect, it } from 'vitest'
import { countsOfGraphs, graphsOfCounts, kindsOf, smallGraphsOfJson } from '../../src/graph/index.ts'

const name = 'list.json'

describe('smallGraphsOfJson()', () => {
  it('reads a list, the smaller end of every edge first', () => {
    expect(
      smallGraphsOfJson(
        [
          {
            n: 3,
            edges: [
              [2, 0],
              [1, 2],
            ],
          },
        ],
        { name },
      ),
    ).toEqual([
      {
        n: 3,
        edges: [
          [0, 2],
          [1, 2],
        ],
      },
    ])
  })

  it.each([
    [{ n: 3, edges: [] }, 'the file'],
    [[], 'the file'],
    [[{ n: 0, edges: [] }], 'n of graph 0'],
    [[{ n: 1e9, edges: [] }], 'n of graph 0'],
    [[{ n: 2 }], 'edges of graph 0'],
    [
      [
        { n: 2, edges: [[0, 1]] },
        { n: 2, edges: [[0, 2]] },
      ],
      'an edge of graph 1',
    ],
    [[{ n: 2, edges: [[0, 0]] }], 'an edge of graph 0'],
    [
      [
        {
          n: 2,
          edges: [
            [0, 1],
            [1, 0],
          ],
        },
      ],
      'listed once',
    ],
    [[{ n: 2, edges: [[0, 1, 1]] }], 'an edge of graph 0'],
    [[{ n: 2, edges: [[0, 1]], weights: [5] }], 'weights of graph 0'],
    [[{ n: 2, edges: [[0, 1]], label: ['C'] }], 'label of graph 0'],
  ])('refuses %j', (value, words) => {
    expect(() => smallGraphsOfJson(value, { name })).toThrow(SyntaxError)
    expect(() => smallGraphsOfJson(value, { name })).toThrow(words)
  })
})

describe('countsOfGraphs()', () => {
  const graphs = [
    {
      n: 3,
      edges: [
        [0, 1],
        [1, 2],
      ] as const,
    },
    { n: 4, edges: [[0, 3]] as const },
  ]

  it('has nodes on the diagonal and edges above it, and graphsOfCounts() takes it back', () => {
    const counts = countsOfGraphs(graphs, { nodes: 4 })
    expect([...counts.subarray(0, 16)]).toEqual([1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0])
    expect(graphsOfCounts(counts, { nodes: 4 })).toEqual(graphs)
  })

  it('numbers nodes anew where others are absent', () => {
    const counts = [0, 0, 0, 0, 1, 1, 0, 0, 1]
    expect(graphsOfCounts(counts, { nodes: 3 })).toEqual([{ n: 2, edges: [[0, 1]] }])
  })

  it('refuses graphs that are too large', () => {
    expect(() => countsOfGraphs(graphs, { nodes: 3 })).toThrow(
      'the nodes of graph 1 must be at most 3, got 4',
    )
  })

  it('holds what nodes are and how many edges a pair has, and takes these back', () => {
    const molecules = [
      {
        n: 3,
        edges: [
          [0, 1],
          [1, 2],
        ] as const,
        weights: [1, 2],
        label: ['C', 'C', 'O'],
      },
      { n: 2, edges: [[0, 1]] as const, weights: [3], label: ['C', 'N'] },
    ]
    const kinds = kindsOf(molecules)
    expect(kinds).toEqual(['C', 'N', 'O'])
    const counts = countsOfGraphs(molecules, { nodes: 3, kinds })
    expect([...counts]).toEqual([1, 1, 0, 0, 1, 2, 0, 0, 3, 1, 3, 0, 0, 2, 0, 0, 0, 0])
    expect(graphsOfCounts(counts, { nodes: 3, kinds })).toEqual(molecules)
    expect(() => kindsOf([molecules[0], graphs[0]])).toThrow('all 2, or none, got 1')
    expect(kindsOf(graphs)).toBe(undefined)
  })
})
