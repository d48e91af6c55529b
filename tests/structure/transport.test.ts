import { describe, expect, it } from 'vitest'
import { type Labels, outside } from '../../src/structure/labels.ts'
import type { TransportOptions } from '../../src/structure/transport/conductors.ts'
import { electrodeTransport } from '../../src/structure/transport/electrode.ts'
import { transport } from '../../src/structure/transport/tortuosity.ts'
import { finish } from '../../src/structure/work.ts'
import { made, uncorrelated } from './masks.ts'

const exact = { tolerance: 1e-12 }
const through = (labels: Labels, axis: number, options: TransportOptions = {}) =>
  finish(transport(labels, axis, { ...exact, ...options }))
const electrode = (labels: Labels, axis: number, options: TransportOptions = {}) =>
  finish(electrodeTransport(labels, axis, { ...exact, ...options }))

describe('transport of several conductors', () => {
  it('`transport()` of layers is the arithmetic mean along them and the harmonic mean across', () => {
    const conductivity = [1, 0.2, 3]
    const layers = made([12, 9, 6], z => Math.floor(z / 4))
    const arithmetic = (1 + 0.2 + 3) / 3
    const harmonic = 3 / (1 + 1 / 0.2 + 1 / 3)
    for (const spacing of [
      [1, 1, 1],
      [5, 1, 2],
    ]) {
      const across = through(layers, 0, { conductivity, spacing })
      expect(across.relativeDiffusivity).toBeCloseTo(harmonic, 6)
      expect(across.tortuosity).toBeCloseTo(arithmetic / harmonic, 5)
      for (const axis of [1, 2])
        expect(through(layers, axis, { conductivity, spacing }).relativeDiffusivity).toBeCloseTo(
          arithmetic,
          6,
        )
    }
  })

  it('`transport()` of a checkerboard of two conductors comes near their geometric mean', () => {
    // Keller 1964, J. Math. Phys. 5, 548: √(k₁ k₂), between planes through the middles of the fields.
    const off = (side: number) => {
      const field = (at: number) => Math.floor((at + side / 2) / side)
      const board = made([4 * side, 4 * side], (y, x) => (field(y) + field(x)) % 2)
      return Math.abs(through(board, 0, { conductivity: [1, 0.25] }).relativeDiffusivity / 0.5 - 1)
    }
    expect(off(24)).toBeLessThan(0.02)
    expect(off(24)).toBeLessThan(0.8 * off(12))
  })

  it('`transport()` keeps its value where all conductivities grow, and takes labels of 0 for walls', () => {
    const labels = made([20, 20], (y, x) => uncorrelated([20, 20], 0.7, 3).data[y * 20 + x])
    const one = through(labels, 1)
    const ten = through(labels, 1, { conductivity: [0, 10] })
    expect(ten.tortuosity).toBeCloseTo(one.tortuosity, 9)
    expect(ten.relativeDiffusivity).toBeCloseTo(10 * one.relativeDiffusivity, 9)
    expect(() => through(labels, 0, { conductivity: [-1, 1] })).toThrow(
      'the conductivities must be at least 0',
    )
  })

  it('`transport()` of flat voxels is that of cubes cut into them', () => {
    // A site of 1 × 2 × 3 as 1 × 2 × 3 cubes: the same body, on a finer grid nearly the same flow.
    const coarse = made(
      [10, 8, 6],
      (...place) => uncorrelated([10, 8, 6], 0.75, 2).data[(place[0] * 8 + place[1]) * 6 + place[2]],
    )
    const fine = made([10, 16, 18], (z, y, x) => coarse.data[(z * 8 + (y >> 1)) * 6 + Math.floor(x / 3)])
    for (const axis of [0, 1, 2]) {
      const flat = through(coarse, axis, { spacing: [1, 2, 3] }).relativeDiffusivity
      const cubes = through(fine, axis).relativeDiffusivity
      expect(Math.abs(flat / cubes - 1)).toBeLessThan(0.25)
    }
    // Of a channel it is exact, and the unit of length does not matter.
    const channel = made([9, 7], (_, x) => x % 3 === 0)
    expect(through(channel, 0, { spacing: [25, 5] }).tortuosity).toBeCloseTo(1, 9)
    const a = through(coarse, 1, { spacing: [1, 2, 3] }).tortuosity
    expect(through(coarse, 1, { spacing: [7, 14, 21] }).tortuosity).toBeCloseTo(a, 9)
  })

  it('`transport()` through periodic sides is that of many copies beside each other', () => {
    const one = uncorrelated([8, 7], 0.72, 6)
    const copies = 41
    const many = made([8, 7 * copies], (y, x) => one.data[y * 7 + (x % 7)])
    const periodic = through(one, 0, { periodic: true }).relativeDiffusivity
    const wide = through(many, 0).relativeDiffusivity
    expect(Math.abs(wide / periodic - 1)).toBeLessThan(2 / copies)
    expect(periodic).toBeGreaterThanOrEqual(through(one, 0).relativeDiffusivity - 1e-12)
    // A diagonal channel is blocked by the sides, and goes on beyond them.
    const diagonal = made([12, 4], (y, x) => ((y + (y % 2)) / 2) % 4 === x || ((y - (y % 2)) / 2) % 4 === x)
    expect(through(diagonal, 0).tortuosity).toBe(Infinity)
    expect(through(diagonal, 0, { periodic: true }).tortuosity).toBeGreaterThan(1)
  })

  it('`transport()` of a core in an empty box is that of the core', () => {
    const core = made([10, 9, 9], (_, y, x) =>
      (y - 4) ** 2 + (x - 4) ** 2 > 17 ? outside : uncorrelated([9, 9], 0.8, 1).data[y * 9 + x],
    )
    expect(through(core, 0).tortuosity).toBeCloseTo(1, 9)
    const inside = core.data.filter(own => own !== outside)
    const share = inside.filter(own => own === 1).length / inside.length
    expect(through(core, 0).relativeDiffusivity).toBeCloseTo(share, 9)
  })

  it('`transport()` gives the concentration at every place that conducts', () => {
    const channel = made([4, 3], (_, x) => x === 1)
    const { concentration } = through(channel, 0, { concentration: true })
    expect(Array.from(concentration!)).toEqual(
      [0.875, 0.625, 0.375, 0.125].flatMap(c => [NaN, expect.closeTo(c, 6), NaN]),
    )
  })
})

describe('electrodeTransport', () => {
  it('`electrodeTransport()` of straight pores is 1 + 1/(2n²), on flat voxels too', () => {
    for (const n of [1, 2, 5, 40])
      for (const spacing of [
        [1, 1],
        [3, 1],
      ]) {
        const pores = made([n, 9], (_, x) => x % 3 === 1)
        expect(electrode(pores, 0, { spacing }).tortuosity).toBeCloseTo(1 + 1 / (2 * n * n), 9)
      }
    // The ends of pores that do not reach the far side charge too.
    const solid = made([20, 6, 6], (_, y, x) => y % 3 === 1 && x % 3 === 1)
    expect(electrode(solid, 0).tortuosity).toBeCloseTo(1 + 1 / 800, 9)
  })

  it('`electrodeTransport()` counts dead ends, where nothing gets through', () => {
    const dead = made([20, 9], (y, x) => x % 3 === 1 && y < 10)
    expect(through(dead, 0).tortuosity).toBe(Infinity)
    const { tortuosity } = electrode(dead, 0)
    // Half as long: Z is about half of that of a whole pore, φ half of its share.
    expect(tortuosity).toBeGreaterThan(0.2)
    expect(tortuosity).toBeLessThan(0.3)
    expect(
      electrode(
        made([5, 5], y => y > 2),
        0,
      ).tortuosity,
    ).toBe(Infinity)
    expect(
      electrode(
        made([5, 5], () => 1),
        0,
      ).tortuosity,
    ).toBeNaN()
  })

  it('`electrodeTransport()` of a winding pore is near (its length over the straight one)²', () => {
    const turns = 20
    const width = 12
    const mask = made([2 * turns + 1, width], (y, x) => y % 2 === 1 || x === (y % 4 === 0 ? 0 : width - 1))
    const sites = mask.data.reduce((sum, own) => sum + own, 0)
    const { tortuosity } = electrode(mask, 0)
    expect(tortuosity / (sites / mask.shape[0]) ** 2).toBeGreaterThan(0.97)
    expect(tortuosity / (sites / mask.shape[0]) ** 2).toBeLessThan(1.03)
  })
})
