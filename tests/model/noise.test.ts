// The noise that origins are drawn by: of each image and time its own, whatever stands beside it in a tile.
import { describe, expect, it } from 'vitest'
import type { ModelDescription } from '../../src/model/description.ts'
import { demandMean, originFunction } from '../../src/model/origin.ts'
import type { Task } from '../../src/network/unet.ts'
import type { Program, Value } from '../../src/runtime/runtime.ts'

const task: Task = {
  shape: [1, 6, 5],
  width: 1,
  periodic: [false, false],
  times: [0.1, 1],
  scale: 9,
  classes: 0,
}
const drawing = { ...task, noise: 3 }

/** What a network is fed for images `first` on at these times. */
async function fed(of: {
  seed?: number
  spread?: number
  first?: number
  times: readonly number[]
}): Promise<Value> {
  let seen: Value | undefined
  const program = {
    run: async feeds => {
      seen = { shape: feeds.noise.shape, data: Float32Array.from(feeds.noise.data) }
      return { origin: { shape: [2, 1, 6, 5], data: new Float32Array(60) } }
    },
    release: async () => {},
  } as Program
  const description = { tile: 2, task: drawing, spread: of.spread } as ModelDescription
  await originFunction(program, description, { seed: of.seed })(
    new Int32Array(60),
    Float64Array.from(of.times),
    of.first,
  )
  return seen!
}
const rows = ({ data }: Value) =>
  [0, 1].map(slot => [...data.subarray((slot * data.length) / 2, ((slot + 1) * data.length) / 2)])

describe('noise', () => {
  it('is three planes of blocks of four sites, by the seed, the number of the image and the time alone', async () => {
    const first = await fed({ times: [1, 0.5] })
    expect(first.shape).toEqual([2, 3, 2, 2])
    const [a, b] = rows(first)
    expect(rows(await fed({ first: 1, times: [0.5, 1] }))[0]).toEqual(b)
    expect(rows(await fed({ times: [1, 1] }))).toEqual([a, expect.not.arrayContaining([b[0]])])
    const others = [{ seed: 1, times: [1, 0.5] }, { first: 2, times: [1, 0.5] }, { times: [0.9, 0.4] }]
    for (const other of others) {
      const [c, d] = rows(await fed(other))
      expect(c[0]).not.toBe(a[0])
      expect(d[0]).not.toBe(b[0])
    }
  })

  it('is multiplied by the spread of the model', async () => {
    const [whole, half] = [await fed({ times: [1, 1] }), await fed({ times: [1, 1], spread: 0.5 })]
    expect([...half.data]).toEqual(Array.from(whole.data, value => value / 2))
  })

  it('leaves nothing to ask of the mean', () => {
    expect(() => demandMean('inspect', task)).not.toThrow()
    expect(() => demandMean('inspect', drawing)).toThrow(
      'Cannot inspect: the model must be one that tells the mean of the origin, got "one that draws it"',
    )
  })
})
