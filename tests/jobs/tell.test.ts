// Told numbers, images, words and sketches: a tiny model obeys them, and masses stay exact.
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { writeNpz } from '../../src/formats/npz.ts'
import { writePng } from '../../src/formats/png-writer.ts'
import {
  type Door,
  type Opened,
  opened,
  type TrainOptions,
  trainAt,
  type Watching,
} from '../../src/jobs/open.ts'
import { machineFiles } from '../../src/node/machine.ts'
import { modelBytes } from '../../src/node/models.ts'
import { onnxruntimeNode } from '../../src/runtime/onnxruntime-node.ts'
import { silhouette } from '../../src/training/crops.ts'
import { temporary, write } from '../cli/saltus.ts'

const folder = temporary()
/** Everything in this thread. */
const door: Door<Watching> = ({ say, threads, ...job }) => [
  { runtime: onnxruntimeNode('cpu'), files: machineFiles, threads, say },
  job,
]
const open = (bytes: Uint8Array) => opened({ name: 'model', file: 'model', bytes }, { door })
const at = (name: string) => join(folder, name)
const [count, side] = [96, 8]
const sum = (of: ArrayLike<number>) => Array.from(of).reduce((all, n) => all + n, 0)

beforeAll(() => {
  // 20 units fall on the half of a line that a number says: the right one where it is positive.
  const stream = random(1)
  const data = new Uint8Array(count * side)
  const place = Float64Array.from({ length: count }, (_, i) => (i % 2 === 0 ? -1 : 1) + 0.01 * (i % 7))
  for (let i = 0; i < count; i++)
    for (let u = 0; u < 20; u++) data[i * side + (place[i] > 0 ? 4 : 0) + Math.floor(4 * stream.uniform())]++
  const map = Float32Array.from({ length: count * side }, (_, i) => (i % side) * place[Math.floor(i / side)])
  const gap = place.map(value => (value > 1.05 ? Number.NaN : value))
  const arrays = {
    images: { data, shape: [count, 1, 1, side] },
    place: { data: place, shape: [count] },
    map: { data: map, shape: [count, 1, 1, side] },
    odd: { data: place, shape: [count / 2, 2] },
    gap: { data: gap, shape: [count] },
  }
  write(folder, 'data.npz', writeNpz(arrays))
  const asked = Float64Array.from({ length: 40 }, (_, i) => (i < 20 ? 1 : -1))
  write(folder, 'asked.npz', writeNpz({ place: { data: asked, shape: [40] } }))
})

const small = {
  ...{ base: 8, multipliers: [1, 2], blocks: [1, 1], attention: 'none', embedding: 16, batch: 16 },
  ...{ warmup: 10, average: 0.95, learningRate: 5e-3, threads: 1 },
} as const

const trained = async (options: TrainOptions) =>
  (await trainAt(door, undefined, { ...small, ...options })).model

describe('train({ tell })', { timeout: 120_000 }, () => {
  let model: Opened

  /** The share of the units of every sample that lie on the right half. */
  async function right(options: Parameters<typeof model.generate>[0]): Promise<number[]> {
    const { counts } = await model.generate({ mass: 20, calls: 8, ...options })
    return Array.from({ length: counts.length / side }, (_, i) => {
      const own = counts.subarray(i * side, (i + 1) * side)
      expect(sum(own)).toBe(20)
      return sum(own.subarray(4)) / 20
    })
  }
  const mean = (of: number[]) => sum(of) / of.length

  it('a model that was told a number of its images draws what it is told', async () => {
    model = open(await trained({ data: at('data.npz'), tell: 'place', steps: 150 }))
    const told = await right({ count: 40, tell: at('asked.npz'), seed: 1 })
    // Units of the data lie there without exception; of what is told nothing half of 400 units, 0.5 ± 0.03, would.
    expect(mean(told.slice(0, 20))).toBeGreaterThan(0.9)
    expect(mean(told.slice(20))).toBeLessThan(0.1)
    expect(mean(await right({ count: 8, tell: { place: -1 }, guidance: 1.5 }))).toBeLessThan(0.1)
  })

  it('numbers far outside the data are drawn with a warning, and exactly', async () => {
    const said: string[] = []
    await right({ count: 2, tell: 'place=50', say: words => said.push(words) })
    expect(said[0]).toMatch(/^Warning: place = 50 is far outside the data, -1 … 1.06/)
  })

  it.each([
    ['place=warm', 'tell must be place= and 1 numbers (place), got "warm"'],
    ['place=1,place=2', 'tell must be place= once'],
    ['heat=1', 'tell must be of what the model is told (place), got "heat"'],
    ['place', 'tell must be name=value, several with commas, or a file .npz of such arrays, got "place"'],
  ])('refuses what the model cannot be told: %s', async (tell, words) => {
    await expect(model.generate({ tell })).rejects.toThrow(words)
  })

  it.each([
    ['nothing', 'one of images, place, map, odd, gap, arrays of data.npz, got "nothing"'],
    ['odd', 'odd must be told of each of 96 images, got 48'],
    ['gap', 'must be a finite number, got NaN'],
    ['place,place', '--tell must be different names, got "place,place"'],
  ])('refuses data that cannot be told: %s', async (tell, words) => {
    await expect(trained({ data: at('data.npz'), tell, steps: 1 })).rejects.toThrow(words)
  })

  it('an image on the sites is told as channels, beside a number', async () => {
    const both = open(await trained({ data: at('data.npz'), tell: 'map,place', steps: 2 }))
    expect(both.description.task.told).toMatchObject([
      { name: 'map', kind: 'image', channels: 1 },
      { name: 'place', kind: 'numbers', names: ['place'] },
    ])
    const { masses } = await both.generate({ tell: { place: 1 }, mass: 7, count: 2, calls: 2 })
    expect(masses).toEqual([[7], [7]])
  })
})

describe('train({ sketch })', { timeout: 120_000 }, () => {
  it('trains on the silhouettes of volumes, and draws the voxels that are asked for', async () => {
    const rng = random(2)
    const size = 8
    const data = new Uint8Array(12 * size ** 3)
    for (let i = 0; i < 12; i++) {
      const [y, x] = [1 + Math.floor(3 * rng.uniform()), 1 + Math.floor(3 * rng.uniform())]
      for (let z = 2; z < 6; z++)
        for (let row = y; row < y + 4; row++) {
          const from = ((i * size + z) * size + row) * size + x
          data.fill(1, from, from + 4)
        }
    }
    write(folder, 'cubes.npz', writeNpz({ labels: { data, shape: [12, size, size, size] } }))
    const crop = { crop: '8x8x8', sketch: 'z', flips: false, turns: false } as const
    const shapes = open(await trained({ data: at('cubes.npz'), ...crop, steps: 3, batch: 2 }))
    // A dark square of 4×4 sites on white paper, in pixels half as large.
    const pixels = Uint8Array.from({ length: 256 }, (_, i) => {
      const [y, x] = [i >> 4, i % 16]
      return y >= 4 && y < 12 && x >= 4 && x < 12 ? 0 : 255
    })
    write(folder, 's.png', writePng({ data: pixels, shape: [1, 16, 16] }))
    const asked = { sketch: at('s.png'), count: 1, calls: 2 } as const
    const said: string[] = []
    const volume = [64, 100, 15]
    const { labels = [] } = await shapes.generate({ ...asked, volume, say: words => said.push(words) })
    const drawn = [0, 1, 2].map(i => labels.slice(512 * i, 512 * (i + 1)))
    expect(drawn.map(sum)).toEqual(volume)
    // Nothing outside the square, and something along every ray inside.
    for (const own of drawn.slice(0, 2)) {
      const seen = silhouette(own, [size, size, size], 0)
      expect(sum(seen)).toBe(16)
      for (let y = 2; y < 6; y++) expect(sum(seen.subarray(8 * y + 2, 8 * y + 6))).toBe(4)
    }
    expect(said).toContainEqual(expect.stringContaining('which needs 16 to 128: sample 2 has the voxels'))
    const most = 'volume must be at most 512, all voxels, got 513'
    await expect(shapes.generate({ ...asked, volume: 513 })).rejects.toThrow(most)
    const digits = open(modelBytes('mnist').bytes)
    const wanted = 'sketch must be left out but with a model that was trained with --sketch'
    await expect(digits.generate({ sketch: at('s.png') })).rejects.toThrow(wanted)
  })
})
