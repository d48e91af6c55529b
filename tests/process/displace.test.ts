// Displacements of the units of a site: every way of moving them, against the law told by convolution.
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { type BoundaryName, lattice } from '../../src/lattice/index.ts'
import { displacer } from '../../src/process/displace.ts'
import { chiSquareP } from '../base/chi-square.ts'
import { coordinates, foldByWalking, skellam } from './oracle.ts'

interface Wanted {
  readonly lengths: number[]
  readonly boundary: BoundaryName
  readonly site: number
  /** Of each axis: [plus, minus, shift, fraction]. */
  readonly axes: readonly (readonly [number, number, number, number])[]
}

/** Probability of every site. */
function law({ lengths, boundary, site, axes }: Wanted): number[] {
  const grid = lattice(lengths, boundary)
  const start = coordinates(grid, site)
  const along = axes.map(([plus, minus, shift, fraction], a) => {
    const out = new Array(lengths[a]).fill(0)
    skellam(plus, minus, 150).forEach((p, i) => {
      const to = start[a] + i - 150 + shift
      out[foldByWalking(to, lengths[a], boundary)] += p * (1 - fraction)
      out[foldByWalking(to + 1, lengths[a], boundary)] += p * fraction
    })
    return out
  })
  return Array.from({ length: grid.size }, (_, x) => {
    const place = coordinates(grid, x)
    return along.reduce((p, one, a) => p * one[place[a]], 1)
  })
}

/** Where `total` units go that start n at a time. */
function seen({ lengths, boundary, site, axes }: Wanted, n: number, total: number): Float64Array {
  const grid = lattice(lengths, boundary)
  const displace = displacer(grid)
  const rng = random(5)
  const sum = new Float64Array(grid.size)
  const counts = new Int32Array(grid.size)
  for (let i = 0; i < total / n; i++) {
    counts.fill(0)
    counts[site] = n
    const lawAt: Parameters<typeof displace>[1] = (_, into) =>
      axes.forEach(([plus, minus, shift, fraction], a) => {
        into.shift[a] = shift
        into.fraction[a] = fraction
        into.hops[2 * a] = minus
        into.hops[2 * a + 1] = plus
      })
    displace(counts, lawAt, rng)
    for (let x = 0; x < sum.length; x++) sum[x] += counts[x]
  }
  return sum
}

const still = [0, 0, 0, 0] as const
const cases: [string, Wanted][] = [
  [
    'single hops alone',
    {
      lengths: [6, 5],
      boundary: 'no-flux',
      site: 0,
      axes: [
        [0.04, 0.02, 0, 0],
        [0.01, 0.06, 0, 0],
      ],
    },
  ],
  [
    'a die along one axis',
    {
      lengths: [6, 5],
      boundary: 'no-flux',
      site: 7,
      axes: [
        [0.02, 0.03, 0, 0],
        [0.7, 0.31, 0, 0],
      ],
    },
  ],
  [
    'a die along each of two axes',
    {
      lengths: [6, 5],
      boundary: 'periodic',
      site: 7,
      axes: [
        [0.33, 0.5, 0, 0],
        [0.7, 0.31, 0, 0],
      ],
    },
  ],
  [
    'several dice along an axis',
    { lengths: [200], boundary: 'no-flux', site: 9, axes: [[31.7, 62.3, 0, 0]] },
  ],
  [
    'several dice along each axis',
    {
      lengths: [60, 50],
      boundary: 'no-flux',
      site: 999,
      axes: [
        [25.7, 27.3, 0, 0],
        [40.4, 3.2, 0, 0],
      ],
    },
  ],
  [
    'three axes',
    {
      lengths: [4, 3, 5],
      boundary: 'no-flux',
      site: 33,
      axes: [
        [0.9, 0.2, 0, 0],
        [0.05, 0.3, 0, 0],
        [1.1, 1.6, 0, 0],
      ],
    },
  ],
  [
    'an axis of one site',
    {
      lengths: [1, 7],
      boundary: 'periodic',
      site: 3,
      axes: [
        [2, 0.5, 0, 0],
        [0.2, 0.6, 0, 0],
      ],
    },
  ],
  [
    'whole shifts and further steps',
    {
      lengths: [6, 5],
      boundary: 'no-flux',
      site: 7,
      axes: [
        [0.3, 0.3, -9, 0.25],
        [0.05, 0.05, 4, 0.8],
      ],
    },
  ],
  ['further steps alone', { lengths: [6, 5], boundary: 'periodic', site: 7, axes: [still, [0, 0, 13, 0.3]] }],
  [
    'hops around a small circle many times',
    {
      lengths: [2, 3],
      boundary: 'periodic',
      site: 0,
      axes: [
        [3, 9, 0, 0],
        [5, 0.1, 0, 0],
      ],
    },
  ],
  ['half words that tie often', { lengths: [500], boundary: 'no-flux', site: 250, axes: [[1.7, 0.9, 0, 0]] }],
  ['whole words', { lengths: [700], boundary: 'no-flux', site: 350, axes: [[1.7, 0.9, 0, 0]] }],
]

describe('displacer()', () => {
  it.each(cases)('moves units by the law of their displacement: %s', (_, wanted) => {
    const expected = law(wanted)
    for (const n of [1, 2, 33, 500, 5000]) {
      const total = n * Math.ceil((n === 1 ? 20_000 : 100_000) / n)
      const counts = seen(wanted, n, total)
      const p = chiSquareP(
        counts,
        expected.map(p => p * total),
      )
      expect(p, `${n} units at a time`).toBeGreaterThan(1e-6)
      expect(counts.reduce((a, b) => a + b)).toBe(total)
    }
  })

  it('moves the units of a site independently of each other', () => {
    // Counts of 20 units that stay with probability 1/2 on a ring of 2: variance n/4, where a shared die gave n²/4.
    const grid = lattice([2], 'periodic')
    const displace = displacer(grid)
    const rng = random(6)
    for (const hops of [0.04, 0.5, 30]) {
      const stay = (1 + Math.exp(-4 * hops)) / 2
      let [mean, square] = [0, 0]
      const draws = 20_000
      for (let i = 0; i < draws; i++) {
        const counts = Int32Array.of(20, 0)
        displace(counts, (_, into) => into.hops.fill(hops), rng)
        mean += counts[0] / draws
        square += (counts[0] * counts[0]) / draws
      }
      const variance = 20 * stay * (1 - stay)
      expect(Math.abs(mean - 20 * stay)).toBeLessThan(6 * Math.sqrt(variance / draws))
      expect(Math.abs((square - mean * mean) / variance - 1)).toBeLessThan(6 * Math.sqrt(3 / draws))
    }
  })
})
