// A silhouette in the origin: Bayes' rule beside an enumeration, nothing outside, and every ray met at the last.
import { describe, expect, it } from 'vitest'
import { silhouetted } from '../../src/model/silhouette.ts'

// [C, D, H, W] = [1, 3, 1, 2], seen along z: ray 0 is inside, ray 1 outside.
const origin = Float32Array.of(0.5, 0.9, 0.2, 0.8, 0.1, 0.7)
const view = Float32Array.of(1, 0)
const told = (time: number, axis = 0, seen: Float32Array | undefined = view) =>
  silhouetted(() => seen, { shape: [1, 3, 1, 2], axis, last: 0.01 }).around?.(async () => origin)?.(
    new Int32Array(6),
    Float64Array.of(time),
  ) as Promise<Float32Array>

describe('silhouetted()', () => {
  it('tells units of a ray what an enumeration of all rays with any unit tells, and none outside', async () => {
    const p = [0.5, 0.2, 0.1]
    const sums = [0, 0, 0, 0]
    for (let set = 1; set < 8; set++) {
      const weight = p.reduce((product, own, i) => product * ((set >> i) & 1 ? own : 1 - own), 1)
      sums[3] += weight
      for (let i = 0; i < 3; i++) if ((set >> i) & 1) sums[i] += weight
    }
    const found = await told(0.5)
    for (let i = 0; i < 3; i++) expect(found[2 * i]).toBeCloseTo(sums[i] / sums[3], 6)
    expect([1, 3, 5].map(x => found[x])).toEqual([0, 0, 0])
    expect(Array.from(origin)).toEqual(Array.from(Float32Array.of(0.5, 0.9, 0.2, 0.8, 0.1, 0.7)))
  })

  it('is certain of the best site of every ray at the last call', async () => {
    expect((await told(0.01))[0]).toBe(1)
    expect((await told(0.011))[0]).toBeLessThan(1)
  })

  it('looks along any axis, and leaves images alone of which nothing is told', async () => {
    // Along x the rays are the three depths.
    const found = await told(0.5, 2, Float32Array.of(0, 1, 1))
    expect([found[0], found[1]]).toEqual([0, 0])
    expect(found[2]).toBeCloseTo(0.2 / (1 - 0.8 * 0.2), 6)
    const untold = silhouetted(() => undefined, { shape: [1, 3, 1, 2], axis: 0 })
    const alone = await untold.around?.(async () => origin)?.(new Int32Array(6), Float64Array.of(0.5))
    expect(alone).toEqual(origin)
  })
})
