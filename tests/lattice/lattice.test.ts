// The lattice: sites in row-major order, directions in the one order of the house, and how fast it mixes.
import { describe, expect, it } from 'vitest'
import {
  directions,
  hopRate,
  kernels,
  lattice,
  neighbours,
  noFlux,
  periodic,
  unmixed,
} from '../../src/lattice/index.ts'

const rows = (flat: Int32Array, size: number) =>
  Array.from({ length: flat.length / size }, (_, j) => [...flat.subarray(j * size, (j + 1) * size)])

describe('lattice()', () => {
  it('`lattice()` counts its sites in row-major order, axis 0 slowest', () => {
    const { shape, strides, size, axes } = lattice([4, 3, 2], ['periodic', noFlux, 'periodic'])
    expect({ shape, strides, size }).toEqual({ shape: [4, 3, 2], strides: [6, 2, 1], size: 24 })
    expect(axes.map(axis => axis.boundary)).toEqual([periodic, noFlux, periodic])
    expect(lattice([7], 'no-flux').axes).toEqual([{ length: 7, boundary: noFlux }])
  })

  it('`lattice()` refuses lengths and boundaries that make no lattice', () => {
    expect(() => lattice([], 'periodic')).toThrow('Cannot build the lattice: the list of lengths must be')
    expect(() => lattice([3, 0], 'periodic')).toThrow('every length must be an integer >= 1, got 0')
    expect(() => lattice([3, 2.5], 'periodic')).toThrow('got 2.5')
    expect(() => lattice([3, 3], [periodic])).toThrow(
      'the number of boundaries must be 2, one per axis, got 1',
    )
    expect(() => lattice([65536, 65536], periodic)).toThrow('the number of sites must be at most 2147483647')
    expect(() => lattice([3], 'absorbing' as 'periodic')).toThrow('Cannot choose the boundary')
  })

  it('`neighbours()` lists up, down, left, right of a 2 × 3 image, wrapping where periodic', () => {
    expect(rows(neighbours(lattice([2, 3], 'periodic')), 6)).toEqual([
      [3, 4, 5, 0, 1, 2],
      [3, 4, 5, 0, 1, 2],
      [2, 0, 1, 5, 3, 4],
      [1, 2, 0, 4, 5, 3],
    ])
    expect(rows(neighbours(lattice([2, 3], 'no-flux')), 6)).toEqual([
      [-1, -1, -1, 0, 1, 2],
      [3, 4, 5, -1, -1, -1],
      [-1, 0, 1, -1, 3, 4],
      [1, 2, -1, 4, 5, -1],
    ])
  })

  it('`neighbours()` is undone by the opposite direction, j ^ 1, in any dimension', () => {
    const volume = lattice([3, 4, 5], ['periodic', 'no-flux', 'periodic'])
    const reached = neighbours(volume)
    expect(directions(volume)).toBe(6)
    let walls = 0
    for (let j = 0; j < 6; j++)
      for (let x = 0; x < volume.size; x++) {
        const y = reached[j * volume.size + x]
        if (y < 0) walls++
        else expect(reached[(j ^ 1) * volume.size + y]).toBe(x)
      }
    // Two walls of 3 × 5 sites, across axis 1.
    expect(walls).toBe(30)
  })

  it('`kernels()` gives one value per axis, shared by axes that are alike', () => {
    const [a, b, c] = kernels(lattice([5, 5, 5], ['periodic', 'no-flux', 'periodic']))
    expect(a).toBe(c)
    expect([a.period, b.period]).toEqual([5, 10])
  })

  it('`hopRate()` leaves the residual of the slowest axis at t = 1', () => {
    const image = lattice([32, 8], 'periodic')
    expect(hopRate(image)).toBeCloseTo(6 / (4 * Math.sin(Math.PI / 32) ** 2), 9)
    expect(unmixed(image, hopRate(image))).toBeCloseTo(Math.exp(-6), 12)
    // Walls mix four times slower: 0.15 L² against 0.61 L².
    expect(hopRate(image) / 32 ** 2).toBeCloseTo(0.152, 2)
    expect(hopRate(lattice([8, 32], 'no-flux')) / 32 ** 2).toBeCloseTo(0.608, 3)
    expect(hopRate(lattice([32], 'periodic'), 0.5)).toBeCloseTo(Math.log(2) / periodic.slowest(32), 9)
    expect(() => hopRate(image, 0)).toThrow('the residual must be between 0 and 1')
    expect(() => hopRate(image, 1)).toThrow('the residual must be between 0 and 1')
  })

  it('`unmixed()` tells that the published rate leaves walls unmixed at L = 32', () => {
    expect(unmixed(lattice([32, 32], 'periodic'), 160)).toBeCloseTo(Math.exp(-6.15), 3)
    expect(unmixed(lattice([32, 32], 'no-flux'), 160)).toBeCloseTo(Math.exp(-1.54), 2)
    expect(unmixed(lattice([1, 32], 'no-flux'), 0)).toBe(1)
    expect(() => unmixed(lattice([4], 'periodic'), -1)).toThrow('tau must be >= 0, got -1')
  })

  it('`hopRate()` and `unmixed()` know that a single site has nothing to mix', () => {
    const dot = lattice([1, 1], 'no-flux')
    expect(hopRate(dot)).toBe(0)
    expect([unmixed(dot, 0), unmixed(dot, Infinity)]).toEqual([0, 0])
  })
})
