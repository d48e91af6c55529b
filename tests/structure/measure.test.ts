import { describe, expect, it } from 'vitest'
import { crop, crops } from '../../src/structure/crops.ts'
import type { Labels } from '../../src/structure/labels.ts'
import { measure } from '../../src/structure/measure.ts'
import type { MeasureOptions } from '../../src/structure/measured.ts'
import { type Quantity, quantities } from '../../src/structure/quantity.ts'
import {
  band,
  correlationLength,
  curves,
  linealLength,
  scalars,
  spread,
} from '../../src/structure/summary.ts'
import { finish } from '../../src/structure/work.ts'
import { drawn, made, placeOf, uncorrelated } from './masks.ts'

const measured = (labels: Labels, options?: MeasureOptions) => finish(measure(labels, options))

/** Straight channels of 0 along x, 4 wide in every 10 rows, between layers of 1 and of 2. */
const channels = made([40, 30], y => (y % 10 < 4 ? 0 : y % 10 < 8 ? 1 : 2))

describe('measure', () => {
  it('`measure()` finds in straight channels what is known of them', () => {
    const found = measured(channels)
    expect(found.porosity).toBeCloseTo(0.4, 12)
    expect(found.fractions).toEqual([0.4, 0.4, 0.2])
    expect(found.percolates).toEqual({ x: true, y: false })
    expect(found.tortuosity?.x).toBeCloseTo(1, 9)
    expect(found.tortuosity?.y).toBe(Infinity)
    expect(found.relativeDiffusivity?.x).toBeCloseTo(0.4, 9)
    expect(found.relativeDiffusivity?.y).toBe(0)
    // The upper channel has a side of the grid for its upper wall: the balls in it are cut off by none.
    expect(Array.from(found.poreSizes!.counts)).toEqual([0, 0, 0, 0, 3 * 120, 0, 0, 0, 120])
    expect(found.chords?.y?.mean).toBe(4)
    expect(found.chords?.x.mean).toBeNaN()
    // Walls: 4 below and 3 above the channels.
    expect(found.specificSurface?.faces).toBeCloseTo((7 * 30) / 1200, 12)
    expect(found.interfaces).toEqual({
      '0-1': (4 * 30) / 1200,
      '0-2': (3 * 30) / 1200,
      '1-2': (4 * 30) / 1200,
    })
    expect(found.triplePoints).toEqual({ perVolume: 0, perEdge: 0 })
    expect(found.s2?.x.every(value => Math.abs(value - 0.4) < 1e-12)).toBe(true)
  })

  it('`measure()` takes any label for the phase', () => {
    const found = measured(channels, { phase: 2, periodic: true })
    expect(found.porosity).toBeCloseTo(0.2, 12)
    expect(found.tortuosity?.x).toBeCloseTo(1, 9)
    expect(found.specificSurface?.faces).toBeCloseTo(0.2, 12)
    expect(measured(channels, { phase: 5, only: [] })).toEqual({
      shape: [40, 30],
      spacing: [1, 1],
      step: 1,
      porosity: 0,
      fractions: [0.4, 0.4, 0.2, 0, 0, 0],
    })
  })

  it('`measure()` does what it is asked for, and in three dimensions too', () => {
    const fields: Record<Quantity, string[]> = {
      s2: ['s2'],
      linealPath: ['linealPath'],
      chords: ['chords'],
      poreSizes: ['poreSizes'],
      specificSurface: ['specificSurface'],
      interfaces: ['interfaces'],
      percolates: ['percolates'],
      tortuosity: ['tortuosity', 'relativeDiffusivity'],
      euler: ['euler'],
      clusters: ['clusters'],
      lone: ['lone'],
      profiles: ['profiles'],
      representative: ['representative'],
      exactPoreSizes: ['exactPoreSizes'],
      porosimetry: ['porosimetry', 'breakthrough'],
      periodicTortuosity: ['periodicTortuosity'],
      electrodeTortuosity: ['electrodeTortuosity'],
    }
    const volume = uncorrelated([9, 10, 11], 0.5)
    for (const name of quantities) {
      const { shape, spacing, step, porosity, fractions, ...rest } = measured(volume, { only: [name] })
      expect(Object.keys(rest).sort()).toEqual(fields[name].sort())
      expect(shape).toEqual([9, 10, 11])
      expect(porosity).toBe(fractions[0])
    }
    expect(Object.keys(measured(volume).tortuosity!)).toEqual(['x', 'y', 'z'])
    expect(() => measured(volume, { only: ['s3' as Quantity] })).toThrow('a quantity must be one of s2, ')
    expect(() => measured(volume, { phase: -1 })).toThrow('the phase must be a label from 0 to 254, got -1')
  })

  it('`measure()` of nothing but pores, and of none at all, has values or none', () => {
    for (const shape of [
      [16, 16],
      [6, 7, 8],
      [1, 1],
    ]) {
      const empty = measured(made(shape, () => 1))
      expect(scalars(empty)).toMatchObject({
        porosity: 0,
        'tortuosity.x': Infinity,
        'relativeDiffusivity.x': 0,
        specificSurface: 0,
      })
      for (const name of ['correlationLength', 'linealLength', 'chords.x', 'poreSizes'])
        expect(scalars(empty)[name]).toBeNaN()
      const full = measured(made(shape, () => 0))
      expect(full.porosity).toBe(1)
      expect(full.tortuosity?.x).toBeCloseTo(1, 12)
      expect(scalars(full)).toMatchObject({ poreSizes: Infinity, 'chords.x': NaN, correlationLength: NaN })
      expect(curves(full).poreSizes).toBeUndefined()
    }
  })

  it('`measure()` says how far it is, from 0 to 1 and never back', () => {
    const shares = [...measure(uncorrelated([60, 60], 0.7))]
    expect(shares.length).toBeGreaterThan(10)
    for (let i = 1; i < shares.length; i++) expect(shares[i]).toBeGreaterThanOrEqual(shares[i - 1])
    expect(shares[0]).toBeGreaterThanOrEqual(0)
    expect(shares.at(-1)).toBeLessThanOrEqual(1)
  })
})

describe('summary', () => {
  it('`scalars()` carries the side of a site into every unit', () => {
    const mask = uncorrelated([32, 32], 0.6)
    const labels = { data: mask.data.map((label, i) => (i % 7 === 0 ? 2 : label)), shape: mask.shape }
    const one = scalars(measured(labels))
    const five = scalars(measured(labels), 5)
    const powers = {
      correlationLength: 1,
      linealLength: 1,
      'chords.x': 1,
      'chords.y': 1,
      poreSizes: 1,
      specificSurface: -1,
      specificSurfaceIsotropic: -1,
      'interfaces.0-1': -1,
      'interfaces.0-2': -1,
      'interfaces.1-2': -1,
      'triplePoints.perVolume': -2,
      'specificEuler.0': -2,
      'specificEuler.1': -2,
      'specificEuler.2': -2,
      integralRange: 2,
    }
    for (const [name, value] of Object.entries(one)) {
      const power = (powers as Record<string, number>)[name] ?? 0
      if (Number.isFinite(value)) expect(five[name], name).toBeCloseTo(value * 5 ** power, 12)
      else expect(five[name]).toBe(value)
    }
    expect(Object.keys(one)).toEqual(expect.arrayContaining(Object.keys(powers)))
  })

  it('`correlationLength()` of an exponential autocovariance is its length', () => {
    const s2 = Float64Array.from({ length: 40 }, (_, r) => 0.3 * 0.3 + 0.21 * Math.exp(-r / 7))
    expect(correlationLength(s2)).toBeCloseTo(7, 9)
    expect(correlationLength(s2.subarray(0, 5))).toBeNaN()
  })

  it('`linealLength()` adds up the lineal path', () => {
    expect(linealLength(Float64Array.of(0.5, 0.25, 0.125))).toBe(1.75)
  })

  it('`band()` has the mean and the quantiles of curves of any lengths', () => {
    const list = Array.from({ length: 21 }, (_, i) => Float64Array.from(i === 20 ? [i] : [i, 2 * i]))
    const { mean, low, high } = band(list)
    expect([mean[0], low[0], high[0]]).toEqual([10, 1, 19])
    expect(mean[1]).toBeCloseTo(19, 12)
    expect(band(list, 0).mean[1]).toBeCloseTo((380 + 0) / 21, 12)
    expect(band([]).mean.length).toBe(0)
  })

  it('`spread()` sets apart what is not finite', () => {
    expect(spread([1, 3, Infinity, NaN])).toEqual({
      mean: 2,
      deviation: Math.SQRT2,
      count: 2,
      infinite: 1,
      missing: 1,
    })
    expect(spread([4])).toMatchObject({ mean: 4, deviation: 0, count: 1 })
    expect(spread([NaN]).mean).toBeNaN()
  })
})

describe('crops', () => {
  const numbered = (shape: readonly number[]) => {
    const size = shape.reduce((a, b) => a * b, 1)
    return { data: Uint8Array.from({ length: size }, (_, i) => i % 251), shape }
  }

  it('`crop()` is the box from its corner on', () => {
    for (const [whole, corner, shape] of [
      [[9], [2], [5]],
      [
        [7, 8],
        [1, 3],
        [4, 5],
      ],
      [
        [5, 6, 7],
        [2, 0, 3],
        [3, 4, 2],
      ],
    ]) {
      const grid = numbered(whole)
      const cut = crop(grid, corner, shape)
      expect(cut.shape).toEqual(shape)
      cut.data.forEach((value, i) => {
        const place = placeOf(i, shape).map((at, axis) => at + corner[axis])
        expect(value).toBe(place.reduce((index, at, axis) => index * whole[axis] + at, 0) % 251)
      })
    }
  })

  it('`crops()` cuts grids into tiles, spread evenly where there are too many', () => {
    const grids = [drawn('0123', '4567', '8901'), drawn('1111', '2222', '3333')]
    const all = crops(grids, { shape: [1, 2] })
    expect(all.map(({ data }) => data.join(''))).toEqual([
      '01',
      '23',
      '45',
      '67',
      '89',
      '01',
      '11',
      '11',
      '22',
      '22',
      '33',
      '33',
    ])
    expect(crops(grids, { shape: [2, 3] }).map(({ data }) => data.join(''))).toEqual(['012456', '111222'])
    expect(crops(grids, { shape: [1, 2], most: 4 }).map(({ data }) => data.join(''))).toEqual([
      '01',
      '67',
      '11',
      '22',
    ])
    expect(crops(grids, { shape: [3, 4] })).toEqual(grids)
    expect(() => crops(grids, { shape: [4, 2] })).toThrow('grid 0 must be at least 4×2, got [3, 4]')
    expect(() => crops(grids, { shape: [2, 2, 2] })).toThrow('grid 0 must be at least 2×2×2, got [3, 4]')
  })
})
