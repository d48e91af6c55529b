// Periodic and no-flux boundaries: where a hop leads, how the unfolded walk folds, how slowly it mixes.
import { describe, expect, it } from 'vitest'
import { boundary, noFlux, periodic } from '../../src/lattice/index.ts'

describe('boundaries', () => {
  it('`periodic.neighbour()` wraps and `noFlux.neighbour()` forbids the hop out', () => {
    expect([0, 1, 2].map(x => periodic.neighbour(x, -1, 3))).toEqual([2, 0, 1])
    expect([0, 1, 2].map(x => periodic.neighbour(x, 1, 3))).toEqual([1, 2, 0])
    expect([0, 1, 2].map(x => noFlux.neighbour(x, -1, 3))).toEqual([-1, 0, 1])
    expect([0, 1, 2].map(x => noFlux.neighbour(x, 1, 3))).toEqual([1, 2, -1])
    expect([periodic.neighbour(0, -1, 1), periodic.neighbour(0, 1, 1)]).toEqual([0, 0])
    expect([noFlux.neighbour(0, -1, 1), noFlux.neighbour(0, 1, 1)]).toEqual([-1, -1])
  })

  it('`periodic.fold()` wraps any integer and `noFlux.fold()` reflects it, repeating the end sites', () => {
    const positions = Array.from({ length: 15 }, (_, i) => i - 7)
    expect(positions.map(x => periodic.fold(x, 3))).toEqual([2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1])
    expect(positions.map(x => noFlux.fold(x, 3))).toEqual([0, 0, 1, 2, 2, 1, 0, 0, 1, 2, 2, 1, 0, 0, 1])
    for (const { fold } of [periodic, noFlux])
      for (let x = -5; x <= 5; x++) expect(Object.is(fold(x, 1), 0), `fold(${x}, 1) is +0`).toBe(true)
  })

  it('`fold()` and `neighbour()` agree: one unfolded hop is one hop, or none at a wall', () => {
    for (const { fold, neighbour, period } of [periodic, noFlux])
      for (const length of [1, 2, 3, 8])
        for (let x = -2 * period(length); x <= 2 * period(length); x++) {
          const site = fold(x, length)
          expect(fold(x + period(length), length)).toBe(site)
          const reached = [-1, 1].map(hop => fold(x + hop, length)).sort()
          const hops = ([-1, 1] as const)
            .map(hop => neighbour(site, hop, length))
            .map(y => (y < 0 ? site : y))
          expect(reached).toEqual(hops.sort())
        }
  })

  it('`slowest()` is the rate at which the kernel forgets its origin', () => {
    for (const { slowest, kernels } of [periodic, noFlux])
      for (const length of [2, 3, 8, 28]) {
        const tau = 4 / slowest(length)
        const left = (t: number) => kernels(length).at(t)[0] - 1 / length
        const rate = Math.log(left(tau) / left(2 * tau)) / tau
        // The next mode is at least 3 times faster and adds less than e^-8.
        expect(Math.abs(rate / slowest(length) - 1)).toBeLessThan(1e-3)
      }
    expect(periodic.slowest(2)).toBeCloseTo(4, 14)
    expect(noFlux.slowest(2)).toBeCloseTo(2, 14)
    expect([periodic.slowest(1), noFlux.slowest(1)]).toEqual([Infinity, Infinity])
  })

  it('`boundary()` finds both by name and refuses any other', () => {
    expect(boundary('periodic')).toBe(periodic)
    expect(boundary('no-flux')).toBe(noFlux)
    expect(() => boundary('open' as 'periodic')).toThrow(
      'Cannot choose the boundary: its name must be "periodic" or "no-flux", got "open"',
    )
  })
})
