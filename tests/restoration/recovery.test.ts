// Deformations undone: by who knows the velocity, by who errs, and that no unit is made or lost whoever it is.
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { flow, folds, left, pushed, recovered, velocity, wayOf } from '../../src/restoration/index.ts'

const shape = [24, 28] as const
const sites = 24 * 28
const total = (of: ArrayLike<number>) => Array.from(of).reduce((a, b) => a + b, 0)
const images = Array.from({ length: 6 }, (_, k) =>
  Int32Array.from({ length: sites }, (_, x) => {
    const [row, column] = [Math.floor(x / 28) - 12, (x % 28) - 14 + k]
    return Math.round(200 * Math.exp(-(row * row + 2 * column * column) / 30))
  }),
)
const speeds = images.map((_, k) => velocity(shape, { amplitude: 0.08, scales: 3, random: random(k) }))
const fields = speeds.map(speed => flow(speed))
const moved = images.map((image, k) => pushed(image, fields[k], random(50 + k)))
const way = (back: readonly Parameters<typeof left>[1][]) =>
  images.reduce((sum, image, k) => sum + wayOf(image, left(fields[k], back[k])), 0)
const far = images.reduce((sum, image, k) => sum + wayOf(image, fields[k]), 0)

describe('recovered()', () => {
  it('undoes nearly all of the way where the velocity is known, and the image comes back', async () => {
    const guess = async () => speeds
    const back = await recovered(moved, { shape, guess, passes: 1, random: i => random(90 + i) })
    expect(way(back.map(one => one.back))).toBeLessThan(0.12 * far)
    images.forEach((image, k) => {
      const off = (of: Int32Array) => image.reduce((sum, n, x) => sum + Math.abs(n - of[x]), 0)
      expect(total(back[k].image)).toBe(total(image))
      expect(off(back[k].image)).toBeLessThan(0.5 * off(moved[k]))
    })
  })

  it('goes on with what is left: half of it told at every pass leaves less and less', async () => {
    const asked: number[] = []
    const ways: number[] = []
    for (const passes of [1, 2, 4]) {
      let share = 1
      const guess = async (shown: readonly Int32Array[]) => {
        asked.push(shown.length)
        share /= 2
        return speeds.map(({ data }) => ({ shape, data: data.map(v => v * share) }))
      }
      const back = await recovered(moved, { shape, guess, passes, random: i => random(i) })
      ways.push(way(back.map(one => one.back)) / far)
    }
    expect(asked).toEqual([6, 6, 6, 6, 6, 6, 6])
    expect(ways[0]).toBeGreaterThan(0.4)
    expect(ways[0]).toBeLessThan(0.6)
    expect(ways[1]).toBeLessThan(0.35)
    expect(ways[2]).toBeLessThan(0.2)
  })

  it('keeps every unit and folds nowhere, however wrong the guesses are', async () => {
    const guess = async () =>
      images.map((_, k) => velocity(shape, { amplitude: 0.15, scales: 3, random: random(700 + k) }))
    const back = await recovered(moved, { shape, guess, passes: 2, random: i => random(i) })
    back.forEach(({ image, back: displacement }, k) => {
      expect(total(image)).toBe(total(images[k]))
      expect(folds(displacement)).toBeLessThan(0.01)
    })
    await expect(recovered(moved, { shape, guess, passes: 0, random })).rejects.toThrow(/passes/)
  })
})

describe('wayOf()', () => {
  it('is the mean over units, not over sites', () => {
    const data = new Float64Array(2 * sites)
    data[5] = 3
    data[sites + 5] = 4
    const counts = new Int32Array(sites)
    counts[5] = 30
    counts[6] = 10
    expect(wayOf(counts, { shape, data })).toBeCloseTo((5 * 30) / 40, 12)
    expect(wayOf(new Int32Array(sites), { shape, data })).toBe(0)
  })
})
