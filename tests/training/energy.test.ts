// The energy score: by hand on a small batch, its gradient by differences, and what it is least at.
import { describe, expect, it } from 'vitest'
import { multinomial } from '../../src/base/multinomial.ts'
import { random } from '../../src/base/random.ts'
import { lattice, periodic } from '../../src/lattice/index.ts'
import type { Link } from '../../src/process/index.ts'
import { spatial } from '../../src/process/index.ts'
import { ancestral, mixture, type OriginFunction, sample } from '../../src/sampling/index.ts'
import { gradient, input } from '../../src/tensor/index.ts'
import { energyObjective } from '../../src/training/energy.ts'
import { compute, floats } from '../tensor/compute.ts'

/** What the network says is the origin. */
const plain: Link = { width: 1, local: true, origin: output => output, loss: () => expect.unreachable() }

const nothing = { get: () => input('none', [1]) }

/** The score as a graph of outputs [draws · states, C, 1, L]. */
function scored(shape: readonly number[], of: { draws: number; scale: number }) {
  const [output, counts] = [input('output', shape), input('counts', shape)]
  const shown = { counts, time: input('time', [shape[0]]) }
  return { output, score: energyObjective(() => ({ output, shown }), plain, of)(nothing) }
}

/** Of a difference [C, L]: of the whole and of blocks, as long as L can be halved and is above 3; sums over the root of two. */
function distanceByHand(rows: readonly number[][]): number {
  const levels: number[][][] = [rows.map(row => [...row])]
  for (;;) {
    const last = levels[levels.length - 1]
    const length = last[0].length
    if (length <= 3 || length % 2 === 1) break
    levels.push(
      last.map(row =>
        Array.from({ length: length / 2 }, (_, i) => (row[2 * i] + row[2 * i + 1]) / Math.SQRT2),
      ),
    )
  }
  const coarse = levels[levels.length - 1][0].length
  const root = (values: readonly number[]) =>
    Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length + 1e-6)
  const each = levels.map(level => {
    const width = level[0].length / coarse
    const blocks = Array.from({ length: coarse }, (_, b) =>
      root(level.flatMap(row => row.slice(b * width, (b + 1) * width))),
    )
    return (root(level.flat()) + blocks.reduce((sum, v) => sum + v, 0) / coarse) / 2
  })
  return each.reduce((sum, v) => sum + v, 0) / levels.length
}

describe('`energyObjective()`', () => {
  const [draws, states, channels, length, scale] = [3, 2, 2, 8, 5]
  const shape = [draws * states, channels, 1, length]
  const size = channels * length
  const rng = random(3)
  const numbers = (n: number) => Float32Array.from({ length: n }, () => 10 * rng.uniform())
  const [output, target] = [numbers(draws * states * size), numbers(states * size)]
  const repeated = Float32Array.from({ length: draws * target.length }, (_, i) => target[i % target.length])
  // Of the two states the second counts three times as much.
  const weights = Float32Array.from({ length: draws * states * length }, (_, i) =>
    Math.floor(i / length) % states === 0 ? 0.25 : 0.75,
  )

  function byHand(x: Float32Array): number {
    const rows = (of: Float32Array, image: number) =>
      Array.from({ length: channels }, (_, c) =>
        Array.from(of.subarray(image * size + c * length, image * size + (c + 1) * length)),
      )
    const apart = (a: number[][], b: number[][]) =>
      distanceByHand(a.map((row, c) => row.map((v, i) => (v - b[c][i]) / scale)))
    let sum = 0
    for (let b = 0; b < states; b++) {
      const truth = rows(target, b)
      const drawn = Array.from({ length: draws }, (_, k) => rows(x, k * states + b))
      const near = drawn.reduce((s, one) => s + apart(one, truth), 0) / draws
      let pairs = 0
      for (let k = 0; k < draws; k++)
        for (let l = 0; l < draws; l++)
          if (l !== k) pairs += apart(drawn[k], drawn[l]) / (draws * (draws - 1))
      sum += (b === 0 ? 0.25 : 0.75) * (near - pairs / 2)
    }
    return sum
  }

  const feeds = (x: Float32Array) => ({
    output: floats(shape, x),
    target: floats(shape, repeated),
    weights: floats([draws * states, 1, 1, length], weights),
  })

  it('is the mean distance to the truth less half of that between draws, of wholes and blocks at every scale', async () => {
    const { score } = scored(shape, { draws, scale })
    const { score: got } = await compute({ score }, feeds(output))
    expect(got.data[0]).toBeCloseTo(byHand(output), 5)
  })

  it('has the gradient of differences', async () => {
    const { output: x, score } = scored(shape, { draws, scale })
    const [slope] = gradient(score, [x])
    const { slope: got } = await compute({ slope }, feeds(output))
    for (const place of [0, 9, 31, 40, 66, 95]) {
      const [up, down] = [0.01, -0.01].map(step => {
        const moved = Float32Array.from(output)
        moved[place] += step
        return byHand(moved)
      })
      expect(got.data[place]).toBeCloseTo((up - down) / 0.02, 4)
    }
  })

  it('is least where draws have the law of the truth: not at its mean, nor with sites drawn each by itself', async () => {
    // Two images, either with probability 1/2; every combination of two draws and a truth stands once in the batch.
    const images = [
      [8, 8, 0, 0, 0, 0, 0, 0],
      [0, 0, 0, 0, 0, 0, 8, 8],
    ]
    const mean = images[0].map((n, x) => (n + images[1][x]) / 2)
    const halves = [0, 1, 2, 3].map(k => images[k >> 1].map((n, x) => (x < 4 ? n : images[k & 1][x])))
    const score = async (law: readonly number[][]) => {
      const all = law.flatMap(a => law.flatMap(b => images.map(truth => ({ a, b, truth }))))
      const shape = [2 * all.length, 1, 1, 8]
      const { score } = scored(shape, { draws: 2, scale: 8 })
      const output = Float32Array.from([...all.flatMap(of => of.a), ...all.flatMap(of => of.b)])
      const truths = all.flatMap(({ truth }) => truth)
      const feeds = {
        output: floats(shape, output),
        target: floats(shape, Float32Array.from([...truths, ...truths])),
        weights: floats(shape, new Float32Array(output.length).fill(1 / all.length)),
      }
      return (await compute({ score }, feeds)).score.data[0]
    }
    const [right, told, apart, one] = [
      await score(images),
      await score([mean]),
      await score(halves),
      await score([images[0]]),
    ]
    expect(right).toBeLessThan(told - 0.01)
    expect(right).toBeLessThan(apart - 0.01)
    expect(right).toBeLessThan(one - 0.01)
  })

  it('refuses a single draw', () => {
    expect(() => scored([2, 1, 1, 8], { draws: 1, scale: 1 })).toThrow(
      'Cannot score draws: the draws must be an integer >= 2, got 1',
    )
  })
})

describe('origins that are drawn', () => {
  // Four images of 60 units on a ring, of which the second is three times as common.
  const grid = lattice([12], periodic)
  const walk = spatial({ lattice: grid })
  const images = [0, 3, 6, 9].map(at => Int32Array.from({ length: 12 }, (_, x) => (x === at ? 60 : 0)))
  const weights = [1 / 6, 1 / 2, 1 / 6, 1 / 6]
  const exact = mixture({ lattice: grid, rate: walk.rate, images, weights })
  /** An image of the law given the state, by Bayes. */
  const drawn: OriginFunction = (counts, times, first = 0) => {
    const out = new Float32Array(counts.length)
    for (let i = 0; i < times.length; i++) {
      const own = counts.subarray(12 * i, 12 * (i + 1))
      const logs = exact.logLikelihood(own, times[i])
      const top = Math.max(...logs)
      const likely = images.map((_, k) => weights[k] * Math.exp(logs[k] - top))
      const stream = random(5)
        .fork(first + i)
        .fork(Math.floor(times[i] * 2 ** 40))
      const picked = new Int32Array(images.length)
      multinomial(stream, 1, likely, picked)
      out.set(images[picked.indexOf(1)], 12 * i)
    }
    return out
  }

  /** Shares of the images that samples are nearest to, and the total variation from the law. */
  async function off(origin: OriginFunction, calls: number): Promise<number> {
    const count = 1500
    const { counts } = await sample({
      ...{ process: walk, solver: ancestral({ calls }), origin, seed: 2, batch: 100 },
      masses: Array.from({ length: count }, () => [60]),
    })
    const shares = images.map(() => 0)
    let strange = 0
    for (let i = 0; i < count; i++) {
      const own = counts.subarray(12 * i, 12 * (i + 1))
      const k = images.findIndex(image => image.every((n, x) => n === own[x]))
      if (k < 0) strange += 1 / count
      else shares[k] += 1 / count
    }
    return (strange + shares.reduce((sum, share, k) => sum + Math.abs(share - weights[k]), 0)) / 2
  }

  it('give the law with one call and with any number; their mean does not with few', async () => {
    // Total variation is the largest deviation of the share of a subset: of 14 that are not sure each stays below 5.4 of its
    // standard deviations, at most 0.013, with probability above 1 - 1e-7.
    for (const calls of [1, 2, 4]) expect(await off(drawn, calls), `${calls} calls`).toBeLessThan(0.07)
    for (const calls of [1, 2]) expect(await off(exact.origin, calls), `${calls} calls`).toBeGreaterThan(0.2)
  })
})
