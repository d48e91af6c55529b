// Deformations: the flow of a velocity, its way back, and that no unit is made or lost.
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { composed, flow, folds, pulled, pushed, velocity } from '../../src/restoration/deformation.ts'

const shape = [28, 24] as const
const options = { amplitude: 0.1, scales: 3 }

describe('flow()', () => {
  it('of a rotation turns a plane by its angle', () => {
    // v = ω (−x, y) about the middle: the displacement is that of a rotation, wherever it stays inside.
    const [side, angle] = [41, 0.4]
    const data = new Float64Array(2 * side * side)
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++) {
        data[y * side + x] = -angle * (x - 20)
        data[side * side + y * side + x] = angle * (y - 20)
      }
    const { data: moved } = flow({ shape: [side, side], data })
    for (const [y, x] of [
      [20, 30],
      [14, 18],
      [26, 25],
    ]) {
      const [a, b] = [y - 20, x - 20]
      const i = y * side + x
      expect(moved[i]).toBeCloseTo(a * Math.cos(angle) - b * Math.sin(angle) - a, 1)
      expect(moved[side * side + i]).toBeCloseTo(a * Math.sin(angle) + b * Math.cos(angle) - b, 1)
    }
  })

  it('there and back is nowhere, and folds in less than 1 % of the sites', () => {
    let [off, far, folded] = [0, 0, 0]
    for (let seed = 0; seed < 50; seed++) {
      const speed = velocity(shape, { ...options, random: random(seed) })
      const [there, back] = [flow(speed), flow(speed, -1)]
      folded += folds(there) / 50
      const round = composed(there.data, back.data, shape)
      off += round.reduce((sum, v) => sum + v * v, 0)
      far += there.data.reduce((sum, v) => sum + v * v, 0)
    }
    expect(folded).toBeLessThan(0.01)
    expect(Math.sqrt(off / far)).toBeLessThan(0.1)
    expect(Math.sqrt(far / 50 / 28 / 24) / 24).toBeGreaterThan(0.06)
    expect(Math.sqrt(far / 50 / 28 / 24) / 24).toBeLessThan(0.14)
  })

  it('that folds is seen to', () => {
    const data = new Float64Array(2 * 16)
    for (let y = 0; y < 4; y++) for (let x = 0; x < 4; x++) data[16 + 4 * y + x] = -2 * x
    expect(folds({ shape: [4, 4], data })).toBe(1)
  })
})

describe('pushed()', () => {
  it('keeps every unit of every channel, in 1,000 of 1,000 images', () => {
    const stream = random(4)
    for (let i = 0; i < 1000; i++) {
      const small = [8, 9] as const
      const counts = Int32Array.from({ length: 144 }, () =>
        stream.uniform() < 0.5 ? 0 : Math.floor(255 * stream.uniform()),
      )
      const moved = pushed(
        counts,
        flow(velocity(small, { amplitude: 0.3, scales: 2, random: stream })),
        stream,
      )
      for (const c of [0, 72]) {
        const sum = (of: Int32Array) => of.subarray(c, c + 72).reduce((a, b) => a + b)
        expect(sum(moved)).toBe(sum(counts))
      }
    }
  })

  it('takes a shift by whole sites as it is, and a mask goes along with its image', () => {
    const sites = 28 * 24
    const counts = new Int32Array(sites)
    for (let y = 8; y < 14; y++) for (let x = 6; x < 12; x++) counts[y * 24 + x] = 40
    const by = (dy: number, dx: number) => ({
      shape,
      data: Float64Array.from({ length: 2 * sites }, (_, i) => (i < sites ? dy : dx)),
    })
    const moved = pushed(counts, by(3, -2), random(1))
    for (let y = 8; y < 14; y++) for (let x = 6; x < 12; x++) expect(moved[(y + 3) * 24 + x - 2]).toBe(40)
    const speed = velocity(shape, { ...options, random: random(5) })
    const mask = pulled(counts, flow(speed, -1))
    const image = pushed(counts, flow(speed), random(2))
    let [inside, all] = [0, 0]
    image.forEach((n, x) => {
      all += n
      if (mask[x] > 0) inside += n
    })
    expect(inside / all).toBeGreaterThan(0.85)
  })
})
