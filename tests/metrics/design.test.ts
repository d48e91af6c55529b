// The schedule measured on images: the similarity falls evenly along it.
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { lattice, noFlux, spread } from '../../src/lattice/index.ts'
import { measuredSchedule, similarityCurve } from '../../src/metrics/design.ts'
import { ssim } from '../../src/metrics/ssim.ts'

const side = 16
const grid = lattice([side, side], 'no-flux')
const axis = noFlux.kernels(side)

/** Discs of different places and sizes. */
const images = Array.from({ length: 6 }, (_, i) => {
  const rng = random(11).fork(i)
  const [row, column, radius] = [4 + 8 * rng.uniform(), 4 + 8 * rng.uniform(), 2 + 3 * rng.uniform()]
  return Int32Array.from({ length: grid.size }, (_, x) =>
    Math.hypot(Math.floor(x / side) - row, (x % side) - column) < radius ? 30 : 0,
  )
})

/** The mean of the walk, without noise: every unit spread by its kernel. */
function blur(clean: Int32Array, time: number): Float64Array {
  const table = axis.at(150 * time)
  const mean = new Float64Array(grid.size)
  clean.forEach((count, from) => {
    if (count > 0)
      spread(grid, [table, table], from).forEach((p, to) => {
        mean[to] += count * p
      })
  })
  return mean
}

const shape = [side, side]
const similarity = (a: Int32Array, b: ArrayLike<number>) => ssim(a, b, { shape })

describe('similarityCurve()', () => {
  it('`similarityCurve()` is the mean over the images, each with its own noise', () => {
    const seen: number[] = []
    const corrupt = (clean: Int32Array, time: number, i: number) => {
      seen.push(i)
      return time < 0.5 ? clean : clean.map(v => v + i)
    }
    const curve = similarityCurve({ images, times: [0.1, 1], corrupt, similarity })
    expect(curve[0]).toBe(1)
    const wanted = images.map((image, i) => similarity(image, corrupt(image, 1, i)))
    expect(curve[1]).toBeCloseTo(wanted.reduce((a, b) => a + b) / 6, 14)
    expect(seen.slice(0, 12)).toEqual([0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5])
    expect(() => similarityCurve({ images: [], times: [1], corrupt, similarity })).toThrow(
      'must be not empty',
    )
  })
})

describe('measuredSchedule()', () => {
  it('`measuredSchedule()` makes the similarity fall evenly in u', () => {
    const made = measuredSchedule({ images, shape, corrupt: blur, start: 1e-4, share: 0.02 })
    const steps = 8
    const times = Array.from({ length: steps + 1 }, (_, k) => made.time(k / steps))
    const curve = similarityCurve({ images, times, corrupt: blur, similarity })
    const even = (curve[0] - curve[steps]) / steps
    for (let k = 0; k < steps; k++) expect(Math.abs((curve[k] - curve[k + 1]) / even - 1)).toBeLessThan(0.25)
    // Far more even than even times, where the first step takes more than half of the fall.
    expect(made.time(0.5)).toBeLessThan(0.05)
    expect(made.description.kind).toBe('designed')
  })

  it('`measuredSchedule()` refuses a start or a number of points that spans nothing', () => {
    const build = (more: object) => () => measuredSchedule({ images, shape, corrupt: blur, ...more })
    expect(build({ start: 0 })).toThrow('the start must be between 0 and 1, exclusive, got 0')
    expect(build({ points: 1 })).toThrow('the number of points must be an integer >= 2, got 1')
  })
})
