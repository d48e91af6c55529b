// The population term: by hand on small batches, its gradient by differences.
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { gradient, input } from '../../src/tensor/index.ts'
import { populationDistance } from '../../src/training/population.ts'
import { compute, floats } from '../tensor/compute.ts'

const shape = [5, 3, 1, 6]
const size = 5 * 3 * 6
const [a, b] = [1, 2].map(seed => {
  const rng = random(seed)
  return Float32Array.from({ length: size }, () => 10 * rng.uniform())
})

/** Pearson's correlation of channels i and j of image k. */
function correlation(x: Float32Array, k: number, i: number, j: number): number {
  const row = (c: number) => Array.from(x.subarray((3 * k + c) * 6, (3 * k + c + 1) * 6))
  const [p, q] = [row(i), row(j)].map(of => {
    const mean = of.reduce((s, v) => s + v, 0) / 6
    return of.map(v => v - mean)
  })
  const dot = (u: number[], v: number[]) => u.reduce((s, e, at) => s + e * v[at], 0)
  return dot(p, q) / Math.sqrt(dot(p, p) * dot(q, q))
}

function byHand(x: Float32Array, y: Float32Array): number {
  const widths = [-5, -4, -3, -2, -1, 0, 1].map(power => 2 ** power)
  const kernel = (d: number) => widths.reduce((s, w) => s + Math.exp((-d * d) / (2 * w * w)), 0) / 7
  const mean = (u: number[], v: number[]) =>
    u.reduce((s, p) => s + v.reduce((t, q) => t + kernel(p - q), 0), 0) / (u.length * v.length)
  const pairs = [
    [0, 1],
    [0, 2],
    [1, 2],
  ].map(([i, j]) => {
    const [u, v] = [x, y].map(of => [0, 1, 2, 3, 4].map(k => correlation(of, k, i, j)))
    return mean(u, u) + mean(v, v) - 2 * mean(u, v)
  })
  return pairs.reduce((s, d) => s + d, 0) / 3
}

describe('`populationDistance()`', () => {
  const [x, y] = [input('x', shape), input('y', shape)]
  const distance = populationDistance(x, y)
  const at = async (values: Float32Array) =>
    (await compute({ distance }, { x: floats(shape, values), y: floats(shape, b) })).distance.data[0]

  it('is the mean over pairs of columns of the squared discrepancy of their correlations', async () => {
    expect(await at(a)).toBeCloseTo(byHand(a, b), 5)
    expect(Math.abs(await at(b))).toBeLessThan(1e-6)
  })

  it('has the gradient of differences', async () => {
    const [slope] = gradient(distance, [x])
    const { slope: got } = await compute({ slope }, { x: floats(shape, a), y: floats(shape, b) })
    for (const place of [0, 7, 31, 60, 89]) {
      const [up, down] = [0.01, -0.01].map(step => {
        const moved = Float32Array.from(a)
        moved[place] += step
        return byHand(moved, b)
      })
      expect(got.data[place]).toBeCloseTo((up - down) / 0.02, 4)
    }
  })
})
