import { describe, expect, it } from 'vitest'
import { outside } from '../../src/structure/labels.ts'
import { measure } from '../../src/structure/measure.ts'
import { type PorosimetryOptions, porosimetry } from '../../src/structure/porosimetry.ts'
import { localThickness, type ThicknessOptions } from '../../src/structure/thickness.ts'
import { finish } from '../../src/structure/work.ts'
import { made, placeOf, uncorrelated } from './masks.ts'

/** A ball of that diameter around the middle of a cube, off its centre by some share of a site. */
const ball = (diameter: number, off = 0) => {
  const n = Math.ceil(diameter) + 6
  const middle = (n - 1) / 2 + off
  return made(
    [n, n, n],
    (...place) => place.reduce((sum, at) => sum + (at - middle) ** 2, 0) <= (diameter / 2) ** 2,
  )
}

const meanOf = (mask: ReturnType<typeof ball>, options: ThicknessOptions) => {
  const sizes = Array.from(finish(localThickness(mask, options)), Math.sqrt).filter(size => size > 0)
  return sizes.reduce((sum, size) => sum + size, 0) / sizes.length
}

describe('localThickness between centres', () => {
  it('`localThickness()` between centres of walls gives balls their diameter, where that between boxes is too small', () => {
    for (const [diameter, bound] of [
      [10.4, 0.4],
      [20, 0.15],
    ])
      for (const off of [0, 0.5, 0.25]) {
        const mask = ball(diameter, off)
        const found = meanOf(mask, { walls: 'centres' })
        // The middle of a ball lies at most √3/4 from a place where balls are centred: it loses twice that.
        expect(found).toBeGreaterThan(diameter - (off === 0.25 ? Math.sqrt(3) / 2 : bound))
        expect(found).toBeLessThan(diameter + bound)
        expect(meanOf(mask, { walls: 'boxes' })).toBeLessThan(diameter - 1.2)
      }
  })

  it('`localThickness()` between centres is more than the width of a slab along the axes: walls are rows of points', () => {
    for (const width of [1, 2, 5])
      for (const axis of [0, 1, 2]) {
        const mask = made([12, 12, 12], (...place) => place[axis] >= 3 && place[axis] < 3 + width)
        // The widest ball stands between four points on either side.
        expect(meanOf(mask, { walls: 'centres' })).toBeCloseTo(2 * Math.sqrt(((width + 1) / 2) ** 2 + 0.5), 6)
      }
  })

  it('`localThickness()` between centres is that of its definition', () => {
    const mask = uncorrelated([11, 12], 0.85, 4)
    const { data, shape } = mask
    const walls = Array.from(data, (own, i) => (own ? [] : [placeOf(i, shape)])).flat()
    const squared = (a: readonly number[], b: readonly number[]) => (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2
    const balls = Array.from({ length: 23 * 25 }, (_, i) => {
      const centre = placeOf(i, [23, 25]).map(at => (at - 1) / 2)
      return { centre, square: Math.min(...walls.map(wall => squared(wall, centre))) }
    })
    const wanted = Array.from(data, (own, i) => {
      const site = placeOf(i, shape)
      const holding = balls.filter(({ centre, square }) => squared(site, centre) < square - 1e-9)
      return own ? 4 * Math.max(...holding.map(({ square }) => square)) : 0
    })
    Array.from(finish(localThickness(mask, { walls: 'centres' }))).forEach((found, i) => {
      expect(found).toBeCloseTo(wanted[i], 4)
    })
  })

  it('`localThickness()` of flat voxels is in the unit of their sides', () => {
    // Of slabs the width, whichever axis is long; of a ball of 30 nm in voxels of 5 × 2 × 2 nm its diameter.
    for (const axis of [0, 1]) {
      const mask = made([12, 16], (...place) => place[axis] >= 4 && place[axis] < 8)
      expect(meanOf(mask, { spacing: [5, 2] })).toBeCloseTo(4 * [5, 2][axis], 5)
    }
    const spacing = [5, 2, 2]
    const round = made(
      [11, 21, 21],
      (z, y, x) => (5 * (z - 5)) ** 2 + (2 * (y - 10)) ** 2 + (2 * (x - 10)) ** 2 <= 225,
    )
    expect(Math.abs(meanOf(round, { spacing, walls: 'centres' }) - 30)).toBeLessThan(1.5)
    const mask = uncorrelated([9, 10], 0.8, 1)
    expect(meanOf(mask, { spacing: [3, 3] })).toBeCloseTo(3 * meanOf(mask, {}), 5)
  })

  it('`measure()` takes what lies outside the sample for no wall', () => {
    const slab = made([20, 12], (y, x) => (x < 6 ? (y >= 5 && y < 9 ? 0 : 1) : outside))
    const found = finish(measure(slab, { only: ['poreSizes', 'exactPoreSizes'] }))
    expect(found.poreSizes?.mean).toBe(4)
    expect(found.exactPoreSizes?.mean).toBeCloseTo(2 * Math.sqrt(2.5 ** 2 + 0.25), 6)
  })
})

describe('porosimetry', () => {
  const filled = (mask: ReturnType<typeof ball>, options: PorosimetryOptions) => {
    const { diameter, breakthrough } = finish(porosimetry(mask, options))
    return { diameter: Array.from(diameter), breakthrough }
  }

  /** Two chambers of 8 × 8, joined by a throat of 3, the first one open to the face. */
  const chambers = made([12, 22], (y, x) => {
    if (x < 8 || (x >= 12 && x < 20)) return y >= 2 && y < 10
    return x < 12 && y >= 5 && y < 8
  })

  it('`porosimetry()` fills what lies behind a throat at the width of the throat', () => {
    const { diameter, breakthrough } = filled(chambers, { axis: 1 })
    expect(diameter[6 * 22 + 4]).toBe(8)
    expect(diameter[6 * 22 + 16]).toBe(3)
    expect(diameter[6 * 22 + 10]).toBe(3)
    expect(breakthrough).toBe(0)
    // From the other side nothing gets in.
    expect(Math.max(...filled(chambers, { axis: 1, last: true }).diameter)).toBe(0)
    expect(filled(chambers, { axis: 1, spacing: [5, 5] }).diameter[6 * 22 + 16]).toBe(15)
  })

  it('`porosimetry()` is what openings by balls that hang together with the face give, at every size', () => {
    const mask = uncorrelated([14, 15], 0.85, 7)
    const { data, shape } = mask
    const fine = [29, 31]
    const walls = Array.from(data, (own, i) => (own ? [] : [placeOf(i, shape)])).flat()
    const places = Array.from({ length: 29 * 31 }, (_, i) => placeOf(i, fine))
    const radius = places.map(centre =>
      Math.min(
        ...walls.map(wall =>
          centre.reduce((sum, at, a) => sum + Math.max(2 * wall[a] - at, at - 2 * wall[a] - 2, 0) ** 2, 0),
        ),
      ),
    )
    const wanted = Array<number>(data.length).fill(0)
    for (const square of [...new Set(radius)].filter(r => r > 0).sort((a, b) => a - b)) {
      const open = radius.map(own => own >= square)
      const queue = places.flatMap(([y], i) => (y === 0 && open[i] ? [i] : []))
      const met = new Set(queue)
      for (const at of queue) {
        const [y, x] = places[at]
        for (const [b, a] of [
          [y - 1, x],
          [y + 1, x],
          [y, x - 1],
          [y, x + 1],
        ]) {
          const next = b * 31 + a
          if (b < 0 || b > 28 || a < 0 || a > 30 || !open[next] || met.has(next)) continue
          met.add(next)
          queue.push(next)
        }
      }
      for (let i = 0; i < data.length; i++) {
        const site = placeOf(i, shape).map(at => 2 * at + 1)
        const reached = queue.some(
          at => places[at].reduce((sum, c, a) => sum + (c - site[a]) ** 2, 0) <= square,
        )
        if (data[i] && reached) wanted[i] = Math.sqrt(square)
      }
    }
    filled(mask, { axis: 0 }).diameter.forEach((found, i) => {
      expect(found).toBeCloseTo(wanted[i], 5)
    })
  })

  it('`porosimetry()` never fills a place by more than its local thickness, and tells where it comes through', () => {
    const mask = uncorrelated([12, 13, 14], 0.85, 3)
    const thickness = Array.from(finish(localThickness(mask)), Math.sqrt)
    for (const axis of [0, 1, 2]) {
      const { diameter, breakthrough } = filled(mask, { axis })
      diameter.forEach((found, i) => {
        expect(found).toBeLessThanOrEqual(thickness[i] + 1e-5)
      })
      expect(breakthrough).toBeGreaterThan(0)
    }
    const slit = made([6, 9], (_, x) => x >= 3 && x < 7)
    expect(filled(slit, { axis: 0 }).breakthrough).toBe(4)
    expect(
      filled(
        made([4, 4], () => 1),
        { axis: 0 },
      ).breakthrough,
    ).toBe(Infinity)
  })
})
