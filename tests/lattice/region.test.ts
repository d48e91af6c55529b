// Regions: their parts, their walls, and the mode that takes longest to mix.
import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import { describe, expect, it } from 'vitest'
import { below, random } from '../../src/base/random.ts'
import { lattice, noFlux, periodic, type Region, region, slowestMode } from '../../src/lattice/index.ts'

/** A mask from rows of text, # open. */
const mask = (...rows: string[]) => [...rows.join('')].map(site => (site === '#' ? 1 : 0))

/** The least eigenvalue above 0 of the Laplacian of all parts, by a dense decomposition. */
function dense({ reached, parts, lattice: { size } }: Region): number {
  return Math.min(
    ...parts.map(part => {
      const laplacian = Matrix.zeros(part.length, part.length)
      part.forEach((x, i) => {
        for (let at = x; at < reached.length; at += size) {
          if (reached[at] < 0) continue
          const k = part.indexOf(reached[at])
          laplacian.set(i, i, laplacian.get(i, i) + 1)
          laplacian.set(i, k, laplacian.get(i, k) - 1)
        }
      })
      const { realEigenvalues } = new EigenvalueDecomposition(laplacian, { assumeSymmetric: true })
      return realEigenvalues.sort((a, b) => a - b)[1] ?? Infinity
    }),
  )
}

describe('region()', () => {
  it('falls into the parts that hops connect, and has walls along its edge', () => {
    const open = mask('##..#', '.#..#', '....#')
    const { parts, reached } = region(lattice([3, 5], 'no-flux'), open)
    expect(parts.map(part => [...part])).toEqual([
      [0, 1, 6],
      [4, 9, 14],
    ])
    const around = region(lattice([3, 5], 'periodic'), open)
    expect(around.parts.map(part => [...part])).toEqual([[0, 1, 4, 6, 9, 14]])
    for (let i = 0; i < reached.length; i++)
      if (reached[i] >= 0) expect([open[i % 15], open[reached[i]]]).toEqual([1, 1])
  })

  it('of no site at all has no parts, and no mode to mix', () => {
    const none = region(lattice([4, 4], 'no-flux'), new Uint8Array(16))
    expect(none.parts).toEqual([])
    expect(slowestMode(none)).toBe(Infinity)
    expect(slowestMode(region(lattice([2, 2], 'no-flux'), mask('#.', '.#')))).toBe(Infinity)
  })

  it('refuses a mask of another size', () => {
    expect(() => region(lattice([2, 2], 'no-flux'), [1, 1, 1])).toThrow(
      'Cannot build the region: the mask must be of 4 sites, got 3',
    )
  })
})

describe('slowestMode()', () => {
  it('of a whole lattice is that of its longest axis, 4 sin²(π/2L) between walls and 4 sin²(π/L) around', () => {
    for (const [shape, boundary] of [
      [[28, 28], noFlux],
      [[5, 17], noFlux],
      [[16, 9], periodic],
    ] as const) {
      const all = region(lattice(shape, boundary), new Uint8Array(shape[0] * shape[1]).fill(1))
      expect(slowestMode(all) / boundary.slowest(Math.max(...shape))).toBeCloseTo(1, 3)
    }
  })

  it('of random regions is the least eigenvalue that a dense decomposition finds', () => {
    const rng = random(7)
    for (let trial = 0; trial < 40; trial++) {
      const shape = [3 + below(rng, 8), 3 + below(rng, 8)]
      const open = Array.from({ length: shape[0] * shape[1] }, () => (rng.uniform() < 0.7 ? 1 : 0))
      const one = region(lattice(shape, trial % 2 ? 'no-flux' : 'periodic'), open)
      const wanted = dense(one)
      if (wanted === Infinity) expect(slowestMode(one)).toBe(Infinity)
      else expect(slowestMode(one) / wanted).toBeCloseTo(1, 3)
    }
  })

  it('of a snake one site wide is that of a line as long', () => {
    const snake = mask('#######', '......#', '#######', '#......', '#######')
    expect(slowestMode(region(lattice([5, 7], 'no-flux'), snake)) / noFlux.slowest(23)).toBeCloseTo(1, 3)
  })
})
