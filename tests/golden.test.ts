// A sample of every shipped model, drawn again: a model, the walk or the arithmetic that changes is seen by its bytes.
import { describe, expect, it } from 'vitest'
import { readIndex, sampleOf } from '../scripts/model-index.ts'
import { shipped } from '../src/node/models.ts'

const index = readIndex()
const last = shipped().map(name => [name, index[`${name}.onnx`].at(-1)?.sample] as const)

describe('models/index.json', { timeout: 180_000 }, () => {
  it.each(last)('%s draws the sample whose hash stands there, by WebAssembly', async (name, sample) => {
    expect(await sampleOf(`${name}.onnx`)).toBe(sample)
  })
})
