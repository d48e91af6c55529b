// The frames of movies: what is kept of states on their way, and exact walks forth.
import { describe, expect, it } from 'vitest'
import { painter } from '../../../src/jobs/draw/drawing.ts'
import { blankFilm, forwardFilm, frameTimes, massOf, withEnd, witness } from '../../../src/jobs/draw/film.ts'
import { lattice, noFlux } from '../../../src/lattice/index.ts'
import { decodeModelFile } from '../../../src/model/file.ts'
import { death, type JumpProcess, spatial } from '../../../src/process/index.ts'
import { onnxruntimeNode } from '../../../src/runtime/onnxruntime-node.ts'
import { ancestral, cfl, grid, multistep } from '../../../src/sampling/index.ts'
import { logit } from '../../../src/schedule/index.ts'
import { chiSquareP } from '../../base/chi-square.ts'
import { total, untrained } from '../../cli/saltus.ts'

const walk = spatial({ lattice: lattice([4, 4], noFlux), channels: 2 })

describe('witness()', () => {
  const told = (times: number[], steps: (readonly [number, number])[]) => {
    const { film, onStep } = witness(times, { first: 5, images: 2, size: 1 })
    for (const [time, count] of steps) onStep(6, time, Int32Array.of(count))
    return [[...film.counts.slice(times.length)], [...film.times.slice(times.length)]]
  }
  const steps = [
    [1, 10],
    [0.7, 11],
    [0.5, 12],
    [0.1, 13],
    [0, 14],
  ] as const

  it('keeps the last state at or before each time', () => {
    expect(told([1, 0.7, 0.5, 0.1], [...steps])).toEqual([
      [10, 11, 12, 13],
      [1, 0.7, 0.5, 0.1],
    ])
    expect(told([1, 0.6, 0.05], [...steps])).toEqual([
      [10, 11, 13],
      [1, 0.7, 0.1],
    ])
    expect(told([0.9], [...steps])).toEqual([[10], [1]])
  })

  it('repeats a state where a step leaps over times, and begins with the first state whenever that is', () => {
    expect(told([1, 0.9, 0.8, 0.4, 0.3, 0.2], [...steps])).toEqual([
      [10, 10, 10, 12, 12, 12],
      [1, 1, 1, 0.5, 0.5, 0.5],
    ])
    expect(told([1, 0.6, 0.01], steps.slice(1))).toEqual([
      [11, 11, 13],
      [0.7, 0.7, 0.1],
    ])
    expect(told([], [...steps])).toEqual([[], []])
  })
})

describe('frameTimes()', () => {
  it('gives the very times of as many calls, from 1 down to 0, of either kind of grid', () => {
    const times = logit({ tau1: 15, tau2: 15 })
    for (const options of [{ bend: 1.3, smallest: 0.5 }, { schedule: times }]) {
      const own = grid({ ...options, calls: 8 })
      const usual = ancestral({ ...options, calls: 32 }).description
      const found = frameTimes(walk, 9, usual)
      expect(found).toEqual(Array.from({ length: 9 }, (_, k) => own.time(walk, k)))
      expect([found[0], found[8]]).toEqual([1, 0])
    }
  })

  it('gives times of a solver that has no grid', () => {
    const found = frameTimes(walk, 5, cfl().description)
    expect([found[0], found[4]]).toEqual([1, 0])
    for (let k = 1; k < 5; k++) expect(found[k]).toBeLessThan(found[k - 1])
  })
})

describe('forwardFilm()', () => {
  const clean = Int32Array.from({ length: 3 * 32 }, (_, i) => (i * 7) % 5)

  it('begins with the images, keeps every mass, and is the same for the same seed alone', () => {
    const of = (seed: number) => forwardFilm(walk, clean, { times: [0, 0.01, 0.2, 1], seed })
    const film = of(3)
    for (let i = 0; i < 3; i++) {
      const image = clean.slice(32 * i, 32 * (i + 1))
      expect(film.counts.slice(128 * i, 128 * i + 32)).toEqual(image)
      for (let k = 1; k < 4; k++) {
        const frame = film.counts.slice(128 * i + 32 * k, 128 * i + 32 * (k + 1))
        expect(frame).not.toEqual(image)
        expect(massOf(walk, frame)).toEqual(massOf(walk, image))
      }
    }
    expect([...film.times.slice(4, 8)]).toEqual([0, 0.01, 0.2, 1])
    expect(of(3)).toEqual(film)
    expect(of(4).counts).not.toEqual(film.counts)
  })

  it('walks on: the state at the last of many times has the law of one walk of that time', () => {
    const line = spatial({ lattice: lattice([5], noFlux), rate: 1 })
    const images = 20_000
    const start = new Int32Array(images * 5).map((_, i) => (i % 5 === 1 ? 1 : 0))
    const film = forwardFilm(line, start, { times: [0, 0.1, 0.4, 1], seed: 8 })
    const seen = new Array(5).fill(0)
    for (let i = 0; i < images; i++) for (let x = 0; x < 5; x++) seen[x] += film.counts[(4 * i + 3) * 5 + x]
    const law = noFlux.kernels(5).at(1).slice(5, 10)
    const expected = Array.from(law, p => images * p)
    expect(chiSquareP(seen, expected)).toBeGreaterThan(1e-6)
  })
})

describe('forwardFilm() of death', () => {
  it('loses units at every site and brings none back: the mass falls from frame to frame', () => {
    const dying = death({ lengths: [4, 4], channels: 2, rate: 15 })
    const clean = Int32Array.from({ length: 32 }, (_, i) => 8 * i)
    const { counts } = forwardFilm(dying, clean, { times: [0, 0.01, 0.05, 0.2, 1], seed: 2 })
    const frame = (k: number) => counts.subarray(32 * k, 32 * (k + 1))
    expect(frame(0)).toEqual(clean)
    for (let k = 1; k < 5; k++) {
      expect(frame(k).every((count, x) => count >= 0 && count <= frame(k - 1)[x])).toBe(true)
      if (k < 4) expect(total(massOf(dying, frame(k)))).toBeLessThan(total(massOf(dying, frame(k - 1))))
    }
  })
})

describe('massOf()', () => {
  it('counts the units of each channel where a process conserves nothing', () => {
    const counts = Int32Array.from({ length: 32 }, (_, i) => i)
    const loose: JumpProcess = { ...walk, conserved: 0, invariant: () => [] }
    expect(massOf(loose, counts)).toEqual([120, 376])
    expect(massOf(walk, counts)).toEqual([120, 376])
  })
})

describe('withEnd()', () => {
  it('puts the images behind the frames of each', () => {
    const film = blankFilm({ images: 2, frames: 2, size: 1 })
    film.counts.set([1, 2, 3, 4])
    film.times.set([1, 0.5, 1, 0.25])
    const whole = withEnd(film, Int32Array.of(8, 9), 2)
    expect([...whole.counts]).toEqual([1, 2, 8, 3, 4, 9])
    expect([...whole.times]).toEqual([1, 0.5, 0, 1, 0.25, 0])
  })
})

describe('painter()', { timeout: 120_000 }, () => {
  it('shows every image on its way with its mass, and draws the same as unseen', async () => {
    const { bytes: model, description } = decodeModelFile(untrained(), 'model.onnx')
    const masses = [[50], [700], [0], [333], [20_000], [1]]
    for (const solver of [
      ancestral({ calls: 7 }),
      multistep({ calls: 5 }),
      cfl({ fraction: 0.5, noise: 0 }),
    ].map(one => one.description)) {
      const drawing = { model, description, solver, seed: 4, masses }
      const times = [1, 0.3, 0.02]
      const paintings = [drawing, { ...drawing, frames: times }].map(async one => {
        const { paint, end } = await painter(one, onnxruntimeNode(), { threads: 1 })
        const painted = [await paint(0), await paint(1)]
        await end()
        return painted
      })
      const [plain, seen] = await Promise.all(paintings)
      seen.forEach((painted, tile) => {
        expect(painted.counts).toEqual(plain[tile].counts)
        expect(plain[tile].seen.counts).toHaveLength(0)
        const { counts, times: when } = painted.seen
        const images = painted.counts.length / 64
        expect([counts.length, when.length]).toEqual([images * 3 * 64, images * 3])
        when.forEach((time, k) => {
          const image = Math.floor(k / 3)
          const frame = counts.subarray(64 * k, 64 * (k + 1))
          expect(total(frame)).toBe(masses[4 * tile + image][0])
          expect(time).toBeGreaterThanOrEqual(times[k % 3])
          if (k % 3 === 0) expect(time).toBe(1)
          else expect(time).toBeLessThanOrEqual(when[k - 1])
        })
      })
    }
  })
})
