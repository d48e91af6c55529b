// The network of small graphs: whatever the order of the nodes, it says the same of them.
import { describe, expect, it } from 'vitest'
import { type Random, random } from '../../src/base/random.ts'
import { layoutFor, networkOf } from '../../src/model/file.ts'
import { fixed } from '../../src/network/parameters.ts'
import type { Task, UnetOptions } from '../../src/network/unet.ts'
import { edges } from '../../src/process/index.ts'
import { compute, floats } from '../tensor/compute.ts'

const n = 7
const process = edges({ nodes: n })
const task: Task = {
  shape: [1, n, n],
  width: 1,
  periodic: [false, false],
  times: [0.002, 1],
  scale: 1,
  classes: 0,
  pairs: true,
}
const network: UnetOptions = { base: 8, multipliers: [1], blocks: [3], attention: [false], embedding: 16 }

/** A state of six nodes, some pairs with several edges on their way. */
function stateOf(stream: Random): number[] {
  const state = new Array<number>(n * n).fill(0)
  for (let i = 0; i < 6; i++) {
    state[i * (n + 1)] = 1
    for (let j = i + 1; j < 6; j++) state[i * n + j] = stream.uniform() < 0.4 ? 1 : 0
  }
  state[1] = 2
  return state
}

/** The state with node i in the place order[i]. */
function moved(state: readonly number[], order: readonly number[]): number[] {
  const out = new Array<number>(n * n).fill(0)
  for (let i = 0; i < n; i++)
    for (let j = i; j < n; j++) {
      const [a, b] = [Math.min(order[i], order[j]), Math.max(order[i], order[j])]
      out[a * n + b] = state[i * n + j]
    }
  return out
}

describe('relations()', () => {
  const layout = layoutFor({ task, network })
  const stream = random(3)
  const parameters = Float32Array.from({ length: layout.size }, () => 0.6 * (2 * stream.uniform() - 1))
  const state = stateOf(stream)
  const order = [4, 0, 6, 2, 5, 1, 3]

  it('moves with the nodes, absent ones among them, to 1e-5', async () => {
    const { output, shown } = networkOf({ task, network }, 2)(fixed(layout, parameters))
    const found = await compute(
      { output, origin: process.link.origin(output, shown) },
      { counts: floats([2, 1, n, n], [...state, ...moved(state, order)]), time: floats([2], [0.1, 0.1]) },
    )
    const [a, b] = [0, 1].map(k => Array.from(found.output.data).slice(k * n * n, (k + 1) * n * n))
    const size = Math.max(...a.map(Math.abs))
    // It says different things of different pairs.
    expect(Math.max(...a) - Math.min(...a)).toBeGreaterThan(0.1 * size)
    expect(size).toBeGreaterThan(0.1)
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        expect(Math.abs(b[order[i] * n + order[j]] - a[i * n + j])).toBeLessThan(1e-5 * size)
        expect(Math.abs(a[j * n + i] - a[i * n + j])).toBeLessThan(1e-5 * size)
      }
    const [p, q] = [0, 1].map(k => Array.from(found.origin.data).slice(k * n * n, (k + 1) * n * n))
    const wanted = moved(p, order)
    q.forEach((value, at) => {
      expect(Math.abs(value - wanted[at])).toBeLessThan(1e-5)
    })
    // Nothing at the absent node, on the diagonal or below it.
    p.forEach((value, at) => {
      const [i, j] = [Math.floor(at / n), at % n]
      if (i >= j || j === 6) expect(value).toBe(0)
      else expect(value).toBeGreaterThan(0)
    })
  })

  it('tells two graphs apart whose nodes all have the same degree', async () => {
    const { output } = networkOf({ task, network }, 2)(fixed(layout, parameters))
    const ring = new Array<number>(n * n).fill(0)
    for (let i = 0; i < 6; i++) ring[i * (n + 1)] = 1
    const triangles = [...ring]
    for (const [a, b] of [
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
      [4, 5],
      [0, 5],
    ])
      ring[a * n + b] = 1
    for (const [a, b] of [
      [0, 1],
      [1, 2],
      [0, 2],
      [3, 4],
      [4, 5],
      [3, 5],
    ])
      triangles[a * n + b] = 1
    const found = await compute(
      { output },
      { counts: floats([2, 1, n, n], [...ring, ...triangles]), time: floats([2], [0.1, 0.1]) },
    )
    const pair = (image: number) => found.output.data[image * n * n + 1]
    expect(Math.abs(pair(0) - pair(1))).toBeGreaterThan(1e-2)
  })
})
