// Told numbers, images, words and sketches on the command line: a tiny model obeys them, and the mass stays exact.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import type { NdArray } from '../../src/formats/array.ts'
import { readNpz, writeNpz } from '../../src/formats/npz.ts'
import { writePng } from '../../src/formats/png-writer.ts'
import { complaint, good, saltus, temporary, write } from './saltus.ts'

const folder = temporary()
const [count, side] = [96, 8]

beforeAll(() => {
  // 20 units fall on the half of a line that a number says; on the other half where it is negative.
  const stream = random(1)
  const data = new Uint8Array(count * side)
  const place = Float64Array.from({ length: count }, (_, i) => (i % 2 === 0 ? -1 : 1) + 0.01 * (i % 7))
  for (let i = 0; i < count; i++)
    for (let u = 0; u < 20; u++) data[i * side + (place[i] > 0 ? 4 : 0) + Math.floor(4 * stream.uniform())]++
  const pair = Float64Array.from({ length: 2 * count }, (_, i) => place[i >> 1] * (1 + (i % 2)))
  const map = Float32Array.from({ length: count * side }, (_, i) => (i % side) * place[Math.floor(i / side)])
  write(
    folder,
    'data.npz',
    writeNpz({
      images: { data, shape: [count, 1, 1, side] },
      ...{ place: { data: place, shape: [count] }, pair: { data: pair, shape: [count, 2] } },
      ...{ map: { data: map, shape: [count, 1, 1, side] }, odd: { data: place, shape: [count / 2, 2] } },
      ...{ gap: { data: Float64Array.from(place, v => (v > 1.05 ? Number.NaN : v)), shape: [count] } },
    }),
  )
  const asked = Float64Array.from({ length: 40 }, (_, i) => (i < 20 ? 1 : -1))
  write(folder, 'asked.npz', writeNpz({ place: { data: asked, shape: [40] } }))
})

/** What a refused call says, in the one line of an error. */
async function refusal(args: readonly string[]): Promise<string> {
  const { stderr, status } = await saltus(args, folder)
  expect(status).not.toBe(0)
  expect(stderr).toMatch(complaint)
  return stderr
}

const small =
  '--base 8 --multipliers 1,2 --blocks 1,1 --attention none --embedding 16 --batch 16 --quiet'.split(' ')

/** The share of the units of every sample that lie on the right half. */
function right(name: string): number[] {
  const { data, shape } = readNpz(new Uint8Array(readFileSync(join(folder, name))), name).samples as NdArray
  return Array.from({ length: shape[0] }, (_, i) => {
    const own = [...data.subarray(i * side, (i + 1) * side)]
    expect(own.reduce((sum, n) => sum + n, 0)).toBe(20)
    return own.slice(4).reduce((sum, n) => sum + n, 0) / 20
  })
}

describe('saltus train --tell', { timeout: 240_000 }, () => {
  it('a model that was told a number of its images draws what it is told, and goes on from a checkpoint', async () => {
    const steps = ['--warmup', '10', '--average', '0.95', '--learning-rate', '5e-3', '-o', 'run']
    await good(
      ['train', '--data', 'data.npz', '--tell', 'place', ...small, ...steps, '--steps', '150'],
      folder,
    )
    await good(['train', '-o', 'run', '--resume', '--steps', '160', '--quiet'], folder)
    const drawn = ['sample', '-m', 'run/model.onnx', '--mass', '20', '--calls', '12', '--quiet']
    await good([...drawn, '-n', '40', '--tell', 'asked.npz', '--seed', '1', '-o', 'told.npz'], folder)
    const told = right('told.npz')
    const mean = (of: number[]) => of.reduce((sum, value) => sum + value, 0) / of.length
    // Units of the data lie there without exception; an untold half would be 0.5 ± 0.03 of 800 units.
    expect(mean(told.slice(0, 20))).toBeGreaterThan(0.9)
    expect(mean(told.slice(20))).toBeLessThan(0.1)
    await good([...drawn, '-n', '8', '--tell', 'place=-1', '--guidance', '1.5', '-o', 'left.npz'], folder)
    expect(mean(right('left.npz'))).toBeLessThan(0.1)
    const far = await saltus(
      [...drawn.slice(0, -1), '-n', '2', '--tell', 'place=50', '-o', 'far.npz'],
      folder,
    )
    expect(far.stderr).toContain('Warning: place = 50 is far outside the data, -1 … 1.06')
    right('far.npz')
  })

  it.each([
    ['place=warm', 'tell must be place= and 1 numbers (place), got "warm"'],
    ['heat=1', 'tell must be of what the model is told (place), got "heat"'],
    ['place', 'tell must be name=value, several with commas, or a file .npz of such arrays, got "place"'],
  ])('refuses what the model cannot be told: %s', async (tell, words) => {
    const call = ['sample', '-m', 'run/model.onnx', '--tell', tell, '-o', 'x.npz']
    expect(await refusal(call)).toContain(words)
  })

  it.each([
    ['nothing', 'one of images, place, pair, map, odd, gap, arrays of data.npz, got "nothing"'],
    ['odd', 'odd must be told of each of 96 images, got 48'],
    ['gap', 'must be a finite number, got NaN'],
    ['place,place', '--tell must be different names, got "place,place"'],
  ])('refuses data that cannot be told: %s', async (tell, words) => {
    const call = ['train', '--data', 'data.npz', '--tell', tell, ...small, '-o', 'none']
    expect(await refusal(call)).toContain(words)
  })
})

describe('saltus train --sketch', { timeout: 240_000 }, () => {
  it('trains on the silhouettes of volumes, and draws the voxels that are asked for', async () => {
    const rng = random(2)
    const size = 8
    const data = new Uint8Array(12 * size ** 3).map(() => 0)
    for (let i = 0; i < 12; i++) {
      const [y, x] = [1 + Math.floor(3 * rng.uniform()), 1 + Math.floor(3 * rng.uniform())]
      for (let z = 2; z < 6; z++)
        for (let v = y; v < y + 4; v++)
          data.fill(1, ((i * size + z) * size + v) * size + x, ((i * size + z) * size + v) * size + x + 4)
    }
    write(folder, 'cubes.npz', writeNpz({ labels: { data, shape: [12, size, size, size] } }))
    const call = [
      'train',
      '--data',
      'cubes.npz',
      '--crop',
      '8x8x8',
      '--sketch',
      'z',
      '--no-flips',
      '--no-turns',
    ]
    await good(
      [...call, '--steps', '3', '--batch', '2', ...small.slice(0, -3), '--quiet', '-o', 'shapes'],
      folder,
    )
    // A dark square of 4×4 sites on white paper, twice as large as the lattice.
    const pixels = Uint8Array.from({ length: 256 }, (_, i) => {
      const [y, x] = [i >> 4, i % 16]
      return y >= 4 && y < 12 && x >= 4 && x < 12 ? 0 : 255
    })
    write(folder, 's.png', writePng({ data: pixels, shape: [1, 16, 16] }))
    const drawn = ['sample', '-m', 'shapes/model.onnx', '--sketch', 's.png', '--calls', '3', '--quiet']
    await good([...drawn, '--volume', '64,100', '-n', '1', '-o', 'shape.npz'], folder)
    const { labels } = readNpz(new Uint8Array(readFileSync(join(folder, 'shape.npz'))), 'shape') as Record<
      string,
      NdArray
    >
    const sums = [0, 1].map(i =>
      [...labels.data.subarray(512 * i, 512 * (i + 1))].reduce((sum, n) => sum + n, 0),
    )
    expect(sums).toEqual([64, 100])
    expect(await refusal([...drawn, '--volume', '513', '-o', 'x.npz'])).toContain(
      'volume must be at most 512, all voxels, got 513',
    )
    expect(await refusal(['sample', '-m', 'mnist', '--sketch', 's.png', '-o', 'x.npz'])).toContain(
      'sketch must be left out but with a model that was trained with --sketch',
    )
  })
})
