// Operators: adjoint to what they apply, with the column sums that they state.
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { evenAngles, type OperatorDescription, operator } from '../../src/restoration/index.ts'

const rng = random(1)
const field = (length: number) => Float64Array.from({ length }, () => rng.uniform())
const shape = [2, 12, 20] as const
const skew = Float64Array.from({ length: 15 }, (_, i) => (i * i) % 7)
const total = skew.reduce((a, b) => a + b, 0)
const unit = skew.map(weight => weight / total)

const operators: readonly [string, OperatorDescription, number | undefined][] = [
  ['blur with walls', { kind: 'blur', sigma: 1.5, boundary: 'no-flux' }, 1],
  ['blur around', { kind: 'blur', sigma: 3, boundary: 'periodic' }, 1],
  ['PSF with walls', { kind: 'psf', weights: unit, shape: [3, 5], boundary: 'no-flux' }, 1],
  ['PSF around', { kind: 'psf', weights: unit, shape: [3, 5], boundary: 'periodic' }, 1],
  ['mask', { kind: 'mask', seen: Uint8Array.from({ length: 240 }, (_, i) => i % 3) }, undefined],
  ['mask of channels', { kind: 'mask', seen: Uint8Array.from({ length: 480 }, (_, i) => i % 3) }, undefined],
  ['blocks', { kind: 'blocks', side: 4 }, 1],
  ['projections', { kind: 'projections', angles: evenAngles(7) }, 7],
]

describe.each(operators)('%s', (_, description, sum) => {
  const of = operator(description, shape)
  const length = of.shape.reduce((a, b) => a * b, 1)

  it('has <Ax, y> = <x, Aᵀy>', () => {
    for (let k = 0; k < 5; k++) {
      const [x, y] = [field(of.size), field(length)]
      const [ax, aty] = [new Float64Array(length), new Float64Array(of.size)]
      of.apply(x, ax)
      of.adjoint(y, aty)
      const [left, right] = [dot(ax, y), dot(x, aty)]
      expect(Math.abs(left - right) / Math.abs(left)).toBeLessThan(1e-12)
    }
  })

  it('has the column sums that it states', () => {
    const seen = new Float64Array(length)
    for (const x of [0, 7, 239, 240, 333, 479]) {
      const one = new Float64Array(of.size)
      one[x] = 1
      of.apply(one, seen)
      expect(seen.reduce((a, b) => a + b, 0)).toBeCloseTo(of.sums[x], 12)
      if (sum !== undefined) expect(of.sums[x]).toBeCloseTo(sum, 12)
    }
  })
})

describe('operator()', () => {
  it('blurs a point to the variance sigma², a PSF as it stands, and keeps channels apart', () => {
    const blur = operator({ kind: 'blur', sigma: 1.5, boundary: 'no-flux' }, [2, 41, 41])
    const [point, seen] = [new Float64Array(2 * 1681), new Float64Array(2 * 1681)]
    point[20 * 41 + 20] = 1
    blur.apply(point, seen)
    let variance = 0
    for (let x = 0; x < 1681; x++) variance += seen[x] * ((x % 41) - 20) ** 2
    expect(variance).toBeCloseTo(2.25, 9)
    expect(seen.subarray(1681).every(value => value === 0)).toBe(true)
    const psf = operator({ kind: 'psf', weights: unit, shape: [3, 5], boundary: 'no-flux' }, shape)
    const [one, spread] = [new Float64Array(480), new Float64Array(480)]
    one[5 * 20 + 9] = 1
    psf.apply(one, spread)
    for (let i = 0; i < 3; i++)
      for (let j = 0; j < 5; j++) expect(spread[(4 + i) * 20 + 7 + j]).toBe(unit[i * 5 + j])
  })

  it('projects a slice along its columns at 0 degrees and along its rows at 90', () => {
    const of = operator({ kind: 'projections', angles: [0, 90] }, [1, 6, 6])
    const image = Float64Array.from({ length: 36 }, (_, x) => x)
    const [, , bins] = of.shape
    const seen = new Float64Array(2 * bins)
    of.apply(image, seen)
    const middle = (bins - 6) / 2
    const half = (view: number, i: number) =>
      (seen[view * bins + Math.floor(middle) + i] + seen[view * bins + Math.ceil(middle) + i]) / 2
    const columns = Array.from({ length: 6 }, (_, x) => 90 + 6 * x)
    const rows = Array.from({ length: 6 }, (_, y) => 15 + 36 * (5 - y))
    expect(Number.isInteger(middle)).toBe(false)
    // Columns lie between two bins: the sums over both, and each view has all of the mass.
    expect(seen.subarray(0, bins).reduce((a, b) => a + b, 0)).toBeCloseTo(630, 9)
    expect(seen.subarray(bins).reduce((a, b) => a + b, 0)).toBeCloseTo(630, 9)
    for (let i = 0; i < 6; i++) {
      const share = (list: number[]) => ((list[i] ?? 0) + (list[i - 1] ?? 0)) / 2
      expect(seen[Math.floor(middle) + i]).toBeCloseTo(share(columns), 9)
      expect(seen[bins + Math.floor(middle) + i]).toBeCloseTo(share(rows), 9)
    }
    expect(half(0, 2)).toBeGreaterThan(0)
  })

  it('refuses what does not fit the image', () => {
    expect(() => operator({ kind: 'blocks', side: 5 }, shape)).toThrow(
      /^Cannot measure: the side of the blocks/,
    )
    expect(() => operator({ kind: 'mask', seen: new Uint8Array(7) }, shape)).toThrow(RangeError)
    const even = { kind: 'psf', weights: new Float64Array(4), shape: [2, 2], boundary: 'no-flux' } as const
    expect(() => operator(even, shape)).toThrow(/odd/)
    expect(() => operator({ kind: 'blur', sigma: -1, boundary: 'no-flux' }, shape)).toThrow(RangeError)
  })
})

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0)
}
