import { describe, expect, it } from 'vitest'
import type { Labels } from '../../src/structure/labels.ts'
import { type TwoPointOptions, twoPoint } from '../../src/structure/two-point.ts'
import { finish } from '../../src/structure/work.ts'
import { checkerboard, made, placeOf, sizeOf, uncorrelated } from './masks.ts'

const measured = (mask: Labels, options?: TwoPointOptions) => finish(twoPoint(mask, options))

/** By looking at every pair of sites. */
function counted(
  { data, shape }: Labels,
  { periodic, range }: Required<Pick<TwoPointOptions, 'periodic' | 'range'>>,
) {
  const found = shape.map(() => new Float64Array(range + 1))
  const possible = shape.map(() => new Float64Array(range + 1))
  const radial = { found: new Float64Array(range + 1), possible: new Float64Array(range + 1) }
  for (let i = 0; i < data.length; i++) {
    const from = placeOf(i, shape)
    const box = shape.map(length => (length === 1 ? 1 : 2 * range + 1))
    for (let v = 0; v < sizeOf(box); v++) {
      const hop = placeOf(v, box).map((at, axis) => at - (box[axis] - 1) / 2)
      let to = from.map((at, axis) => at + hop[axis])
      if (periodic) to = to.map((at, axis) => (at + shape[axis]) % shape[axis])
      else if (to.some((at, axis) => at < 0 || at >= shape[axis])) continue
      const both = data[i] * data[to.reduce((index, at, axis) => index * shape[axis] + at, 0)]
      const bin = Math.round(Math.hypot(...hop))
      if (bin <= range) {
        radial.found[bin] += both
        radial.possible[bin]++
      }
      hop.forEach((r, axis) => {
        if (r < 0 || hop.some((other, b) => b !== axis && other !== 0)) return
        found[axis][r] += both
        possible[axis][r]++
      })
    }
  }
  const share = (a: Float64Array, b: Float64Array) => Array.from(a, (value, r) => value / b[r])
  return {
    axes: found.map((curve, axis) => share(curve, possible[axis])),
    radial: share(radial.found, radial.possible),
  }
}

describe('twoPoint', () => {
  it('`twoPoint()` by Fourier transforms is exactly what counting every pair gives', () => {
    for (const shape of [[9], [7, 11], [16, 16], [12, 10], [13, 1], [5, 4, 6], [7, 8, 9], [1, 6, 5]])
      for (const periodic of [false, true]) {
        const mask = uncorrelated(shape, 0.4, sizeOf(shape))
        const shortest = Math.min(...shape.filter(length => length > 1))
        for (const range of [0, Math.floor(shortest / 2), ...(periodic ? [] : [shortest - 1])]) {
          const { radial, ...axes } = measured(mask, { periodic, range })
          const wanted = counted(mask, { periodic, range })
          expect(Array.from(radial), `${shape} ${periodic} ${range}`).toEqual(wanted.radial)
          const last = [axes.x, axes.y, axes.z].filter(curve => curve !== undefined)
          expect(last.length).toBe(shape.length)
          last.forEach((curve, i) => {
            const axis = shape.length - 1 - i
            // An axis of one site has no vectors along it.
            if (shape[axis] > 1) expect(Array.from(curve)).toEqual(wanted.axes[axis])
          })
        }
      }
  })

  it('`twoPoint()` begins with the share of the phase', () => {
    for (const share of [0, 0.3, 1]) {
      const mask = uncorrelated([31, 20], share)
      const phi = mask.data.reduce((sum, site) => sum + site, 0) / 620
      for (const periodic of [false, true]) {
        const { x, y, radial } = measured(mask, { periodic })
        expect([x[0], y?.[0], radial[0]]).toEqual([phi, phi, phi])
      }
    }
  })

  it('`twoPoint()` of a checkerboard is ½ at even distances along the axes and 0 at odd ones', () => {
    for (const shape of [
      [16, 16],
      [8, 8, 8],
    ])
      for (const periodic of [false, true]) {
        const { x, y, z } = measured(checkerboard(shape), { periodic })
        for (const curve of [x, y, z].slice(0, shape.length))
          expect(Array.from(curve!)).toEqual(Array.from(curve!, (_, r) => (r % 2 === 0 ? 0.5 : 0)))
      }
  })

  it('`twoPoint()` of layers falls along their normal as |1 − 2r/period|/2 and stays along them', () => {
    const layers = made([24, 32], (_, x) => x % 8 < 4)
    const { x, y } = measured(layers, { periodic: true })
    expect(Array.from(x)).toEqual(Array.from(x, (_, r) => Math.abs(1 - (r % 8) / 4) / 2))
    expect(Array.from(y!)).toEqual(Array.from(y!, () => 0.5))
  })

  it('`twoPoint()` of uncorrelated sites is φ² beyond 0', () => {
    const mask = uncorrelated([64, 64, 64], 0.3)
    const { radial } = measured(mask, { periodic: true })
    const phi = radial[0]
    // Over at least 6 N/2 pairs per distance, each of variance φ²(1 − φ²): the standard error is below 3.5e-4,
    // and for given φ smaller still.
    for (let r = 1; r < radial.length; r++) expect(Math.abs(radial[r] - phi * phi)).toBeLessThan(0.0018)
  })

  it('`twoPoint()` refuses ranges that it cannot count, and grids of no shape', () => {
    const mask = uncorrelated([8, 6], 0.5)
    expect(() => measured(mask, { range: 6 })).toThrow('the range must be a whole number from 0 to 5, got 6')
    expect(() => measured(mask, { range: 4, periodic: true })).toThrow('from 0 to 3, got 4')
    expect(() => measured({ data: mask.data, shape: [7, 7] })).toThrow(
      'the labels must be 49 in number, got 48',
    )
    expect(() => measured({ data: mask.data, shape: [0, 7] })).toThrow(
      'the shape must be of one to three axes',
    )
  })
})
