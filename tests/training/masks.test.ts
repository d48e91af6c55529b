// Random holes, and batches of images with holes in them.
import { describe, expect, it } from 'vitest'
import { lattice } from '../../src/lattice/index.ts'
import { spatial } from '../../src/process/index.ts'
import { exponential } from '../../src/schedule/index.ts'
import { batches } from '../../src/training/batches.ts'
import { holeOf, scenes } from '../../src/training/masks.ts'
import { stored } from '../../src/training/stored.ts'

const grid = lattice([12, 10], 'no-flux')
const share = (open: Uint8Array) => open.reduce((sum, x) => sum + x, 0) / open.length

describe('holeOf()', () => {
  it('draws the same hole for a number and a seed, never an empty one, and now and then the whole image', () => {
    const holes = Array.from({ length: 400 }, (_, k) => holeOf({ lattice: grid, channels: 1, seed: 3 }, k))
    const shares = holes.map(share)
    expect(Math.min(...shares)).toBeGreaterThan(0)
    const whole = shares.filter(part => part === 1).length
    expect(whole).toBeGreaterThan(10)
    expect(whole).toBeLessThan(90)
    expect(holeOf({ lattice: grid, channels: 1, seed: 3 }, 17)).toEqual(holes[17])
    expect(new Set(holes.map(String)).size).toBeGreaterThan(250)
  })

  it('gives several channels one hole, or one of them a hole of its own', () => {
    const kinds = new Set<string>()
    for (let k = 0; k < 60; k++) {
      const open = holeOf({ lattice: grid, channels: 2, seed: 1 }, k)
      kinds.add(
        [open.subarray(0, 120), open.subarray(120)].map(one => (share(one) > 0 ? 'hole' : 'known')).join(),
      )
    }
    expect([...kinds].sort()).toEqual(['hole,hole', 'hole,known', 'known,hole'])
  })
})

describe('batches() with scenes', () => {
  const count = 6
  const counts = Uint8Array.from({ length: count * 120 }, (_, i) => (i * 31) % 23)
  const walk = spatial({ lattice: grid })
  const options = {
    process: walk,
    schedule: exponential({ start: 1e-3 }),
    source: stored({ counts, count }, 3),
    batch: 6,
    seed: 2,
    classes: 0,
    labelDropout: 0,
    scene: scenes({ lattice: grid, channels: 1, seed: 2, count: 50 }),
  }
  const next = batches(options)
  const known = new Set(
    Array.from({ length: count }, (_, i) => counts.slice(i * 120, (i + 1) * 120).reduce((a, b) => a + b)),
  )

  it('leave known counts as they are, keep every mass, and let no unit hop over the edge', () => {
    for (let step = 0; step < 20; step++) {
      const feeds = next(step)
      for (let b = 0; b < 6; b++) {
        const image = feeds.counts.data.subarray(b * 120, (b + 1) * 120)
        const open = feeds.open.data.subarray(b * 120, (b + 1) * 120)
        expect(known).toContain((image as Float32Array).reduce((sum, n) => sum + n, 0))
        const sources = Array.from({ length: count }, (_, i) => counts.subarray(i * 120, (i + 1) * 120))
        const matches = (source: Uint8Array) => source.every((n, x) => open[x] === 1 || image[x] === n)
        expect(sources.some(matches)).toBe(true)
        for (let j = 0; j < 4; j++)
          for (let x = 0; x < 120; x++) {
            const at = (b * 4 + j) * 120 + x
            if (open[x] === 0) expect([feeds.capacity.data[at], feeds.target.data[at]]).toEqual([0, 0])
            if (feeds.capacity.data[at] === 0) expect(feeds.target.data[at]).toBe(0)
          }
      }
    }
  })

  it('refuse a weight that the walk in a hole does not know', () => {
    expect(() => batches({ ...options, weight: 'early' })(0)).toThrow(
      'the weight must be one of likelihood, got',
    )
  })

  it('tell the times on the clock of the whole lattice', () => {
    const { time, open } = next(3)
    for (let b = 0; b < 6; b++) {
      expect(time.data[b]).toBeGreaterThan(0)
      if (share(Uint8Array.from(open.data.subarray(b * 120, (b + 1) * 120))) === 1)
        expect(time.data[b]).toBeLessThanOrEqual(1.001)
    }
  })
})
