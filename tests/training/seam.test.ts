// The seam of windows on a torus: nothing within its band is learned, all else is.
import { describe, expect, it } from 'vitest'
import { lattice } from '../../src/lattice/index.ts'
import { spatial } from '../../src/process/index.ts'
import { exponential } from '../../src/schedule/index.ts'
import { batches } from '../../src/training/batches.ts'
import { closeSeam } from '../../src/training/seam.ts'
import { stored } from '../../src/training/stored.ts'

const walk = spatial({ lattice: lattice([16, 24], 'periodic'), rate: 8 })

describe('closeSeam()', () => {
  it('empties a band of 1 + √(2τ) along all sides, a quarter of the side at most', () => {
    for (const [time, rows, columns] of [
      [0, 1, 1],
      // 2τ = 4, 9 and 16.
      [0.25, 3, 3],
      [9 / 16, 4, 4],
      [1, 4, 5],
    ]) {
      const array = new Float32Array(4 * 16 * 24).fill(1)
      const share = closeSeam([array], walk, time)
      const inside = (16 - 2 * rows) * (24 - 2 * columns)
      expect(share).toBeCloseTo(inside / (16 * 24), 12)
      array.forEach((value, i) => {
        const [y, x] = [Math.floor(i / 24) % 16, i % 24]
        const kept = y >= rows && y < 16 - rows && x >= columns && x < 24 - columns
        expect(value).toBe(kept ? 1 : 0)
      })
    }
  })

  it('is what batches do with windows: neither capacity nor target at the sides, and the weight made up for', () => {
    const counts = new Uint8Array(16 * 24).fill(1)
    const options = () => ({
      process: spatial({ lattice: lattice([16, 24], 'periodic'), rate: 8 }),
      schedule: exponential({ start: 1e-3 }),
      source: stored({ counts, count: 1 }, 1),
      batch: 4,
      seed: 2,
      classes: 0,
      labelDropout: 0,
    })
    const [open, closed] = [batches(options())(0), batches({ ...options(), seam: true })(0)]
    expect(closed.counts).toEqual(open.counts)
    const size = 4 * 16 * 24
    for (let b = 0; b < 4; b++) {
      const arrays = (['capacity', 'target'] as const).map(name =>
        Float32Array.from(open[name].data.subarray(b * size, (b + 1) * size)),
      )
      const share = closeSeam(arrays, walk, open.time.data[b])
      expect(closed.capacity.data.subarray(b * size, (b + 1) * size)).toEqual(arrays[0])
      expect(closed.target.data.subarray(b * size, (b + 1) * size)).toEqual(arrays[1])
      expect(closed.weights.data[b] * share).toBeCloseTo(open.weights.data[b], 4)
    }
  })
})
