import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { euclidean, interpolationError, matching, points, wasserstein } from '../../src/embedding/index.ts'
import { finish } from '../graph/graphs.ts'

const total = (cost: Float64Array, partner: ArrayLike<number>, n: number) =>
  Array.from(partner).reduce((sum, j, i) => sum + cost[i * n + j], 0)

/** All orders of 0 … n − 1. */
const orders = (n: number): number[][] =>
  n === 0
    ? [[]]
    : orders(n - 1).flatMap(rest => Array.from({ length: n }, (_, at) => rest.toSpliced(at, 0, n - 1)))

describe('matching()', () => {
  it('costs as little as the best of all matchings', () => {
    const rng = random(2)
    for (let round = 0; round < 30; round++) {
      const n = 1 + (round % 6)
      const cost = Float64Array.from({ length: n * n }, () => Math.floor(10 * rng.uniform()) - 3)
      const partner = matching(cost)
      expect([...partner].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i))
      expect(total(cost, partner, n)).toBe(Math.min(...orders(n).map(order => total(cost, order, n))))
    }
  })
})

describe('matching() of costs that are none', () => {
  it('ends with an error, not in an endless way', () => {
    for (const odd of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
      expect(() => matching(Float64Array.of(1, 2, odd, odd))).toThrow(
        `Cannot match two clouds: cost 2 must be finite, got ${odd}`,
      )
    const clouds = { dimensions: 1, a: Float64Array.of(0, Number.NaN), b: Float64Array.of(0, 1) }
    expect(() => wasserstein(clouds)).toThrow('must be finite')
  })
})

describe('wasserstein()', () => {
  it('on a line is the mean distance of sorted values', () => {
    const rng = random(3)
    const [a, b] = [0, 1].map(shift =>
      Float64Array.from({ length: 80 }, () => rng.uniform() ** 2 + shift / 3),
    )
    const expected =
      a
        .slice()
        .sort()
        .reduce((sum, value, i) => sum + Math.abs(value - b.slice().sort()[i]), 0) / 80
    expect(Math.abs(wasserstein({ a, b, dimensions: 1 }) - expected)).toBeLessThan(1e-12)
  })
})

describe('interpolationError()', () => {
  it('is 0 where the held-out points are the middles of matched pairs', () => {
    const before = [0, 0, 0, 4, 0, 8]
    const after = [2, 0, 2, 4, 2, 8]
    const cloud = points([...before, ...after, ...before.map((x, i) => (x + after[i]) / 2)], 2)
    const apart = finish(euclidean(cloud))
    const times = { before: [0, 1, 2], after: [5, 3, 4], heldOut: [7, 8, 6] }
    expect(interpolationError(cloud, { ...times, cost: apart, random: random(1) })).toBeLessThan(1e-12)
    // Partners far from each other meet elsewhere.
    const wrong = apart.map(value => -value)
    expect(interpolationError(cloud, { ...times, cost: wrong, random: random(1) })).toBeGreaterThan(0.5)
  })
})
