// `saltus recovery`: a small network that learns to take blobs back, and what is refused.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { NdArray } from '../../src/formats/array.ts'
import { readNpz, writeNpz } from '../../src/formats/npz.ts'
import { left, wayOf } from '../../src/restoration/index.ts'
import { complaint, good, saltus, temporary, untrained, write } from './saltus.ts'

const folder = temporary()
const side = 16
const sites = side * side
/** Rings about other middles. */
const data = Uint8Array.from({ length: 40 * sites }, (_, at) => {
  const [k, x] = [Math.floor(at / sites), at % sites]
  const [row, column] = [Math.floor(x / side) - 6 - (k % 4), (x % side) - 6 - (Math.floor(k / 4) % 4)]
  return Math.round(120 * Math.exp(-((Math.hypot(row, column) - 4) ** 2)))
})
write(folder, 'rings.npz', writeNpz({ samples: { data, shape: [40, side, side] } }))
const arrays = (name: string) =>
  readNpz(new Uint8Array(readFileSync(join(folder, name))), name) as Record<string, NdArray>
const fieldsOf = ({ data }: NdArray, k: number) => ({
  shape: [side, side] as const,
  data: Float64Array.from(data.subarray(2 * k * sites, 2 * (k + 1) * sites) as Float32Array),
})

describe('saltus recovery', { timeout: 240_000 }, () => {
  it('learns to take rings back beside what they were: most of the way of the units is undone, masses kept', async () => {
    const learn = ['recovery', 'train', '--input', 'rings.npz', '--steps', '120', '--base', '6']
    await good([...learn, '--quiet', '-o', 'net.onnx'], folder)
    const deform = ['deform', '--input', 'rings.npz', '--amplitude', '0.1', '--seed', '9']
    await good([...deform, '-o', 'moved.npz', '--quiet'], folder)
    const apply = ['recovery', 'apply', '-m', 'net.onnx', '--input', 'moved.npz']
    const { stdout } = await good([...apply, '--before', 'rings.npz', '-o', 'back.npz'], folder)
    expect(stdout).toMatch(/^40 taken back by [\d.]+ sites \(root mean square\), masses kept: equal\n$/)
    const [moved, back] = [arrays('moved.npz'), arrays('back.npz')]
    expect([...back.mass.data]).toEqual([...moved.mass.data])
    let [before, after] = [0, 0]
    for (let k = 0; k < 40; k++) {
      const image = data.subarray(k * sites, (k + 1) * sites)
      const there = fieldsOf(moved.displacement, k)
      before += wayOf(image, there)
      after += wayOf(image, left(there, fieldsOf(back.displacement, k)))
    }
    expect(after / before).toBeLessThan(0.75)
    // The same again, byte for byte.
    await good([...apply, '--before', 'rings.npz', '-o', 'again.npz', '--quiet'], folder)
    expect(arrays('again.npz').samples.data).toEqual(back.samples.data)
    await good([...apply, '--passes', '1', '-o', 'alone.png', '--quiet'], folder)
  })

  it('refuses in one line what it cannot do', async () => {
    write(folder, 'odd.npz', writeNpz({ samples: { data: new Uint8Array(2 * 60), shape: [2, 6, 10] } }))
    write(
      folder,
      'two.npz',
      writeNpz({ samples: { data: data.slice(0, 2 * sites), shape: [2, side, side] } }),
    )
    write(folder, 'model.onnx', untrained())
    const apply = ['recovery', 'apply', '-o', 'no.npz', '--input', 'moved.npz']
    for (const [args, words] of [
      [['recovery', 'train', '--input', 'odd.npz', '-o', 'no.onnx'], /sides that 4 divides/],
      [[...apply, '-m', 'model.onnx'], /a network of saltus recovery train/],
      [['recovery', 'apply', '-m', 'net.onnx', '--input', 'odd.npz', '-o', 'no.npz'], /must be 1×16×16/],
      [[...apply, '-m', 'net.onnx', '--before', 'two.npz'], /must be 40, or one/],
    ] as const) {
      const { status, stderr } = await saltus([...args], folder)
      expect(status).toBeGreaterThan(0)
      expect(stderr).toMatch(complaint)
      expect(stderr).toMatch(words)
    }
  })
})
