// Origins of volumes from those of their slices and of their blocks: every voxel is told by what goes through it.
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { lattice } from '../../src/lattice/index.ts'
import { labels } from '../../src/process/index.ts'
import {
  ancestral,
  blockOrigins,
  type OriginFunction,
  sample,
  sliceOrigins,
} from '../../src/sampling/index.ts'

const lengths = [3, 4, 5]
const sites = 60

/** Numbers in (0, 1) that tell images and places apart: of counts and place in the slice alone. */
const said = (count: number, place: number, channel: number) =>
  0.02 + 0.3 / (1 + count + 0.37 * ((place * 7 + channel * 3) % 5))

/** A model of slices of `plane` sites that says this. */
const told =
  (channels: number, plane: number, tile: number): OriginFunction =>
  (counts, times) => {
    expect(counts.length).toBe(tile * channels * plane)
    expect(times.length).toBe(tile)
    return Float32Array.from(counts, (n, i) => said(n, i % plane, Math.floor(i / plane) % channels))
  }

const planes = [20, 15, 12]

describe('sliceOrigins()', () => {
  it.each([
    [1, 1 / 3],
    [2, 1 / 3],
    [2, 0.75],
  ])(
    'is the normalised product of what the slices through a voxel say, %i phases, each to the power %f',
    async (channels, weight) => {
      const rng = random(4)
      const counts = Int32Array.from({ length: channels * sites }, () => Math.floor(4 * rng.uniform()))
      const families = planes.map((plane, axis) => {
        const tile = [2, 4, 3][axis]
        return { origin: told(channels, plane, tile), tile }
      })
      const origin = sliceOrigins({ channels, lengths, families, weight })
      for (let twice = 0; twice < 2; twice++) {
        const got = await origin(counts, Float64Array.of(0.5))
        for (let z = 0; z < 3; z++)
          for (let y = 0; y < 4; y++)
            for (let x = 0; x < 5; x++) {
              const at = (z * 4 + y) * 5 + x
              // Where the voxel lies in the slices normal to z, y and x.
              const places = [y * 5 + x, z * 5 + x, z * 4 + y]
              const each = places.map(place =>
                Array.from({ length: channels }, (_, c) => said(counts[c * sites + at], place, c)),
              )
              const all = each.map(of => [1 - of.reduce((a, b) => a + b, 0), ...of])
              const means = all[0].map((_, k) => (all[0][k] * all[1][k] * all[2][k]) ** weight)
              const sum = means.reduce((a, b) => a + b, 0)
              for (let c = 0; c < channels; c++)
                expect(got[c * sites + at]).toBeCloseTo(means[c + 1] / sum, 5)
            }
      }
    },
  )

  it('says what its slices say where they agree, with sure ones as well', async () => {
    const layered: OriginFunction = counts => Float32Array.from(counts, n => [0, 0.25, 1][n])
    const families = planes.map(() => ({ origin: layered, tile: 1 }))
    const counts = Int32Array.from({ length: sites }, (_, i) => i % 3)
    const got = await sliceOrigins({ channels: 1, lengths, families })(counts, Float64Array.of(1))
    got.forEach((p, i) => {
      expect(p).toBeCloseTo([0, 0.25, 1][i % 3], 6)
    })
  })

  it('gives volumes of exactly the voxels asked for, the same again for a seed, and ends when asked', async () => {
    const process = labels({ lattice: lattice([4, 4, 4], 'periodic') })
    const striped: OriginFunction = counts =>
      Float32Array.from(counts, (_, i) => (Math.floor((i % 16) / 4) % 2 === 0 ? 0.9 : 0.1))
    const families = [0, 1, 2].map(() => ({ origin: striped, tile: 2 }))
    const draw = (signal?: AbortSignal) =>
      sample({
        process,
        solver: ancestral({ calls: 6 }),
        origin: sliceOrigins({ channels: 1, lengths: [4, 4, 4], families, signal }),
        masses: [[20], [32]],
        seed: 3,
        batch: 1,
      })
    const { counts } = await draw()
    const masses = [0, 1].map(i => counts.subarray(64 * i, 64 * (i + 1)).reduce((a, b) => a + b, 0))
    expect(masses).toEqual([20, 32])
    expect((await draw()).counts).toEqual(counts)
    const stop = new AbortController()
    stop.abort()
    await expect(draw(stop.signal)).rejects.toThrow('Sampling was cancelled')
  })
})

describe('blockOrigins()', () => {
  /** What is around a site, up to two sites along each axis: zeros beyond walls, the other side on a torus. */
  function around(shape: readonly number[], periodic: readonly boolean[]): OriginFunction {
    return counts => {
      const out = new Float32Array(counts.length)
      const [d, h, w] = shape
      const inside = (x: number, length: number, torus: boolean) =>
        torus ? (x + length) % length : x >= 0 && x < length ? x : -1
      for (let i = 0; i < counts.length; i++) {
        const [z, y, x] = [Math.floor(i / (h * w)), Math.floor(i / w) % h, i % w]
        for (let k = -2; k <= 2; k++) {
          const at = [
            inside(z + k, d, periodic[0]),
            inside(y - k, h, periodic[1]),
            inside(x + 2 * Math.sign(k), w, periodic[2]),
          ]
          if (!at.includes(-1)) out[i] += (k + 4) * counts[(at[0] * h + at[1]) * w + at[2]]
        }
      }
      return out
    }
  }

  it.each([[[true, true, true]], [[false, false, false]], [[true, false, true]]])(
    'is what is said of the whole by what lies within its margin, periodic %s',
    async periodic => {
      const shape = [7, 12, 16]
      const block = [7, 10, 9]
      const rng = random(6)
      const counts = Int32Array.from({ length: 7 * 12 * 16 }, () => Math.floor(4 * rng.uniform()))
      // Sides of the block that are no side of the whole are like walls, whatever the axis is.
      const seen = periodic.map((torus, axis) => torus && block[axis] === shape[axis])
      const origin = blockOrigins({
        ...{ channels: 1, width: 1, lengths: shape, periodic, block, margin: 2 },
        origin: around(block, seen),
      })
      const whole = await around(shape, periodic)(counts, Float64Array.of(0.5))
      expect(await origin(counts, Float64Array.of(0.5))).toEqual(whole)
    },
  )
})
