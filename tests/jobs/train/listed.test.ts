// Lists of graphs as what a run learns from: of any length, of graphs that the process takes.
import { describe, expect, it } from 'vitest'
import { listedSet } from '../../../src/jobs/train/listed.ts'

const reading = (graphs: unknown) => ({
  files: { read: () => new TextEncoder().encode(JSON.stringify(graphs)) },
  say: () => {},
})
const set = (graphs: unknown) => listedSet('list.json', reading(graphs) as never)

describe('listedSet()', () => {
  it('takes as many graphs as there are', () => {
    const bond = {
      n: 3,
      edges: [
        [0, 1],
        [1, 2],
      ],
      weights: [1, 2],
    }
    const { images, listed } = set(new Array(150_000).fill(bond))
    expect([images.count, images.shape, listed.ceiling]).toEqual([150_000, [1, 3, 3], 2])
  })

  it('says which graph is too small or too large', () => {
    const fine = { n: 4, edges: [] }
    for (const n of [2, 65, 9999])
      expect(() => set([fine, { n, edges: [] }])).toThrow(
        `Cannot train on list.json: the nodes of graph 1 must be from 3 to 64, got ${n}`,
      )
  })
})
