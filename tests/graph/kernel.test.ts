import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import {
  applyHeat,
  completeKernel,
  type Graph,
  graph,
  graphKernel,
  heat,
  laplacian,
  modesOf,
} from '../../src/graph/index.ts'
import { apart, apartRelatively, finish, tangle, vectors } from './graphs.ts'

const small = graph(vectors)
const { heat: plain, normalised } = vectors.kernels
const identity = (n: number) => Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0))

const kernelsOf = (g: Graph) => [graphKernel(g), graphKernel(g, finish(modesOf(g)))]

describe('graphKernel()', () => {
  it('k_τ is the matrix exponential e^{−τL} (scipy), as table, row and product', () => {
    for (const kernel of kernelsOf(small)) {
      expect(apart(kernel.table(plain.t), plain.table)).toBeLessThan(1e-14)
      expect(apart(kernel.row(plain.t, 3), plain.table.slice(27, 36))).toBeLessThan(1e-14)
      const v = Float64Array.from({ length: 9 }, (_, i) => i - 3)
      const image = v.map((_, i) => v.reduce((sum, x, j) => sum + x * plain.table[i * 9 + j], 0))
      expect(apart(kernel.apply(plain.t, v), image)).toBeLessThan(1e-13)
    }
  })

  it('is symmetric, of rows with sum 1 and without an entry below 0, at any τ', () => {
    const g = tangle(150, 200, 3)
    let unequal = 0
    for (const kernel of kernelsOf(g))
      for (const tau of [0, 1e-6, 0.3, 7, 400]) {
        const table = kernel.table(tau)
        for (let i = 0; i < 150; i++) {
          let sum = 0
          for (let j = 0; j < 150; j++) {
            sum += table[i * 150 + j]
            if (table[i * 150 + j] !== table[j * 150 + i]) unequal++
          }
          expect(Math.abs(sum - 1)).toBeLessThan(1e-14)
        }
        expect(Math.min(...table)).toBeGreaterThanOrEqual(0)
      }
    expect(unequal).toBe(0)
  })

  it('k_{s+t} = k_s k_t', () => {
    const g = tangle(60, 40, 5)
    const kernel = graphKernel(g)
    const half = kernel.table(0.7)
    const row = kernel.row(1.4, 11)
    const twice = Float64Array.from({ length: 60 }, (_, j) => {
      let sum = 0
      for (let k = 0; k < 60; k++) sum += half[11 * 60 + k] * half[k * 60 + j]
      return sum
    })
    expect(apart(row, twice)).toBeLessThan(1e-14)
  })

  it('keeps the mass of each part of a graph that falls apart', () => {
    const g = graph({
      nodes: 5,
      edges: [
        [0, 1],
        [2, 3],
        [3, 4],
      ],
    })
    for (const kernel of kernelsOf(g)) {
      expect(apart(kernel.row(1e6, 4), [0, 0, 1 / 3, 1 / 3, 1 / 3])).toBeLessThan(1e-12)
      expect(
        apart(kernel.table(2).slice(0, 5), [(1 + Math.exp(-4)) / 2, (1 - Math.exp(-4)) / 2, 0, 0, 0]),
      ).toBeLessThan(1e-15)
    }
  })

  it('goes by single hops as τ → 0: far entries are (number of paths) τ^d / d!, to their last digits', () => {
    const g = graph({ nodes: 31, edges: Array.from({ length: 30 }, (_, i) => [i, i + 1] as const) })
    const tau = 1e-7
    let expected = 1
    const row = finish(heat(g, tau)).slice(0, 31)
    for (let d = 1; d <= 30; d++) {
      expected *= tau / d
      expect(Math.abs(row[d] / expected - 1)).toBeLessThan(1e-5)
    }
    expect(row[30]).toBeGreaterThan(1e-245)
  })

  it('refuses what it cannot do', () => {
    const kernel = graphKernel(small)
    expect(() => kernel.table(Number.NaN)).toThrow(
      'Cannot compute a kernel: tau must be a finite number >= 0, got NaN',
    )
    expect(() => kernel.row(1, 9)).toThrow('its node must be in 0 … 8, got 9')
    expect(() => kernel.apply(1, [1])).toThrow('the vector must be of 9 numbers, got 1')
    const large = graph({ nodes: 9000, edges: [[0, 1]] })
    expect(() => graphKernel(large).table(1)).toThrow('the number of nodes must be at most 8192, got 9000')
  })
})

describe('completeKernel()', () => {
  it('is the kernel of the complete graph', () => {
    const n = 12
    const edges = Array.from({ length: n * n }, (_, i) => [Math.floor(i / n), i % n] as const).filter(
      ([a, b]) => a < b,
    )
    const g = graph({ nodes: n, edges, weights: edges.map(() => 0.3) })
    const closed = completeKernel(n, 0.3)
    for (const tau of [0, 1e-9, 0.2, 50]) {
      expect(apart(closed.table(tau), graphKernel(g).table(tau))).toBeLessThan(1e-14)
      expect(apart(closed.row(tau, 4), graphKernel(g).row(tau, 4))).toBeLessThan(1e-14)
      const v = Float64Array.from({ length: n }, (_, i) => i * i)
      expect(apart(closed.apply(tau, v), graphKernel(g).apply(tau, v))).toBeLessThan(1e-11)
    }
  })
})

describe('applyHeat()', () => {
  it('is the exponential of the plain and of the normalised Laplacian (scipy)', () => {
    for (const [name, { t, table }] of [
      ['plain', plain],
      ['normalised', normalised],
    ] as const) {
      const [out] = finish(applyHeat(laplacian(small, name), identity(9), { times: [t], width: 9 }))
      expect(apart(out, table)).toBeLessThan(2e-15)
    }
  })

  it('gives each of several times what that time alone gives, from 0 to very long', () => {
    const g = tangle(80, 60, 9)
    const matrix = laplacian(g)
    const rng = random(2)
    const x = Float64Array.from({ length: 160 }, () => rng.uniform())
    const times = [0, 0.01, 3, 800]
    const all = finish(applyHeat(matrix, x, { times, width: 2 }))
    const tables = finish(modesOf(g))
    times.forEach((t, at) => {
      const [one] = finish(applyHeat(matrix, x, { times: [t], width: 2 }))
      expect(apart(all[at], one)).toBe(0)
      for (const column of [0, 1]) {
        const exact = graphKernel(g, tables).apply(
          t,
          x.filter((_, i) => i % 2 === column),
        )
        expect(
          apart(
            all[at].filter((_, i) => i % 2 === column),
            exact,
          ),
        ).toBeLessThan(1e-13)
      }
    })
  })

  it('takes a graph of 10⁵ nodes', () => {
    const g = tangle(100_000, 100_000, 1)
    const row = graphKernel(g).row(2, 500)
    expect(Math.abs(row.reduce((sum, p) => sum + p, 0) - 1)).toBeLessThan(1e-12)
    expect(row[500]).toBeGreaterThan(1e-4)
  })
})

describe('heat()', () => {
  it('agrees with the modes in relative terms where these can, over several squarings', () => {
    const g = tangle(70, 400, 2)
    const table = finish(heat(g, 3))
    expect(apartRelatively(table, graphKernel(g, finish(modesOf(g))).table(3))).toBeLessThan(1e-11)
  })
})
