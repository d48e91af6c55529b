import { describe, expect, it } from 'vitest'
import { nowhere, squaredDistances } from '../../src/structure/distance.ts'
import type { Labels } from '../../src/structure/labels.ts'
import { localThickness, type ThicknessOptions } from '../../src/structure/thickness.ts'
import { finish } from '../../src/structure/work.ts'
import { made, placeOf, uncorrelated } from './masks.ts'

const thickness = (mask: Labels, options?: ThicknessOptions) =>
  Array.from(finish(localThickness(mask, options)), Math.sqrt)

const squared = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, at, axis) => sum + (at - b[axis]) ** 2, 0)

/** By the definition: every ball of the finer lattice against every wall, then every site against every ball. */
function byDefinition({ data, shape }: Labels): number[] {
  const places = Array.from(data, (_, i) => placeOf(i, shape))
  const walls = places.filter((_, i) => !data[i])
  const fine = shape.map(length => 2 * length + 1)
  const balls = Array.from({ length: fine.reduce((a, b) => a * b) }, (_, i) => {
    const centre = placeOf(i, fine)
    // From a place to the cube from 2w to 2w + 2 along every axis.
    const toWall = (wall: readonly number[]) =>
      centre.reduce(
        (sum, at, axis) => sum + Math.max(2 * wall[axis] - at, at - 2 * wall[axis] - 2, 0) ** 2,
        0,
      )
    return { centre, square: Math.min(...walls.map(toWall)) }
  })
  return places.map((place, i) => {
    if (!data[i]) return 0
    const at = place.map(p => 2 * p + 1)
    const holding = balls.filter(({ centre, square }) => squared(at, centre) <= square)
    return Math.sqrt(Math.max(...holding.map(({ square }) => square)))
  })
}

describe('squaredDistances', () => {
  it('`squaredDistances()` finds the nearest site of the phase among all', () => {
    for (const [shape, share] of [
      [[17], 0.1],
      [[12, 15], 0.03],
      [[20, 1], 0.2],
      [[7, 8, 6], 0.02],
    ] as const) {
      const mask = uncorrelated(shape, share, 7)
      const sites = Array.from(mask.data, (_, i) => placeOf(i, shape))
      const phase = sites.filter((_, i) => mask.data[i])
      expect(phase.length).toBeGreaterThan(0)
      const wanted = sites.map(site => Math.min(...phase.map(other => squared(site, other))))
      expect(Array.from(squaredDistances(mask))).toEqual(wanted)
    }
  })

  it('`squaredDistances()` says where there is nothing to be near to', () => {
    expect(new Set(squaredDistances(made([4, 5], () => 0)))).toEqual(new Set([nowhere]))
  })
})

describe('localThickness', () => {
  it('`localThickness()` is that of its definition', () => {
    for (const [shape, share] of [
      [[12, 14], 0.9],
      [[9, 16], 0.7],
      [[6, 7, 5], 0.95],
      [[5, 6, 6], 0.8],
      [[1, 20], 0.8],
    ] as const) {
      const mask = uncorrelated(shape, share, 3)
      const wanted = byDefinition(mask.shape[0] === 1 ? { data: mask.data, shape: [20] } : mask)
      expect(thickness(mask)).toEqual(wanted)
    }
  })

  it('`localThickness()` of large pores is that of its definition: no ball is left out that matters', () => {
    const discs = [
      [6.3, 7.1, 5.9],
      [13.2, 12.4, 7.3],
      [20.1, 21.7, 4.2],
      [4.4, 19.8, 3.6],
    ]
    const pores = made([27, 29], (y, x) => discs.some(([a, b, r]) => (y - a) ** 2 + (x - b) ** 2 <= r * r))
    const ellipsoid = made(
      [9, 13, 11],
      (z, y, x) => ((z - 4.2) / 3.4) ** 2 + ((y - 6.4) / 5.8) ** 2 + ((x - 5.1) / 4.3) ** 2 <= 1,
    )
    for (const mask of [pores, ellipsoid]) expect(thickness(mask)).toEqual(byDefinition(mask))
  })

  it('`localThickness()` of a slab is its width, even or odd, at every angle of the axes', () => {
    for (const width of [1, 2, 3, 4, 7, 10])
      for (const axis of [0, 1, 2]) {
        const shape = [16, 16, 16]
        const mask = made(shape, (...place) => place[axis] >= 3 && place[axis] < 3 + width)
        expect(new Set(thickness(mask))).toEqual(new Set([0, width]))
      }
  })

  it('`localThickness()` of a square is its side in the middle and less in its corners', () => {
    const mask = made([20, 20], (y, x) => y >= 4 && y < 12 && x >= 5 && x < 13)
    const found = thickness(mask)
    expect(found[8 * 20 + 9]).toBe(8)
    expect(Math.max(...found)).toBe(8)
    // The largest circle that holds the centre of the corner's site: of radius r, (r − ½)√2 ≤ r, so r ≤ 1.707.
    expect(found[4 * 20 + 5]).toBeGreaterThan(2)
    expect(found[4 * 20 + 5]).toBeLessThanOrEqual(2 * 1.7072)
  })

  it('`localThickness()` of a disc and of a ball is their diameter in all but their rims', () => {
    const disc = made([41, 41], (y, x) => (y - 20) ** 2 + (x - 20) ** 2 <= 15.2 ** 2)
    const ball = made([27, 27, 27], (z, y, x) => (z - 13) ** 2 + (y - 13) ** 2 + (x - 13) ** 2 <= 9.2 ** 2)
    for (const [mask, diameter] of [
      [disc, 30.4],
      [ball, 18.4],
    ] as const) {
      const sizes = thickness(mask).filter(size => size > 0)
      const largest = Math.max(...sizes)
      expect(largest).toBeLessThanOrEqual(diameter)
      expect(largest).toBeGreaterThan(diameter - 2)
      // All but the teeth of their rims.
      expect(sizes.filter(size => size === largest).length).toBeGreaterThan(0.75 * sizes.length)
    }
  })

  it('`localThickness()` of a phase without walls has no end', () => {
    expect(new Set(finish(localThickness(made([4, 5], () => 1))))).toEqual(new Set([Infinity]))
    expect(new Set(thickness(made([4, 5], () => 0)))).toEqual(new Set([0]))
  })
})
