import { describe, expect, it } from 'vitest'
import { clusters } from '../../src/structure/clusters.ts'
import { euler as eulerWork } from '../../src/structure/euler.ts'
import { type Labels, outside } from '../../src/structure/labels.ts'
import { measure } from '../../src/structure/measure.ts'
import { finish } from '../../src/structure/work.ts'
import { drawn, made, placeOf, uncorrelated } from './masks.ts'

const inverse = ({ data, shape }: Labels): Labels => ({ data: data.map(own => 1 - own), shape })

/** Cells of the union of closed cubes, each kept once by its centre in half sites. */
function byCells({ data, shape }: Labels): number {
  const cells = new Map<string, number>()
  data.forEach((own, i) => {
    if (!own) return
    const centre = placeOf(i, shape).map(at => 2 * at + 1)
    const offsets = shape.reduce<number[][]>(
      list => list.flatMap(before => [-1, 0, 1].map(d => [...before, d])),
      [[]],
    )
    for (const offset of offsets)
      cells.set(centre.map((at, axis) => at + offset[axis]).join(), offset.filter(d => d === 0).length)
  })
  return [...cells.values()].reduce((sum, dimension) => sum + (dimension % 2 === 0 ? 1 : -1), 0)
}

const euler = (...of: Parameters<typeof eulerWork>) => finish(eulerWork(...of))

describe('euler', () => {
  it('`euler()` of simple bodies is known', () => {
    const bodies: [Labels, number, number][] = [
      [made([5, 5, 5], () => 1), 1, 1],
      // A shell has a cavity: 1 + 1. A ring has a loop: 0.
      [made([5, 5, 5], (z, y, x) => Math.max(Math.abs(z - 2), Math.abs(y - 2), Math.abs(x - 2)) >= 1), 2, 2],
      [made([1, 5, 5], (_, y, x) => Math.max(Math.abs(y - 2), Math.abs(x - 2)) === 1), 0, 0],
      [made([4, 4, 4], (z, y, x) => z === 1 && y === 1 && x === 1), 1, 1],
      // Two squares that meet at a corner; a plus.
      [drawn('#.', '.#'), 2, 1],
      [drawn('.#.', '#.#', '.#.'), 4, 0],
      [drawn('###', '#.#', '###'), 0, 0],
      [drawn('.#.', '###', '.#.'), 1, 1],
      [made([7], x => x % 3 === 0), 3, 3],
    ]
    for (const [mask, faces, corners] of bodies) {
      const { number, numberByCorners } = euler(mask, 1)
      expect([number, numberByCorners]).toEqual([faces, corners])
    }
  })

  it('`euler()` by corners is vertices − edges + faces − cubes of the union of closed cubes', () => {
    for (const shape of [[9], [8, 9], [5, 6, 7]])
      for (const share of [0.3, 0.7]) {
        const mask = uncorrelated(shape, share, 4)
        expect(euler(mask, 1).numberByCorners).toBe(byCells(mask))
      }
  })

  it('`euler()` by faces is clusters − loops + cavities: the complement by corners has the opposite', () => {
    // Alexander duality in a box with an empty rim.
    const padded = (shape: number[], share: number) =>
      made(shape, (...place) =>
        place.every((at, axis) => at > 0 && at < shape[axis] - 1)
          ? uncorrelated(shape, share, 8).data[place.reduce((i, at, axis) => i * shape[axis] + at, 0)]
          : 0,
      )
    const flat = padded([14, 15], 0.6)
    expect(euler(flat, 1).number).toBe(1 - euler(inverse(flat), 1).numberByCorners + 0)
    const holes = finish(clusters(inverse(flat), { corners: true })).sizes.length - 2
    expect(euler(flat, 1).number).toBe(finish(clusters(flat)).sizes.length - 1 - holes)
    const solid = padded([7, 8, 9], 0.5)
    // With the rim, a box: χ(X) + χ(box without X) + χ(shared surface …) gives χ6(X) = χ26(complement) − 1.
    expect(euler(solid, 1).number).toBe(euler(inverse(solid), 1).numberByCorners - 1)
  })

  it('`euler()` per volume of uncorrelated sites is that of the law', () => {
    // Vertices, edges, squares and cubes of neighbours: p, 3p², 3p⁴, p⁸ per site; in 2-D p, 2p², p⁴.
    const p = 0.4
    const flat = euler(uncorrelated([400, 400], p, 2), 1).specific
    expect(Math.abs(flat - (p - 2 * p ** 2 + p ** 4))).toBeLessThan(6 / 400)
    const solid = euler(uncorrelated([60, 60, 60], p, 3), 1).specific
    expect(Math.abs(solid - (p - 3 * p ** 2 + 3 * p ** 4 - p ** 8))).toBeLessThan(12 / 60 ** 1.5)
  })

  it('`euler()` per volume leaves out what is not sample', () => {
    const mask = uncorrelated([30, 30], 0.5, 9)
    const wide = made([30, 40], (y, x) => (x < 30 ? mask.data[y * 30 + x] : outside))
    expect(euler(wide, 1).specific).toBeCloseTo(euler(mask, 1).specific, 12)
    expect(euler(wide, 1).number).toBe(euler(mask, 1).number)
  })

  it('`measure()` tells clusters, loops and closed shares of every label', () => {
    const ring = drawn('.......', '.#####.', '.#...#.', '.#.#.#.', '.#...#.', '.#####.', '.......')
    const found = finish(measure(ring, { only: ['clusters', 'euler'] }))
    expect(found.clusters?.[1]).toMatchObject({ count: 2, closed: 1, largest: 16 / 17, loops: 1 })
    expect(found.clusters?.[0]).toMatchObject({ count: 2, loops: 2, connected: { x: 24 / 32, y: 24 / 32 } })
    expect(found.clusters?.[0].closed).toBeCloseTo(8 / 32, 12)
    const shell = made([7, 7, 7], (z, y, x) => {
      const far = Math.max(Math.abs(z - 3), Math.abs(y - 3), Math.abs(x - 3))
      return far === 2
    })
    expect(finish(measure(shell, { only: ['clusters'] })).clusters?.[1]).toMatchObject({ count: 1, loops: 0 })
    const torus = made([3, 5, 5], (z, y, x) => z === 1 && Math.max(Math.abs(y - 2), Math.abs(x - 2)) === 1)
    expect(finish(measure(torus, { only: ['clusters'] })).clusters?.[1]).toMatchObject({ count: 1, loops: 1 })
  })
})
