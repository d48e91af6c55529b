// Grids from data: what the origin explains of the clean images, and the times that share it evenly.
import { describe, expect, it } from 'vitest'
import { Cancelled } from '../../src/base/errors.ts'
import { lattice, noFlux } from '../../src/lattice/index.ts'
import { spatial } from '../../src/process/index.ts'
import {
  ancestral,
  explained,
  explainedGrid,
  mixture,
  type OriginFunction,
  solver,
} from '../../src/sampling/index.ts'

const place = lattice([12], noFlux)
const process = spatial({ lattice: place })
const shapes = [
  [60, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20, 60],
  [0, 0, 0, 0, 0, 40, 40, 0, 0, 0, 0, 0],
]
const { origin } = mixture({ lattice: place, rate: process.rate, images: shapes })
const told = {
  process,
  origin,
  images: [...shapes, ...shapes, ...shapes, ...shapes].flat(),
  batch: 6,
  seed: 1,
}

describe('explained()', () => {
  it('is 1 where the origin is known, and next to nothing at t = 1, falling in between', async () => {
    const [early, middle, late] = await explained(told, [0.001, 0.4, 1])
    expect(early).toBeCloseTo(1, 6)
    expect(middle).toBeGreaterThan(late + 0.1)
    expect(middle).toBeLessThan(0.99)
    expect(Math.abs(late)).toBeLessThan(0.2)
  })

  it('is 1 less what an origin leaves, by hand', async () => {
    // Of two images 4 and 0 at each of two sites about the mean (2, 2): sums of squares 16; off by 1 at every site: 4.
    const two = spatial({ lattice: lattice([2], noFlux) })
    const off: OriginFunction = (_, times) =>
      Float32Array.from({ length: 2 * times.length }, (_, k) => (k % 4 === 0 || k % 4 === 3 ? 3 : 1))
    const images = [4, 0, 0, 4]
    const [share] = await explained({ process: two, origin: off, images, batch: 2, seed: 0 }, [0.5])
    expect(share).toBeCloseTo(1 - 4 / 16, 12)
  })

  it('does not depend on the batch where the origin does not', async () => {
    const some = { ...told, images: told.images.slice(0, 60) }
    expect(await explained({ ...some, batch: 5 }, [0.1])).toEqual(await explained(some, [0.1]))
  })

  it('tells its progress, and ends when it is asked to', async () => {
    const seen: unknown[] = []
    await explained({ ...told, onProgress: p => seen.push(p) }, [0.1, 1])
    expect(seen).toEqual([1, 2, 3, 4].map(calls => ({ calls, expectedCalls: 4 })))
    await expect(explained({ ...told, signal: AbortSignal.abort() }, [1])).rejects.toThrow(Cancelled)
  })

  it('refuses a single image and no batch', async () => {
    await expect(explained({ ...told, images: shapes[0] }, [1])).rejects.toThrow(RangeError)
    await expect(explained({ ...told, batch: 0 }, [1])).rejects.toThrow(RangeError)
  })
})

describe('explainedGrid()', () => {
  it('puts more of the calls where the origin changes than even steps do, and survives JSON in a solver', async () => {
    const smallest = 0.01
    const schedule = await explainedGrid({ ...told, smallest, share: 0.3 })
    expect(schedule.time(0) * process.rate).toBeCloseTo(smallest, 10)
    const times = Array.from({ length: 9 }, (_, k) => schedule.time(k / 8))
    const shares = await explained(told, times)
    // Two thirds of the change of the explained variance lie between these two times.
    const inside = (list: readonly number[]) =>
      list.filter((_, k) => shares[k] > 0.1 && shares[k] < 0.95).length
    const even = Array.from({ length: 9 }, (_, k) => times[0] ** (1 - k / 8))
    const evenShares = await explained(told, even)
    expect(inside(times)).toBeGreaterThan(evenShares.filter(share => share > 0.1 && share < 0.95).length)
    const one = ancestral({ calls: 9, schedule })
    expect(solver(JSON.parse(JSON.stringify(one.description))).description).toEqual(one.description)
  })

  it('refuses a smallest tau beyond that of t = 1, and a single point', async () => {
    await expect(explainedGrid({ ...told, smallest: process.rate })).rejects.toThrow(
      'Cannot measure a time grid: the smallest tau must be in (0,',
    )
    await expect(explainedGrid({ ...told, points: 1 })).rejects.toThrow(RangeError)
  })
})
