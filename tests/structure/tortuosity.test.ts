import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Cancelled } from '../../src/base/errors.ts'
import { type Labels, sitesOf } from '../../src/structure/labels.ts'
import { percolates, spanning } from '../../src/structure/percolation.ts'
import { transport } from '../../src/structure/transport/tortuosity.ts'
import { drive, finish } from '../../src/structure/work.ts'
import { checkerboard, drawn, made, uncorrelated } from './masks.ts'

const across = (mask: Labels, axis: number) => finish(transport(mask, axis, { tolerance: 1e-12 }))

interface Case {
  shape: number[]
  mask: string
  relativeDiffusivity: number[]
}

const cases: Case[] = JSON.parse(readFileSync(new URL('vectors/tortuosity.json', import.meta.url), 'utf8'))

/** A winding channel one site wide: rows of the whole width, joined at alternate ends. */
const serpentine = (turns: number, width: number): Labels =>
  made([2 * turns + 1, width], (y, x) => y % 2 === 1 || x === (y % 4 === 0 ? 0 : width - 1))

describe('spanning', () => {
  const mask = drawn(
    '#.#.#', //
    '#.#.#',
    '###..',
    '....#',
    '##.##',
  )

  it('`spanning()` finds the clusters that touch both faces, and nothing else', () => {
    const open = drawn(
      '#.##.', //
      '#.#..',
      '#.#.#',
      '..#.#',
      '#.##.',
    )
    expect([...finish(spanning(open, 0))]).toEqual([2, 3, 7, 12, 17, 22, 23])
    expect(finish(spanning(open, 1)).length).toBe(0)
  })

  it('`percolates()` takes face neighbours alone: diagonals do not conduct', () => {
    expect(finish(percolates(mask))).toEqual([false, false])
    expect(finish(percolates(checkerboard([8, 8])))).toEqual([false, false])
    expect(finish(percolates(checkerboard([4, 4, 4])))).toEqual([false, false, false])
  })

  it('`percolates()` sees each axis of a bundle of channels', () => {
    for (const axis of [0, 1, 2]) {
      const rods = made([6, 5, 4], (...place) => {
        const [a, b] = place.filter((_, other) => other !== axis)
        return a % 2 === 0 && b % 2 === 0
      })
      expect(finish(percolates(rods))).toEqual([0, 1, 2].map(other => other === axis))
    }
  })
})

describe('transport', () => {
  it('`transport()` gives a straight channel τ = 1 along it and ∞ across it', () => {
    for (const shape of [[32, 32], [7, 40], [16, 12, 10], [50]])
      for (let axis = 0; axis < shape.length; axis++) {
        const channels = made(shape, (...place) => place.every((at, other) => other === axis || at % 3 === 1))
        const share = sitesOf(channels) / channels.data.length
        const along = across(channels, axis)
        expect(along.tortuosity).toBeCloseTo(1, 9)
        // The first guess is the answer.
        expect(along.steps).toBeLessThanOrEqual(3)
        expect(along.relativeDiffusivity).toBeCloseTo(share, 9)
        if (shape.length === 1) continue
        const blocked = across(channels, (axis + 1) % shape.length)
        expect(blocked).toMatchObject({ tortuosity: Infinity, relativeDiffusivity: 0 })
      }
  })

  it('`transport()` of the whole grid is free diffusion, of no sites at all none', () => {
    expect(
      across(
        made([13, 9, 5], () => 1),
        1,
      ).tortuosity,
    ).toBeCloseTo(1, 12)
    expect(
      across(
        made([1, 1], () => 1),
        0,
      ).tortuosity,
    ).toBeCloseTo(1, 12)
    expect(
      across(
        made([13, 9], () => 0),
        0,
      ),
    ).toMatchObject({ tortuosity: Infinity, relativeDiffusivity: 0 })
  })

  it('`transport()` gives a winding channel one site wide τ = (its sites / length of the grid)²', () => {
    // n sites in a row conduct 1/n: φ / D_rel = (n / WL) / (L / nW) = (n / L)².
    for (const [turns, width] of [
      [1, 2],
      [3, 5],
      [10, 20],
      [127, 256],
    ]) {
      const mask = serpentine(turns, width)
      const sites = sitesOf(mask)
      expect(sites).toBe(turns * width + turns + 1)
      const { tortuosity, relativeDiffusivity } = across(mask, 0)
      const length = mask.shape[0]
      expect(tortuosity / (sites / length) ** 2).toBeCloseTo(1, 9)
      expect((relativeDiffusivity * sites * width) / length).toBeCloseTo(1, 9)
    }
  })

  it('`transport()` agrees with a direct solution by scipy', () => {
    for (const { shape, mask, relativeDiffusivity } of cases) {
      const labels = { data: Uint8Array.from(mask, Number), shape }
      const share = sitesOf(labels) / labels.data.length
      relativeDiffusivity.forEach((value, axis) => {
        const found = across(labels, axis)
        expect(found.relativeDiffusivity).toBeCloseTo(value, 10)
        expect(found.tortuosity).toBe(value === 0 ? Infinity : share / found.relativeDiffusivity)
      })
    }
  })

  it('`transport()` takes as few steps on large grids and near the percolation threshold as on small ones', () => {
    // The threshold of sites on the square lattice is 0.5927, on the cubic one 0.3116.
    for (const [shape, share] of [
      [[64, 64], 0.7],
      [[256, 256], 0.62],
      [[256, 256], 0.95],
      [[40, 40, 40], 0.34],
    ] as const) {
      const mask = uncorrelated(shape, share)
      const { steps, tortuosity } = across(mask, 0)
      expect(tortuosity).toBeGreaterThan(1)
      expect(tortuosity).toBeLessThan(1000)
      expect(steps).toBeLessThan(30)
    }
  })

  it('`transport()` of a 256×256 slice ends within a second, four on a busy machine', () => {
    const mask = uncorrelated([256, 256], 0.65)
    const began = performance.now()
    across(mask, 0)
    // Room for a machine that does other things at the same time.
    expect(performance.now() - began).toBeLessThan(4000)
  })

  it('`transport()` works in pieces that can be stopped', async () => {
    const mask = uncorrelated([200, 200], 0.7)
    const shares = [...transport(mask, 0)]
    expect(shares.length).toBeGreaterThan(5)
    expect(shares.every(share => share >= 0 && share <= 1)).toBe(true)
    const stop = AbortSignal.abort()
    const slow = (function* () {
      for (let i = 0; ; i++) {
        const until = performance.now() + 60
        while (performance.now() < until);
        yield Math.min(1, i / 10)
      }
    })()
    await expect(drive(slow, { signal: stop })).rejects.toThrow(Cancelled)
  })
})
