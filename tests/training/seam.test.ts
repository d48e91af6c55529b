// The seam of windows on a torus: nothing within its band is learned, all else is.
import { describe, expect, it } from 'vitest'
import { lattice } from '../../src/lattice/index.ts'
import { labels, spatial } from '../../src/process/index.ts'
import { exponential } from '../../src/schedule/index.ts'
import { batches } from '../../src/training/batches.ts'
import { closeSeam } from '../../src/training/seam.ts'
import { stored } from '../../src/training/stored.ts'

const walk = spatial({ lattice: lattice([16, 24], 'periodic'), rate: 8 })

describe('closeSeam()', () => {
  it('empties the band along all six sides of volumes', () => {
    const volume = spatial({ lattice: lattice([8, 12, 16], 'periodic'), rate: 8 })
    const weights = new Float32Array(8 * 12 * 16).fill(1)
    closeSeam(weights, volume, 0.25)
    // 1 + √(2τ) = 3, and a quarter of the side at most.
    const [d, h, w] = [8 - 2 * 2, 12 - 2 * 3, 16 - 2 * 3]
    weights.forEach((value, i) => {
      const [z, y, x] = [Math.floor(i / 192), Math.floor(i / 16) % 12, i % 16]
      const kept = z >= 2 && z < 6 && y >= 3 && y < 9 && x >= 3 && x < 13
      if (kept) expect(value / ((8 * 12 * 16) / (d * h * w))).toBeCloseTo(1, 5)
      else expect(value).toBe(0)
    })
  })

  it('empties a band of 1 + √(2τ) along all sides, a quarter of the side at most', () => {
    for (const [time, rows, columns] of [
      [0, 1, 1],
      // 2τ = 4, 9 and 16.
      [0.25, 3, 3],
      [9 / 16, 4, 4],
      [1, 4, 5],
    ]) {
      const weights = new Float32Array(16 * 24).fill(2)
      closeSeam(weights, walk, time)
      const inside = (16 - 2 * rows) * (24 - 2 * columns)
      weights.forEach((value, i) => {
        const [y, x] = [Math.floor(i / 24), i % 24]
        const kept = y >= rows && y < 16 - rows && x >= columns && x < 24 - columns
        if (kept) expect(value / ((2 * 16 * 24) / inside)).toBeCloseTo(1, 6)
        else expect(value).toBe(0)
      })
    }
  })

  it('closes the two ends of a series of several channels', () => {
    const series = labels({ lattice: lattice([20], 'periodic'), channels: 3, rate: 8 })
    const weights = new Float32Array(20).fill(1)
    closeSeam(weights, series, 0.25)
    expect([...weights]).toEqual(
      [...new Array(20).keys()].map(x => (x >= 3 && x < 17 ? Math.fround(20 / 14) : 0)),
    )
  })

  it('is what batches do with the weights of windows, and with nothing else', () => {
    const counts = new Uint8Array(16 * 24).map((_, x) => Number(x % 3 === 0))
    const options = () => ({
      process: labels({ lattice: lattice([16, 24], 'periodic'), rate: 8 }),
      schedule: exponential({ start: 1e-3 }),
      source: stored({ counts, count: 1 }, 1),
      batch: 4,
      seed: 2,
      classes: 0,
      labelDropout: 0,
    })
    const [open, closed] = [batches(options())(0), batches({ ...options(), seam: true })(0)]
    for (const name of ['counts', 'target', 'time']) expect(closed[name]).toEqual(open[name])
    const size = 16 * 24
    for (let b = 0; b < 4; b++) {
      const weights = Float32Array.from(open.weights.data.subarray(b * size, (b + 1) * size))
      closeSeam(weights, walk, open.time.data[b])
      expect(closed.weights.data.subarray(b * size, (b + 1) * size)).toEqual(weights)
    }
    expect(() => batches({ ...options(), process: walk, seam: true })).toThrow(
      'Cannot close the seam: the process must be one whose loss is a sum over sites',
    )
  })
})
