import { describe, expect, it } from 'vitest'
import { finish, geodesicTortuosity } from '../../src/structure/index.ts'
import { made } from './masks.ts'

/** Open where the function says 1. */
const open = (shape: readonly [number, number], of: (y: number, x: number) => boolean) =>
  made(shape, (y, x) => (of(y, x) ? 1 : 0))

describe('geodesicTortuosity()', () => {
  it('is 1 for straight channels, one or many, along either axis', () => {
    const channels = open([20, 30], y => y % 5 < 3)
    expect(Math.abs(finish(geodesicTortuosity(channels)) - 1)).toBeLessThan(1e-12)
    const columns = open([30, 20], (_, x) => x === 4)
    expect(Math.abs(finish(geodesicTortuosity(columns, { axis: 0 })) - 1)).toBeLessThan(1e-12)
  })

  it('is that of a taut string, about, for a corridor that winds: below the 3.82 of hops', () => {
    // Walls across from alternate sides: five legs of 24 sites up or down beside 40 along.
    const winding = open([30, 41], (y, x) => x % 8 !== 4 || (Math.floor(x / 8) % 2 === 0 ? y < 3 : y > 26))
    const found = finish(geodesicTortuosity(winding))
    expect(found).toBeGreaterThan(2.9)
    expect(found).toBeLessThan(3.82)
  })

  it('is infinite where nothing gets through, and where nothing is open', () => {
    expect(finish(geodesicTortuosity(open([8, 9], (_, x) => x !== 4)))).toBe(Number.POSITIVE_INFINITY)
    expect(finish(geodesicTortuosity(open([8, 9], () => false)))).toBe(Number.POSITIVE_INFINITY)
  })

  it('refuses a time that is none', () => {
    expect(() =>
      finish(
        geodesicTortuosity(
          open([4, 4], () => true),
          { t: Number.NaN },
        ),
      ),
    ).toThrow('Cannot measure the geodesic tortuosity: t must be a finite number above 0, got NaN')
  })
})
