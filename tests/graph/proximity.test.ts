import { describe, expect, it } from 'vitest'
import { distances, graph, plainProximities, proximity } from '../../src/graph/index.ts'
import { apart, apartRelatively, finish, path, tangle, tree, vectors } from './graphs.ts'

const small = graph(vectors)

describe('proximity()', () => {
  it.each(plainProximities)('%s is what scipy makes of its formula, and its logarithm', name => {
    const { t, table } = vectors.kernels[name]
    const options = { t, rates: vectors.rates }
    expect(apartRelatively(finish(proximity(small, { kernel: name, ...options })), table)).toBeLessThan(1e-12)
    const logarithm = finish(proximity(small, { kernel: `log-${name}`, ...options }))
    expect(apart(logarithm, table.map(Math.log))).toBeLessThan(1e-12)
  })

  // arXiv 1605.01046 and its companion software: path of four nodes, D12, D23, D13, D14, sum of the steps 3.
  it.each([
    ['forest', 1, false, [1.026, 0.947, 1.5, 1.895]],
    ['log-forest', 2, false, [0.959, 1.081, 2.04, 3]],
    ['communicability', 1, true, [0.964, 1.072, 1.492, 1.564]],
  ] as const)(
    '%s at %d gives the published distances on the path of four nodes',
    (kernel, t, root, wanted) => {
      const d = distances(finish(proximity(path(4), { kernel, t })), { root })
      const scale = 3 / (d[1] + d[6] + d[11])
      expect(
        apart(
          [d[1], d[6], d[2], d[3]].map(x => x * scale),
          wanted,
        ),
      ).toBeLessThan(1e-3)
    },
  )

  it.each(['log-forest', 'log-walk'] as const)('%s distances add up over cut points, on 20 trees', kernel => {
    for (let seed = 0; seed < 20; seed++) {
      const n = 12 + seed
      const g = tree(n, seed)
      const d = distances(finish(proximity(g, { kernel, t: kernel === 'log-walk' ? 0.1 : 1.3 })))
      const next = parents(n, g)
      let checked = 0
      for (let a = 1; a < n; a++)
        for (let b = next[a]; b > 0; b = next[b]) {
          // b lies on the way from a to the node above b.
          expect(Math.abs(d[a * n + b] + d[b * n + next[b]] - d[a * n + next[b]])).toBeLessThan(1e-12)
          checked++
        }
      expect(checked).toBeGreaterThan(5)
    }
  })

  it('the same distances are more than a sum where a way around the point is open', () => {
    const ring = graph({
      nodes: 4,
      edges: [
        [0, 1],
        [1, 2],
        [2, 3],
        [3, 0],
      ],
    })
    const d = distances(finish(proximity(ring, { kernel: 'log-forest', t: 1 })))
    expect(d[1] + d[6] - d[2]).toBeGreaterThan(0.1)
  })

  it('log-absorption with equal rates has the distances of log-forest at 1/t', () => {
    const g = tangle(40, 30, 4)
    const a = distances(finish(proximity(g, { kernel: 'log-absorption', t: 0.5 })))
    expect(apart(a, distances(finish(proximity(g, { kernel: 'log-forest', t: 2 }))))).toBeLessThan(1e-12)
  })

  it('says what is wrong', () => {
    const split = graph({ nodes: 3, edges: [[0, 1]] })
    const take = (kernel: Parameters<typeof proximity>[1]['kernel'], t: number, g = small) =>
      finish(proximity(g, { kernel, t }))
    expect(() => take('log-heat', 1, split)).toThrow(
      'Cannot compute the kernel log-heat: the graph must be connected, got 2 parts (no path leads from node 0 to node 2)',
    )
    expect(() => take('pagerank', 0.5, split)).toThrow('node 2 must be at an edge, got "none"')
    expect(() => take('pagerank', 1)).toThrow('t must be below 1, got 1')
    expect(() => take('walk', 1.001 / vectors.rho)).toThrow('t must be below 1/ρ = ')
    expect(take('walk', 0.999 / vectors.rho)[0]).toBeGreaterThan(10)
    expect(() => take('forest', Number.NaN)).toThrow('t must be a finite number above 0, got NaN')
    expect(() => take('communicability', 1e4)).toThrow('t must be one for which all entries are doubles')
    expect(take('forest', 1, split)[2]).toBe(0)
  })
})

/** The neighbour of each node that is nearer to node 0. */
function parents(n: number, { start, to }: ReturnType<typeof path>): Int32Array {
  const next = new Int32Array(n)
  for (let i = 1; i < n; i++) for (let k = start[i]; k < start[i + 1]; k++) if (to[k] < i) next[i] = to[k]
  return next
}
