// Bridges by the command line: trained between two sets of images, translated there and back, every mass kept.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { NdArray } from '../../src/formats/array.ts'
import { readNpz, writeNpz } from '../../src/formats/npz.ts'
import { complaint, corners, good, massesOf, saltus, temporary, untrained, write } from './saltus.ts'

const folder = temporary()
const network = '--base 8 --multipliers 1 --blocks 1 --attention none --embedding 8 --batch 8'.split(' ')
const { images } = corners(60)
/** The images of every third from `first` on. */
const third = (first: number): NdArray => {
  const rows = Array.from({ length: 20 }, (_, i) =>
    images.data.slice(64 * (3 * i + first), 64 * (3 * i + first + 1)),
  )
  return { data: Uint8Array.from(rows.flatMap(row => [...row])), shape: [20, 1, 8, 8] }
}
const samples = (name: string) =>
  readNpz(new Uint8Array(readFileSync(join(folder, name))), name).samples as NdArray

describe('saltus train --from-data and saltus translate', { timeout: 240_000 }, () => {
  beforeAll(async () => {
    write(folder, 'left.npz', writeNpz({ images: third(0) }))
    write(folder, 'right.npz', writeNpz({ images: third(1) }))
    write(folder, 'walk.onnx', untrained())
    const steps = '--steps 150 --warmup 10 --average 0.9 --seed 2 --quiet -o run'.split(' ')
    await good(['train', '--from-data', 'left.npz', '--data', 'right.npz', ...network, ...steps], folder)
  }, 240_000)

  it('takes images to the other side, and back, in whole units', async () => {
    const model = ['translate', '-m', 'run/model.onnx', '--calls', '6', '--quiet']
    await good([...model, '--input', 'left.npz', '-o', 'there.npz'], folder)
    await good([...model, '--input', 'right.npz', '--back', '-o', 'back.npz'], folder)
    expect(massesOf(samples('there.npz'))).toEqual(massesOf(third(0)))
    expect(massesOf(samples('back.npz'))).toEqual(massesOf(third(1)))
    // The bright quarter of the first is the lower right, that of the second the lower left or so: they are told apart by it.
    const quarter = ({ data }: NdArray) => {
      const sums = [0, 0, 0, 0]
      data.forEach((n, i) => {
        sums[2 * Math.floor((i % 64) / 32) + Math.floor((i % 8) / 4)] += n
      })
      return sums.indexOf(Math.max(...sums))
    }
    expect(quarter(third(0))).not.toBe(quarter(third(1)))
    expect(quarter(samples('there.npz'))).toBe(quarter(third(1)))
    expect(quarter(samples('back.npz'))).toBe(quarter(third(0)))
  })

  it('goes where it is told, image by image', async () => {
    // From the middle of a line all units go to one end or to the other, as a number says.
    const [count, sites, units] = [40, 9, 12]
    const at = (place: (i: number) => number) => {
      const data = new Uint8Array(count * sites)
      for (let i = 0; i < count; i++) data[i * sites + place(i)] = units
      return { data, shape: [count, 1, 1, sites] }
    }
    const side = { data: Float32Array.from({ length: count }, (_, i) => i % 2), shape: [count] }
    write(folder, 'middle.npz', writeNpz({ images: at(() => 4) }))
    write(folder, 'ends.npz', writeNpz({ images: at(i => 1 + 6 * (i % 2)), side }))
    write(folder, 'asked.npz', writeNpz({ side }))
    const data = ['--from-data', 'middle.npz', '--data', 'ends.npz', '--pairing', 'listed', '--tell', 'side']
    const steps = '--steps 200 --warmup 10 --average 0.9 --learning-rate 5e-3 --seed 2 --quiet -o told'.split(
      ' ',
    )
    await good(['train', ...data, ...network, ...steps], folder)
    const model = ['translate', '-m', 'told/model.onnx', '--calls', '8', '--input', 'middle.npz', '--quiet']
    await good([...model, '--tell', 'asked.npz', '-o', 'sides.npz'], folder)
    await good([...model, '--tell', 'side=1', '-o', 'right-side.npz'], folder)
    const right = (name: string) =>
      Array.from({ length: count }, (_, i) => {
        const own = Array.from(samples(name).data.slice(i * sites, (i + 1) * sites))
        expect(own.reduce((a, b) => a + b, 0)).toBe(units)
        return own.slice(5).reduce((a, b) => a + b, 0) / units
      })
    // By chance half of the units would be right.
    const told = right('sides.npz').map((share, i) => (i % 2 ? share : 1 - share))
    expect(told.reduce((a, b) => a + b, 0) / count).toBeGreaterThan(0.9)
    expect(right('right-side.npz').reduce((a, b) => a + b, 0) / count).toBeGreaterThan(0.9)
    const { status, stderr } = await saltus([...model, '--tell', 'speed=1', '-o', 'none.npz'], folder)
    expect([status, stderr.includes('of what the model is told (side)')]).toEqual([2, true])
  })

  it.each([
    [['train', '--process', 'bridge', '--data', 'left.npz', '-o', 'none'], '--from-data must be given'],
    [
      ['train', '--process', 'spatial', '--from-data', 'left.npz', '--data', 'left.npz', '-o', 'none'],
      '--from-data must be left out',
    ],
    [['translate', '-m', 'walk.onnx', '--input', 'left.npz', '-o', 'x.npz'], 'one of a bridge'],
  ])('refuses %j', async (args, words) => {
    const { stderr, status } = await saltus(args, folder)
    expect(stderr).toMatch(complaint)
    expect(stderr).toContain(words)
    expect(status).toBeGreaterThan(0)
  })
})
