// The walk of DSD: what it says, refuses and keeps; its laws are those of the suite and of tests/walk.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { type BoundaryName, hopRate, lattice, neighbours } from '../../src/lattice/index.ts'
import { labels, process, spatial } from '../../src/process/index.ts'
import { chiSquareP } from '../base/chi-square.ts'

const boundaryName = fc.constantFrom<BoundaryName>('periodic', 'no-flux')
const axis = fc.record({ length: fc.integer({ min: 1, max: 6 }), boundary: boundaryName })

/** Any walk on 1 to 3 axes with 1 or 2 channels, and any image on it: empty, thin or crowded. */
const anyState = fc
  .record({
    axes: fc.array(axis, { minLength: 1, maxLength: 3 }),
    channels: fc.integer({ min: 1, max: 2 }),
    rate: fc.oneof(fc.constant(0), fc.double({ min: 1e-3, max: 500, noNaN: true })),
    seed: fc.nat(),
  })
  .chain(({ axes, channels, rate, seed }) => {
    const grid = lattice(
      axes.map(({ length }) => length),
      axes.map(({ boundary }) => boundary),
    )
    const length = channels * grid.size
    const count = fc.oneof(
      fc.constant(0),
      fc.integer({ min: 0, max: 400 }),
      fc.integer({ min: 0, max: 30_000 }),
    )
    return fc
      .array(count, { minLength: length, maxLength: length })
      .map(counts => ({ grid, channels, rate, seed, counts: Int32Array.from(counts) }))
  })

const anyOrigin = fc.oneof(
  fc.double({ min: 0, max: 3, noNaN: true }),
  fc.constantFrom(0, Number.NaN, -1, Infinity, 1e308, 5e-324),
  fc.double({ min: 0, max: 3e38, noNaN: true }),
)

function masses(counts: Int32Array, size: number): number[] {
  const sums: number[] = []
  for (let start = 0; start < counts.length; start += size)
    sums.push(counts.subarray(start, start + size).reduce((a, b) => a + b, 0))
  return sums
}

describe('spatial()', () => {
  it('conserves the units of every channel and keeps counts >= 0, for any origin, step and noise', () => {
    const step = fc.record({
      from: fc.double({ min: 1e-6, max: 1, noNaN: true }),
      left: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 0.999, noNaN: true })),
      noise: fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 8, noNaN: true })),
    })
    fc.assert(
      fc.property(
        anyState,
        step,
        fc.array(anyOrigin, { minLength: 1, maxLength: 50 }),
        ({ grid, channels, rate, seed, counts }, { from, left, noise }, some) => {
          const walk = spatial({ lattice: grid, channels, rate })
          const before = masses(counts, grid.size)
          const noisy = new Int32Array(counts.length)
          walk.corrupt(counts, from, { random: random(seed), noisy })
          expect(masses(noisy, grid.size)).toEqual(before)
          const origin = Float64Array.from(counts, (_, i) => some[i % some.length])
          walk.undo(noisy, origin, { from, to: from * left, random: random(seed), noise })
          expect(walk.invariant(noisy)).toEqual(before)
          expect(noisy.every(n => n >= 0)).toBe(true)
          walk.settle?.(noisy, origin)
          expect(walk.invariant(noisy)).toEqual(before)
          expect(noisy.every(n => n >= 0)).toBe(true)
        },
      ),
      { seed: 2, numRuns: 120 },
    )
  })

  it('states its channels, sites, jumps, rate and motion; the rate mixes the lattice unless told', () => {
    const grid = lattice([4, 6], 'no-flux')
    const { channels, sites, shape, jumps, rate, motion } = spatial({ lattice: grid, channels: 3, rate: 7 })
    expect({ channels, sites, shape, jumps, rate, motion }).toEqual({
      channels: 3,
      sites: 24,
      shape: [3, 4, 6],
      jumps: 4,
      rate: 7,
      motion: 14,
    })
    expect(spatial({ lattice: grid }).rate).toBe(hopRate(grid))
    expect(spatial({ lattice: grid }).channels).toBe(1)
  })

  it.each([
    [{ channels: 0 }, 'the number of channels must be an integer >= 1, got 0'],
    [{ channels: 1.5 }, 'the number of channels must be an integer >= 1, got 1.5'],
    [{ rate: -1 }, 'the rate must be finite and >= 0, got -1'],
    [{ rate: NaN }, 'the rate must be finite and >= 0, got NaN'],
    [{ rate: Infinity }, 'the rate must be finite and >= 0, got Infinity'],
    [{ ceiling: 0 }, 'the ceiling must be an integer >= 1, got 0'],
  ])('refuses %o', (options, message) => {
    expect(() => spatial({ lattice: lattice([4], 'periodic'), ...options })).toThrow(
      new RangeError(`Cannot build the spatial process: ${message}`),
    )
  })

  it('`rates()` of many units are those of one walk by h, per unit, with less of the walk itself as noise goes', () => {
    const grid = lattice([4, 3], ['no-flux', 'periodic'])
    const walk = spatial({ lattice: grid, channels: 2, rate: 3 })
    const counts = Int32Array.from({ length: 24 }, (_, i) => (i * 5) % 7)
    const origin = Float64Array.from({ length: 24 }, (_, i) => 1 + ((i * 3) % 4))
    const told = [0, 0.5, 1, 2].map(noise => {
      const out = new Float64Array(96)
      walk.rates(counts, origin, { time: 0.4, out, noise })
      return out
    })
    const reached = neighbours(grid)
    for (let c = 0; c < 2; c++)
      for (let j = 0; j < 4; j++)
        for (let x = 0; x < 12; x++) {
          const at = (c * 4 + j) * 12 + x
          const n = counts[c * 12 + x]
          const [none, half, one, two] = told.map(out => out[at])
          if (reached[j * 12 + x] < 0 || n === 0) expect([none, half, one, two]).toEqual([0, 0, 0, 0])
          else {
            expect(none).toBeCloseTo(Math.max(0, one - n), 9)
            expect(half).toBeCloseTo(none + 0.5 * Math.min(n, one), 9)
            expect(two).toBeCloseTo(none + 2 * Math.min(n, one), 9)
          }
        }
    for (const noise of [-1, 9, NaN])
      expect(() => walk.rates(counts, origin, { time: 0.4, out: new Float64Array(96), noise })).toThrow(
        'Cannot tell the rates: the noise must be in [0, 8]',
      )
  })

  it('`hop()` lets every unit hop, in proportion, where the probabilities overshoot 1, and none through a wall', () => {
    const walk = spatial({ lattice: lattice([5], 'no-flux') })
    const [counts, rates] = [Int32Array.of(9000, 0, 20_000, 0, 0), new Float64Array(10)]
    rates[0] = 1e30
    rates[2] = 3e30
    rates[5 + 2] = 1e30
    walk.hop(counts, rates, { span: 100, random: random(3) })
    expect(counts[0]).toBe(9000)
    expect(chiSquareP([counts[1], counts[3]], [15_000, 5000])).toBeGreaterThan(1e-7)
  })

  it('`limit()` scatters each mass uniformly, and exactly', () => {
    const walk = spatial({ lattice: lattice([4, 3], 'periodic'), channels: 3 })
    const out = new Int32Array(36).fill(7)
    walk.limit([120_000, 0, 13], { random: random(5), out })
    expect(walk.invariant(out)).toEqual([120_000, 0, 13])
    expect(chiSquareP(out.subarray(0, 12), new Array(12).fill(10_000))).toBeGreaterThan(1e-6)
  })

  it.each([-1, 0.5, NaN, 2 ** 31])('`limit()` refuses the mass %d', mass => {
    const walk = spatial({ lattice: lattice([4], 'periodic') })
    expect(() => walk.limit([mass], { random: random(5), out: new Int32Array(4) })).toThrow(
      `Cannot draw the limit: mass 0 must be an integer in [0, 2^31), got ${mass}`,
    )
  })

  it('`corrupt()` refuses arrays of another length, negative counts, too many and its own input', () => {
    const walk = spatial({ lattice: lattice([4], 'periodic') })
    const clean = new Int32Array(4)
    const draw = { random: random(1), noisy: new Int32Array(4) }
    const short = new Int32Array(3)
    const refused = (counts: Int32Array, noisy: Int32Array, message: string) =>
      expect(() => walk.corrupt(counts, 0.5, { ...draw, noisy })).toThrow(`Cannot corrupt: ${message}`)
    refused(short, draw.noisy, 'the length of clean must be 4, got 3')
    refused(clean, short, 'the length of noisy must be 4')
    refused(clean, clean, 'noisy must be another array than clean')
    refused(Int32Array.of(1, -1, 0, 0), draw.noisy, 'every count must be >= 0, got -1')
    refused(Int32Array.of(2 ** 30, 2 ** 30, 0, 0), draw.noisy, 'the mass of a channel must be below 2^31')
  })

  it('`corrupt()` moves nearly 2^31 units of a site at once', () => {
    const walk = spatial({ lattice: lattice([3], 'no-flux'), rate: 0.5 })
    const [clean, noisy] = [Int32Array.of(0, 2 ** 31 - 1, 0), new Int32Array(3)]
    walk.corrupt(clean, 1, { random: random(4), noisy })
    // (1 - e^-3/2) / 3 of them are at either end.
    const share = (1 - Math.exp(-1.5)) / 3
    for (const end of [0, 2]) expect(Math.abs(noisy[end] / 2 ** 31 - share)).toBeLessThan(6 * 1e-5)
    expect(walk.invariant(noisy)).toEqual([2 ** 31 - 1])
  })

  it('`settle()` takes the whole numbers nearest to the origin, of the masses of the counts and below the ceiling', () => {
    const walk = spatial({ lattice: lattice([2, 2], 'no-flux'), channels: 2, ceiling: 6 })
    const counts = Int32Array.of(10, 0, 0, 0, 0, 3, 0, 0)
    walk.settle?.(counts, [5, 3.4, 1.6, 0, 0, 0, 0, 0])
    expect([...counts]).toEqual([5, 3, 2, 0, 1, 1, 1, 0])
    walk.settle?.(counts, [100, 1, 1, 0, 1, 0, 0, 0])
    expect([...counts]).toEqual([6, 2, 1, 1, 3, 0, 0, 0])
  })

  it('`process()` rebuilds the walk from its plain description, and refuses a kind that it does not know', () => {
    const walk = spatial({ lattice: lattice([5, 4], ['no-flux', 'periodic']), channels: 2, rate: 3.25 })
    const plain = JSON.parse(JSON.stringify(walk.description))
    expect(plain).toEqual({
      kind: 'spatial',
      lengths: [5, 4],
      boundaries: ['no-flux', 'periodic'],
      channels: 2,
      rate: 3.25,
    })
    expect(process(plain).description).toEqual(walk.description)
    expect(() => process({ kind: 'ballistic' })).toThrow('Cannot rebuild the process: its kind must be')
  })
})

describe('labels()', () => {
  const walk = labels({ lattice: lattice([3, 3], 'periodic'), channels: 2 })

  it('`settle()` has one unit at most at a site, of exactly the masses, where they are likeliest', () => {
    const stream = random(2)
    for (let i = 0; i < 50; i++) {
      const masses = [i % 5, 4 - (i % 4)]
      const counts = new Int32Array(18)
      walk.limit(masses, { random: stream, out: counts })
      walk.settle?.(
        counts,
        Float64Array.from({ length: 18 }, () => 0.5 * stream.uniform()),
      )
      expect(walk.invariant(counts)).toEqual(masses)
      for (let x = 0; x < 9; x++) expect(counts[x] + counts[9 + x]).toBeLessThanOrEqual(1)
    }
  })

  it('refuses more units than sites', () => {
    const out = new Int32Array(18)
    expect(() => walk.limit([5, 5], { random: random(1), out })).toThrow(
      'the masses together must be at most 9',
    )
    out.fill(1)
    expect(() => walk.undo(out, new Float64Array(18), { from: 1, to: 0, random: random(1) })).toThrow(
      'the units of an image must be at most 9',
    )
  })
})
