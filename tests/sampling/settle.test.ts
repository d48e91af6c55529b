// The final assignment: exact masses always, and the least cost of all assignments.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { type BoundaryName, lattice } from '../../src/lattice/index.ts'
import { type Settled, settle } from '../../src/sampling/index.ts'

interface Vector {
  readonly lengths: number[]
  readonly boundaries: BoundaryName[]
  readonly counts: number[][]
  readonly occupancy: number[][] | null
  readonly weight: number
  readonly bound: number
  readonly inertia: number | null
  /** In 64ths of a hop; the cost of leaving only where inertia is finite. */
  readonly cost: number
  readonly moved: number
}

const vectors: Vector[] = JSON.parse(
  readFileSync(new URL('vectors/settle.json', import.meta.url).pathname, 'utf8'),
)

/** What the places of the labels cost, in 64ths of a hop. */
function placesOf({ occupancy, weight, bound }: Vector, labels: Uint8Array): number {
  if (!occupancy) return 0
  let cost = 0
  labels.forEach((label, x) => {
    if (label === 0) return
    const q = occupancy.map(row => Math.fround(row[x]))
    const odds = Math.log(q[label - 1]) - Math.log(1 - q.reduce((a, b) => a + b))
    cost += Math.round(64 * weight * (bound - Math.max(-bound, Math.min(bound, odds))))
  })
  return cost
}

/** Every phase has its units; those that are too many have gone, and (with the least cost) no others came for them. */
function expectExact(counts: Int32Array, channels: number, { labels, moved, distance, farthest }: Settled) {
  const size = labels.length
  let gone = 0
  for (let c = 0; c < channels; c++) {
    const own = counts.subarray(c * size, (c + 1) * size)
    expect(labels.filter(label => label === c + 1).length).toBe(own.reduce((a, b) => a + b, 0))
    own.forEach((n, x) => {
      gone += Math.max(0, n - (labels[x] === c + 1 ? 1 : 0))
    })
  }
  expect(labels.every(label => label <= channels)).toBe(true)
  expect(moved).toBe(gone)
  expect(distance).toBeGreaterThanOrEqual(moved)
  expect(farthest * moved).toBeGreaterThanOrEqual(distance)
  expect(farthest > 0).toBe(moved > 0)
}

describe('settle()', () => {
  it('costs as little as the best of all assignments', () => {
    expect(vectors.length).toBeGreaterThan(600)
    for (const vector of vectors) {
      const counts = Int32Array.from(vector.counts.flat())
      const channels = vector.counts.length
      const settled = settle(counts, {
        lattice: lattice(vector.lengths, vector.boundaries),
        channels,
        occupancy: vector.occupancy ? Float32Array.from(vector.occupancy.flat()) : undefined,
        weight: vector.weight,
        bound: vector.bound,
        inertia: vector.inertia ?? Infinity,
      })
      expectExact(counts, channels, settled)
      const leaving = vector.inertia === null ? 0 : Math.round(64 * vector.inertia) * settled.moved
      const cost = 64 * settled.distance + leaving + placesOf(vector, settled.labels)
      expect(cost, JSON.stringify(vector)).toBe(vector.cost)
      if (vector.inertia === null) expect(settled.moved).toBe(vector.moved)
    }
  })

  it('keeps every phase exact whatever the counts, the lattice and the occupancy', () => {
    const cases = fc.record({
      lengths: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 }),
      periodic: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
      channels: fc.integer({ min: 1, max: 4 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      inertia: fc.constantFrom(Infinity, 0.01, 1, 5),
      weight: fc.constantFrom(0, 0.3, 4),
      clumped: fc.boolean(),
      guided: fc.boolean(),
      seed: fc.nat(),
    })
    fc.assert(
      fc.property(cases, ({ lengths, periodic, channels, share, clumped, guided, seed, ...rest }) => {
        const grid = lattice(
          lengths,
          lengths.map((_, axis) => (periodic[axis] ? 'periodic' : 'no-flux')),
        )
        const source = random(seed)
        const counts = new Int32Array(channels * grid.size)
        const spread = clumped ? Math.min(3, counts.length) : counts.length
        for (let unit = Math.floor(share * grid.size); unit > 0; unit--)
          counts[Math.floor(source.uniform() * spread)]++
        const before = counts.slice()
        // Also sums over 1, zeros and ones: an estimate owes nothing.
        const occupancy = guided
          ? Float32Array.from(counts, () => Math.max(0, Math.min(1, 1.4 * source.uniform() - 0.2)))
          : undefined
        const options = { lattice: grid, channels, occupancy, ...rest }
        const settled = settle(counts, options)
        expectExact(counts, channels, settled)
        expect(counts).toEqual(before)
        expect(settle(counts, options)).toEqual(settled)
      }),
      { numRuns: 2000, seed: 1 },
    )
  })

  it('moves no unit but those that are too many, unless told that moving is cheap', () => {
    const grid = lattice([24, 24], 'periodic')
    const source = random(3)
    for (let round = 0; round < 20; round++) {
      const counts = new Int32Array(2 * grid.size)
      for (let unit = 0; unit < 480; unit++) counts[Math.floor(source.uniform() * counts.length)]++
      const occupancy = Float32Array.from(counts, () => source.uniform() / 2)
      const { labels, moved } = settle(counts, { lattice: grid, channels: 2, occupancy, weight: 10 })
      const occupied = labels.filter((_, x) => counts[x] + counts[grid.size + x] > 0)
      expect(moved).toBe(480 - occupied.length)
      const strange = labels.filter((label, x) => {
        const here = [counts[x], counts[grid.size + x]]
        return here[0] + here[1] > 0 && !(here[label - 1] > 0)
      })
      expect(strange.length).toBe(0)
    }
  })

  it('goes around the end where the lattice does, and not through a wall', () => {
    const counts = Int32Array.of(2, 1, 1, 1, 1, 1, 1, 0)
    const full = Uint8Array.of(1, 1, 1, 1, 1, 1, 1, 1)
    const ends = { labels: full, moved: 1 }
    expect(settle(counts, { lattice: lattice([8], 'periodic') })).toEqual({
      ...ends,
      distance: 1,
      farthest: 1,
    })
    expect(settle(counts, { lattice: lattice([8], 'no-flux') })).toEqual({
      ...ends,
      distance: 7,
      farthest: 7,
    })
    const grid = new Int32Array(36).fill(1)
    grid[0] = 2
    grid[35] = 0
    expect(settle(grid, { lattice: lattice([6, 6], 'periodic') }).distance).toBe(2)
    expect(settle(grid, { lattice: lattice([6, 6], ['periodic', 'no-flux']) }).distance).toBe(6)
  })

  it('leaves empty, full and clean images as they are', () => {
    const grid = lattice([5, 4], 'periodic')
    const still = { moved: 0, distance: 0, farthest: 0 }
    expect(settle(new Int32Array(20), { lattice: grid })).toEqual({ labels: new Uint8Array(20), ...still })
    const full = Int32Array.from({ length: 40 }, (_, i) => (i % 20 < 7 === i < 20 ? 1 : 0))
    const labels = Uint8Array.from({ length: 20 }, (_, x) => (x < 7 ? 1 : 2))
    expect(settle(full, { lattice: grid, channels: 2 })).toEqual({ labels, ...still })
    const all = Int32Array.from({ length: 20 }, (_, x) => (x === 3 ? 20 : 0))
    expect(settle(all, { lattice: grid }).labels).toEqual(new Uint8Array(20).fill(1))
    for (const n of [0, 1])
      expect(settle(Int32Array.of(n), { lattice: lattice([1], 'periodic') }).labels).toEqual(Uint8Array.of(n))
  })

  it('fills a hole of a grain before it grows the grain, and lets the likelier phase stay', () => {
    const grid = lattice([1, 9], 'no-flux')
    // A grain of 0 … 5 with a hole at 1 and two units at 4; the pore begins at 6.
    const counts = Int32Array.of(1, 0, 1, 1, 2, 1, 0, 0, 0)
    const occupancy = Float32Array.of(1, 0.95, 1, 1, 1, 1, 0.05, 0, 0)
    expect([...settle(counts, { lattice: grid }).labels]).toEqual([1, 0, 1, 1, 1, 1, 1, 0, 0])
    expect([...settle(counts, { lattice: grid, occupancy, weight: 0.5 }).labels]).toEqual([
      1, 1, 1, 1, 1, 1, 0, 0, 0,
    ])
    const two = Int32Array.of(0, 1, 0, 0, 1, 0)
    const shared = { lattice: lattice([3], 'no-flux'), channels: 2, weight: 1 }
    const first = settle(two, { ...shared, occupancy: Float32Array.of(0.1, 0.8, 0.1, 0.3, 0.2, 0.5) })
    expect(first).toEqual({ labels: Uint8Array.of(0, 1, 2), moved: 1, distance: 1, farthest: 1 })
    const second = settle(two, { ...shared, occupancy: Float32Array.of(0.6, 0.2, 0.1, 0.1, 0.8, 0.1) })
    expect([...second.labels]).toEqual([1, 2, 0])
  })

  it('corrects a unit that stands alone where it is unlikely, only where moving is cheap enough', () => {
    const grid = lattice([1, 9], 'no-flux')
    const counts = Int32Array.of(1, 1, 0, 1, 1, 0, 1, 0, 0)
    const occupancy = Float32Array.of(1, 1, 0.97, 1, 1, 0.03, 0.03, 0, 0)
    const corrected = [1, 1, 1, 1, 1, 0, 0, 0, 0]
    const at = (inertia: number) => settle(counts, { lattice: grid, occupancy, weight: 1, inertia })
    expect(at(Infinity).moved).toBe(0)
    // Odds of 0.97 to 0.03 twice, 6.95 in logarithms, against four hops and the leaving.
    expect(at(3)).toMatchObject({ moved: 0 })
    expect(at(2.9)).toMatchObject({ labels: Uint8Array.from(corrected), moved: 1, distance: 4, farthest: 4 })
  })

  it('refuses what has no answer', () => {
    const grid = lattice([2, 2], 'periodic')
    const counts = Int32Array.of(1, 2, 1, 1)
    expect(() => settle(counts, { lattice: grid })).toThrow(
      'Cannot settle: the number of units must be at most 4',
    )
    expect(() => settle(Int32Array.of(1, -1, 0, 0), { lattice: grid })).toThrow(RangeError)
    expect(() => settle(counts, { lattice: grid, channels: 2 })).toThrow('the length of counts')
    const units = Int32Array.of(1, 2, 0, 0)
    for (const q of [Number.NaN, -0.1, 1.1])
      expect(() => settle(units, { lattice: grid, occupancy: new Float32Array(4).fill(q) })).toThrow(
        'occupancy',
      )
    expect(() => settle(units, { lattice: grid, occupancy: new Float32Array(3) })).toThrow(RangeError)
    for (const options of [{ inertia: 0 }, { weight: -1 }, { bound: Number.NaN }, { channels: 0 }])
      expect(() => settle(units, { lattice: grid, ...options })).toThrow(RangeError)
  })
})
