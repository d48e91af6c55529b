import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { type BoundaryName, hopRate, lattice } from '../../src/lattice/index.ts'
import { process, spatial } from '../../src/process/index.ts'
import { chiSquareP } from '../base/chi-square.ts'
import { reachedBy } from './oracle.ts'

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

const anyRatio = fc.oneof(
  fc.double({ min: 0, max: 3, noNaN: true }),
  fc.constant(0),
  fc.double({ min: 0, max: 3e38, noNaN: true }),
)

function masses(counts: Int32Array, size: number): number[] {
  const sums: number[] = []
  for (let start = 0; start < counts.length; start += size)
    sums.push(counts.subarray(start, start + size).reduce((a, b) => a + b, 0))
  return sums
}

describe('spatial', () => {
  it('`spatial()` conserves the units of every channel and keeps counts >= 0 in the forward draw', () => {
    const time = fc.oneof(fc.constantFrom(0, 1, 1e-12), fc.double({ min: 0, max: 1, noNaN: true }))
    fc.assert(
      fc.property(anyState, time, ({ grid, channels, rate, seed, counts }, t) => {
        const walk = spatial({ lattice: grid, channels, rate })
        const noisy = new Int32Array(counts.length)
        const target = new Float32Array(counts.length * walk.jumps)
        const before = counts.slice()
        walk.corrupt(counts, t, { random: random(seed), noisy, target })
        expect(counts).toEqual(before)
        expect(masses(noisy, grid.size)).toEqual(masses(counts, grid.size))
        expect(noisy.every(n => n >= 0)).toBe(true)
        const capacity = new Float32Array(target.length)
        walk.capacity(noisy, capacity)
        target.forEach((value, i) => {
          expect(value >= 0 && value < Infinity).toBe(true)
          if (capacity[i] === 0) expect(value).toBe(0)
        })
      }),
      { seed: 1, numRuns: 120 },
    )
  })

  it.each(['hop', 'leap', 'bridge'] as const)(
    '`spatial()` conserves the units of every channel and keeps counts >= 0 in `%s()`, for any ratios',
    verb => {
      const step = fc.record({
        from: fc.double({ min: 1e-6, max: 1, noNaN: true }),
        left: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 0.999, noNaN: true })),
        spread: fc.double({ min: 0, max: 1, noNaN: true }),
      })
      fc.assert(
        fc.property(
          anyState,
          step,
          fc.array(anyRatio, { minLength: 1, maxLength: 50 }),
          ({ grid, channels, rate, seed, counts }, { from, left, spread }, some) => {
            const walk = spatial({ lattice: grid, channels, rate })
            const ratios = Float32Array.from(
              { length: counts.length * walk.jumps },
              (_, i) => some[i % some.length],
            )
            const before = masses(counts, grid.size)
            walk[verb](counts, ratios, { from, to: from * left, random: random(seed), spread })
            expect(masses(counts, grid.size)).toEqual(before)
            expect(walk.invariant(counts)).toEqual(before)
            expect(counts.every(n => n >= 0)).toBe(true)
          },
        ),
        { seed: 2, numRuns: 120 },
      )
    },
  )

  it('`spatial()` states its channels, sites, jumps, rate and motion', () => {
    const walk = spatial({ lattice: lattice([4, 6], 'no-flux'), channels: 3, rate: 7 })
    const { channels, sites, shape, jumps, rate, motion } = walk
    expect({ channels, sites, shape, jumps, rate, motion }).toEqual({
      channels: 3,
      sites: 24,
      shape: [3, 4, 6],
      jumps: 4,
      rate: 7,
      motion: 14,
    })
  })

  it('`spatial()` takes the rate that mixes the lattice unless told', () => {
    const grid = lattice([28, 28], 'periodic')
    expect(spatial({ lattice: grid }).rate).toBe(hopRate(grid))
    expect(spatial({ lattice: grid }).channels).toBe(1)
  })

  it.each([
    [{ channels: 0 }, 'the number of channels must be an integer >= 1, got 0'],
    [{ channels: 1.5 }, 'the number of channels must be an integer >= 1, got 1.5'],
    [{ rate: -1 }, 'the rate must be finite and >= 0, got -1'],
    [{ rate: NaN }, 'the rate must be finite and >= 0, got NaN'],
    [{ rate: Infinity }, 'the rate must be finite and >= 0, got Infinity'],
  ])('`spatial()` refuses %o', (options, message) => {
    expect(() => spatial({ lattice: lattice([4], 'periodic'), ...options })).toThrow(
      new RangeError(`Cannot build the spatial process: ${message}`),
    )
  })

  it('`capacity()` is the count for an allowed hop and 0 across a wall', () => {
    const grid = lattice([3, 2], ['no-flux', 'periodic'])
    const walk = spatial({ lattice: grid, channels: 2, rate: 1 })
    const counts = Int32Array.from({ length: 12 }, (_, i) => i * i)
    const out = new Float32Array(48).fill(NaN)
    walk.capacity(counts, out)
    for (let c = 0; c < 2; c++)
      for (let j = 0; j < 4; j++)
        for (let x = 0; x < 6; x++)
          expect(out[(c * 4 + j) * 6 + x]).toBe(reachedBy(grid, x, j) < 0 ? 0 : counts[c * 6 + x])
  })

  it('`fastest()` is the largest rate at which a unit leaves an occupied site', () => {
    const walk = spatial({ lattice: lattice([3], 'no-flux'), channels: 2, rate: 10 })
    // Channel 0 stands at site 0, where only the hop up exists; channel 1 at site 1; site 2 is empty.
    const counts = Int32Array.of(5, 0, 0, 0, 1, 0)
    const ratios = Float32Array.of(100, 1, 900, 0.5, 1, 900, 0, 0.25, 900, 900, 0.5, 900)
    expect(walk.fastest(counts, ratios)).toBe(10 * 0.75)
    expect(walk.fastest(new Int32Array(6), ratios)).toBe(0)
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
      `Cannot draw the limit: the mass of channel 0 must be an integer in [0, 2^31), got ${mass}`,
    )
  })

  it('`corrupt()` refuses times outside of [0, 1], arrays of another length, negative counts and its own input', () => {
    const walk = spatial({ lattice: lattice([4], 'periodic') })
    const clean = new Int32Array(4)
    const draw = { random: random(1), noisy: new Int32Array(4), target: new Float32Array(8) }
    for (const time of [-0.1, 1.1, NaN])
      expect(() => walk.corrupt(clean, time, draw)).toThrow(
        `Cannot corrupt: time must be in [0, 1], got ${time}`,
      )
    const short = new Int32Array(3)
    expect(() => walk.corrupt(short, 0.5, draw)).toThrow(
      'Cannot corrupt: the length of clean must be 4, got 3',
    )
    expect(() => walk.corrupt(clean, 0.5, { ...draw, noisy: short })).toThrow('the length of noisy must be 4')
    expect(() => walk.corrupt(clean, 0.5, { ...draw, target: new Float32Array(4) })).toThrow(
      'the length of target must be 8',
    )
    expect(() => walk.corrupt(clean, 0.5, { ...draw, noisy: clean })).toThrow(
      'noisy must be another array than clean',
    )
    expect(() => walk.corrupt(Int32Array.of(1, -1, 0, 0), 0.5, draw)).toThrow(
      'Cannot corrupt: every count must be >= 0, got -1',
    )
  })

  it('`process()` rebuilds the walk from its plain description', () => {
    const walk = spatial({ lattice: lattice([5, 4], ['no-flux', 'periodic']), channels: 2, rate: 3.25 })
    const plain = JSON.parse(JSON.stringify(walk.description))
    expect(plain).toEqual({
      kind: 'spatial',
      lengths: [5, 4],
      boundaries: ['no-flux', 'periodic'],
      channels: 2,
      rate: 3.25,
    })
    const rebuilt = process(plain)
    expect(rebuilt.description).toEqual(walk.description)
    const draws = [walk, rebuilt].map(each => {
      const noisy = new Int32Array(40)
      const target = new Float32Array(160)
      each.corrupt(new Int32Array(40).fill(20), 0.3, { random: random(1), noisy, target })
      return { noisy, target }
    })
    expect(draws[0]).toEqual(draws[1])
  })

  it('`process()` refuses a kind that it does not know', () => {
    expect(() => process({ kind: 'ballistic' })).toThrow('Cannot rebuild the process: its kind must be')
  })
})
