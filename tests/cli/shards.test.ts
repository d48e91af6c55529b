import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { good, listing, saltus, temporary, untrained, write } from './saltus.ts'

it('`sample --shard` and `merge` give the bytes of the unsharded run, in every format', {
  timeout: 180_000,
}, async () => {
  const folder = temporary()
  write(folder, 'model.onnx', untrained())
  const bytes = (name: string) => readFileSync(join(folder, name))
  const drawn = ['sample', '-m', 'model.onnx', '--calls', '4', '-n', '10', '--seed', '7', '--mass', '50:400']
  const files = (name: string) => ['npy', 'npz', 'png'].flatMap(ending => ['--out', `${name}.${ending}`])
  await good([...drawn, ...files('all')], folder)
  await good([...drawn, '--shard', '1/2', '--out', 'parts'], folder)
  expect((await good(['merge', 'parts', '--missing'], folder)).stdout).toBe('0\n')
  await good([...drawn, '--shard', '0/2', '--out', 'parts'], folder)
  await good(['merge', 'parts', ...files('union')], folder)
  for (const ending of ['npy', 'npz', 'png'])
    expect(bytes(`union.${ending}`).equals(bytes(`all.${ending}`)), ending).toBe(true)
  const stems = ['part-00000', 'part-00001']
  expect(listing(join(folder, 'parts'))).toEqual(stems.flatMap(stem => [`${stem}.json`, `${stem}.npy`]))
  for (const wrong of [
    ['0/9', 'many'],
    ['0/2', 'part.npy'],
  ])
    expect((await saltus([...drawn, '--shard', wrong[0], '--out', wrong[1]], folder)).status).toBe(2)
})
