// A sample of every shipped model, drawn again: a model, the walk or the arithmetic that changes is seen by its bytes.
import { expect, it } from 'vitest'
import { readIndex, sampleOf } from '../scripts/model-index.ts'
import { shipped } from '../src/node/models.ts'

// All at once: where two networks of one thread took each other's memory, this failed.
it('every shipped model draws the sample whose hash stands in models/index.json, by WebAssembly', {
  timeout: 240_000,
}, async () => {
  const index = readIndex()
  const names = shipped().map(name => `${name}.onnx`)
  const drawn = await Promise.all(names.map(async name => [name, await sampleOf(name)]))
  expect(drawn).toEqual(names.map(name => [name, index[name].at(-1)?.sample]))
})
