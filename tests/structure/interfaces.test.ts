import { describe, expect, it } from 'vitest'
import { interfaces, specificSurface, triplePoints } from '../../src/structure/interfaces.ts'
import { fractions } from '../../src/structure/labels.ts'
import { checkerboard, drawn, made, uncorrelated } from './masks.ts'

describe('fractions', () => {
  it('`fractions()` counts every label', () => {
    expect(fractions(drawn('0012', '0000'))).toEqual([6 / 8, 1 / 8, 1 / 8])
    expect(fractions(drawn('000'), 3)).toEqual([1, 0, 0])
    expect(fractions(drawn('222'))).toEqual([0, 0, 1])
  })
})

describe('interfaces', () => {
  it('`interfaces()` counts the faces between each pair of labels', () => {
    const labels = drawn('0012', '0012', '0222')
    expect(interfaces(labels)).toEqual({ '0-1': 2 / 12, '0-2': 2 / 12, '1-2': 3 / 12 })
    // Around the sides: 0-2 in all three rows; below the last row lies the first: 0 0 1 2 under 0 2 2 2.
    expect(interfaces(labels, { periodic: true })).toEqual({ '0-1': 2 / 12, '0-2': 6 / 12, '1-2': 4 / 12 })
    expect(interfaces(drawn('00', '00'), { labels: 3 })).toEqual({ '0-1': 0, '0-2': 0, '1-2': 0 })
  })

  it('`specificSurface()` of a periodic checkerboard is every face: one per axis and site', () => {
    expect(specificSurface(checkerboard([8, 6]), { periodic: true }).faces).toBe(2)
    expect(specificSurface(checkerboard([4, 6, 8]), { periodic: true }).faces).toBe(3)
    expect(specificSurface(checkerboard([8, 8])).faces).toBe((2 * 8 * 7) / 64)
  })

  it('`specificSurface()` of layers is 2 per period, of a square its rim', () => {
    const layers = made([16, 24], (_, x) => x % 6 < 2)
    expect(specificSurface(layers, { phase: 1, periodic: true }).faces).toBeCloseTo(2 / 6, 12)
    const square = made([20, 20], (y, x) => y >= 5 && y < 12 && x >= 3 && x < 10)
    expect(specificSurface(square).faces).toBe(28 / 400)
    const cube = made([9, 9, 9], (...place) => place.every(at => at >= 3 && at < 6))
    expect(specificSurface(cube, { phase: 1 }).faces).toBe(54 / 729)
  })

  it('`specificSurface()` takes a phase against all others together', () => {
    const labels = drawn('0012', '0012')
    const of = (phase: number) => specificSurface(labels, { phase }).faces * 8
    expect([of(0), of(1), of(2)]).toEqual([2, 4, 2])
  })

  it('`specificSurface()`, isotropic, is the circumference of a disc and the surface of a ball', () => {
    const [r, R] = [40.3, 20.4]
    const disc = made([100, 100], (y, x) => (y - 49.5) ** 2 + (x - 49.5) ** 2 <= r * r)
    const length = specificSurface(disc).isotropic * 100 ** 2
    expect(Math.abs(length / (2 * Math.PI * r) - 1)).toBeLessThan(0.01)
    const ball = made(
      [50, 50, 50],
      (...place) => place.reduce((sum, at) => sum + (at - 24.5) ** 2, 0) <= R * R,
    )
    const area = specificSurface(ball).isotropic * 50 ** 3
    expect(Math.abs(area / (4 * Math.PI * R * R) - 1)).toBeLessThan(0.02)
  })

  it('`specificSurface()` of uncorrelated sites is 2 d φ (1 − φ)', () => {
    for (const shape of [
      [700, 700],
      [80, 80, 80],
    ]) {
      const mask = uncorrelated(shape, 0.35)
      const wanted = 2 * shape.length * 0.35 * 0.65
      // The deviation per site is of the order of 1.
      expect(Math.abs(specificSurface(mask, { periodic: true }).faces - wanted)).toBeLessThan(
        6 / Math.sqrt(mask.data.length),
      )
    }
  })
})

const triples = (...of: Parameters<typeof triplePoints>) => triplePoints(...of).perVolume

describe('triplePoints', () => {
  it('`triplePoints()` counts the corners where three labels meet', () => {
    expect(triples(drawn('0011', '0011', '2222')) * 12).toBe(1)
    // Four different ones meet at one corner; two that cross are none.
    expect(triples(drawn('01', '23')) * 4).toBe(1)
    expect(triples(drawn('01', '10')) * 4).toBe(0)
    expect(triples(drawn('01', '12')) * 4).toBe(1)
    expect(triples(drawn('00', '12')) * 4).toBe(1)
    expect(triples(drawn('0011', '0011', '2222'), { periodic: true }) * 12).toBe(4)
  })

  it('`triplePoints()` of rods is their length per volume', () => {
    // Three phases whose borders run along one axis: two lines of 7 edges each.
    const flat = drawn('000111', '000111', '222222', '222000')
    const lines = triples(flat) * 24
    for (const axis of [0, 1, 2]) {
      const shape = axis === 0 ? [7, 4, 6] : axis === 1 ? [4, 7, 6] : [4, 6, 7]
      const rods = made(shape, (...place) => {
        const [y, x] = place.filter((_, other) => other !== axis)
        return flat.data[y * 6 + x]
      })
      expect(triples(rods) * 168).toBeCloseTo(7 * lines, 9)
    }
  })

  it('`triplePoints()` of two phases are none', () => {
    expect(triples(uncorrelated([30, 30], 0.5))).toBe(0)
  })
})
