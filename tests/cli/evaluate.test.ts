import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { writeNpz } from '../../src/formats/npz.ts'
import { classifierLayout, encodeClassifier } from '../../src/model/classifier-file.ts'
import { initial } from '../../src/network/parameters.ts'
import { complaint, corners, good, massesOf, saltus, temporary, total, untrained, write } from './saltus.ts'

const folder = temporary()
const call = ['evaluate', '--classifier', 'classifier.onnx']
const evaluated = async (...args: string[]) =>
  JSON.parse((await good([...call, ...args, '--json'], folder)).stdout)

/** A classifier of random weights sees something, if nothing of use. */
function classifier(): Uint8Array {
  const options = { shape: [1, 8, 8], classes: 3, channels: [8, 8, 8], features: 6, scale: 12 } as const
  const parameters = initial(classifierLayout(options), random(5))
  return encodeClassifier(
    { format: 1, version: '0.0.0', options, tile: 8, training: { accuracy: 0.33 } },
    parameters,
  )
}

const { images, labels } = corners(60)

beforeAll(() => {
  write(folder, 'classifier.onnx', classifier())
  write(folder, 'model.onnx', untrained())
  write(folder, 'real.npz', writeNpz({ images, labels }))
  const samples = { data: images.data.slice(0, 64 * 30), shape: [30, 1, 8, 8] }
  write(
    folder,
    'samples.npz',
    writeNpz({ samples, classes: { data: labels.data.slice(0, 30), shape: [30] } }),
  )
  const dark = { data: samples.data.map(n => n >> 2), shape: samples.shape }
  write(folder, 'dark.npz', writeNpz({ samples: dark }))
  const some = (chosen: number[]) => ({
    data: Uint8Array.from(chosen.flatMap(i => [...images.data.slice(64 * i, 64 * (i + 1))])),
    shape: [chosen.length, 1, 8, 8],
  })
  const every = Array.from({ length: 60 }, (_, i) => i)
  write(folder, 'even.npz', writeNpz({ samples: some(every.filter(i => i % 2 === 0)) }))
  write(folder, 'odd.npz', writeNpz({ images: some(every.filter(i => i % 2 === 1)) }))
  // Those of the first half are darker, as in a file that is sorted.
  const darker = images.data.map((n, i) => (i < 64 * 30 ? n >> 2 : n))
  const part = (from: number, to: number) => ({
    data: darker.slice(64 * from, 64 * to),
    shape: [to - from, 1, 8, 8],
  })
  write(folder, 'sorted.npz', writeNpz({ images: part(0, 60) }))
  write(folder, 'dim.npz', writeNpz({ images: part(0, 30) }))
  write(folder, 'bright.npz', writeNpz({ images: part(30, 60) }))
})

describe('saltus evaluate', { timeout: 180_000 }, () => {
  it('`evaluate --json` reports masses, counts, Fréchet distances and classes', async () => {
    const report = await evaluated('--samples', 'samples.npz', '--reference', 'real.npz')
    const masses = massesOf(images)
    const spread = (some: number[]) => ({
      least: Math.min(...some),
      mean: expect.closeTo(total(some) / some.length, 9),
      most: Math.max(...some),
    })
    expect(report).toEqual({
      samples: 30,
      reference: 60,
      features: 'classifier',
      largest: { samples: 11, reference: 11 },
      mass: { samples: spread(masses.slice(0, 30)), reference: spread(masses) },
      histogram: expect.any(Number),
      frechet: expect.any(Number),
      floor: expect.any(Number),
      compared: { images: 30, to: 30, floor: 'images set apart from the reference' },
      sure: expect.any(Number),
      sureReference: expect.any(Number),
      classes: [expect.any(Number), expect.any(Number), expect.any(Number)],
      right: expect.any(Number),
    })
    expect(total(report.classes)).toBeCloseTo(1, 9)
    for (const share of [report.histogram, report.sure, report.right, ...report.classes]) {
      expect(share).toBeGreaterThanOrEqual(0)
      expect(share).toBeLessThanOrEqual(1)
    }
  })

  it('`evaluate` finds real images nearer than dark ones, and no distance between a set and itself', async () => {
    const near = await evaluated('--samples', 'samples.npz', '--reference', 'real.npz')
    const far = await evaluated('--samples', 'dark.npz', '--reference', 'real.npz')
    const same = await evaluated('--samples', 'real.npz', '--reference', 'real.npz', '--real', 'real.npz')
    expect(far.frechet).toBeGreaterThan(10 * near.frechet)
    expect(far.histogram).toBeGreaterThan(near.histogram)
    expect(far).not.toHaveProperty('right')
    expect(Math.abs(same.frechet)).toBeLessThan(1e-6 * far.frechet)
    expect(same.histogram).toBe(0)
    expect(same.compared).toEqual({ images: 60, to: 60, floor: 'other images' })
  })

  it('`evaluate` compares as many samples as real images set apart, evenly spread, with the others', async () => {
    const found = await evaluated('--samples', 'samples.npz', '--reference', 'real.npz')
    const told = ['--samples', 'samples.npz', '--reference', 'odd.npz', '--real', 'even.npz']
    const apart = await evaluated(...told)
    expect(found.frechet).toBeCloseTo(apart.frechet, 9)
    expect(found.floor).toBeCloseTo(apart.floor, 9)
    expect(apart.compared).toEqual({ images: 30, to: 30, floor: 'other images' })
  })

  it('`evaluate` is not flattered by a reference that is sorted: real images are as near as real images', async () => {
    const simply = async (...args: string[]) =>
      JSON.parse((await good(['evaluate', '--classifier', 'none', ...args, '--json'], folder)).stdout)
    const found = await simply('--samples', 'even.npz', '--reference', 'sorted.npz')
    const halves = await simply('--samples', 'even.npz', '--reference', 'bright.npz', '--real', 'dim.npz')
    expect(halves.floor).toBeGreaterThan(3 * found.floor)
  })

  it('`evaluate` prints the same as a table', async () => {
    const { stdout } = await good([...call, '--samples', 'samples.npz', '--reference', 'real.npz'], folder)
    const names = ['images', 'mass', 'counts', 'Fréchet', 'sure', 'classes', 'right']
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map(line => line.split(' ')[0]),
    ).toEqual(names)
  })

  it('`evaluate` refuses images of another shape, too few of them, and models that are no classifiers', async () => {
    const calls = [
      [...call, '--samples', 'wide.npz', '--reference', 'real.npz'],
      [...call, '--samples', 'samples.npz', '--reference', 'wide.npz'],
      [...call, '--samples', 'samples.npz', '--reference', 'real.npz', '--real', 'wide.npz'],
      [...call, '--samples', 'lone.npz', '--reference', 'real.npz'],
      ['evaluate', '--classifier', 'model.onnx', '--samples', 'samples.npz', '--reference', 'real.npz'],
    ]
    for (const args of calls) {
      expect(await saltus(args, folder)).toMatchObject({
        status: 1,
        stdout: '',
        stderr: expect.stringMatching(complaint),
      })
    }
  })
})

describe('saltus evaluate without a classifier', { timeout: 180_000 }, () => {
  const colour = corners(40, [3, 8, 8]).images
  // Blue is half as bright.
  colour.data = colour.data.map((n, i) => (i % 192 < 128 ? n : n >> 1))
  const [first, second] = [0, 1].map(half => ({
    data: colour.data.slice(half * 20 * 192, (half + 1) * 20 * 192),
    shape: [20, 3, 8, 8],
  }))
  const told = async (...args: string[]) =>
    JSON.parse((await good(['evaluate', ...args, '--json'], folder)).stdout)

  beforeAll(() => {
    write(folder, 'colour.npz', writeNpz({ images: first }))
    write(folder, 'more.npz', writeNpz({ images: second }))
    // Red and blue exchanged: the same counts, other colours.
    const exchanged = first.data.map((_, i) => first.data[i - (i % 192) + (((i % 192) + 128) % 192)])
    write(folder, 'exchanged.npz', writeNpz({ images: { data: exchanged, shape: first.shape } }))
  })

  it('`evaluate` compares images that no classifier knows by simple features, and tells their largest count', async () => {
    const near = await told('--samples', 'more.npz', '--reference', 'colour.npz', '--real', 'more.npz')
    expect(near).toMatchObject({
      features: 'simple features',
      largest: { samples: Math.max(...second.data), reference: Math.max(...first.data) },
    })
    for (const key of ['sure', 'classes', 'right']) expect(near).not.toHaveProperty(key)
    expect(near.frechet).toBeCloseTo(near.floor, 12)
    const far = await told('--samples', 'exchanged.npz', '--reference', 'colour.npz', '--real', 'more.npz')
    expect(far.histogram).toBe(0)
    expect(far.frechet).toBeGreaterThan(2 * near.frechet)
  })

  it('`evaluate --classifier none` gives simple features to images that a classifier knows', async () => {
    const pair = ['--samples', 'samples.npz', '--reference', 'real.npz']
    expect((await told(...pair, '--classifier', 'none')).features).toBe('simple features')
    const { stdout } = await good(['evaluate', ...pair, '--classifier', 'none'], folder)
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map(line => line.split(' ')[0]),
    ).toEqual(['images', 'mass', 'counts', 'Fréchet'])
  })
})

describe('saltus info', { timeout: 180_000 }, () => {
  it('`info --json` prints the whole description of a model', async () => {
    const description = JSON.parse((await good(['info', 'model.onnx', '--json'], folder)).stdout)
    expect(description).toMatchObject({
      format: 2,
      process: { kind: 'spatial', lengths: [8, 8], boundaries: ['no-flux', 'no-flux'], channels: 1 },
      schedule: { kind: 'exponential', start: 1e-4 },
      task: { shape: [1, 8, 8], width: 1, classes: 3 },
      tile: 4,
      data: { name: 'corners', count: 12, range: [200, 320], classes: ['0', '1', '2'] },
    })
    expect(description.data.masses).toHaveLength(12)
  })

  it('`info` prints a line for each of its parts, by path or from anywhere', async () => {
    const { stdout } = await good(['info', join(folder, 'model.onnx')], '/')
    const names = ['file', 'images', 'process', 'schedule', 'network', 'sampling', 'data', 'training']
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map(line => line.split(' ')[0]),
    ).toEqual(names)
    expect(stdout).toContain('1×8×8 (C×H×W), 3 classes: 0, 1, 2\n')
  })

  it('`info` describes classifiers too', async () => {
    const { stdout } = await good(['info', 'classifier.onnx'], folder)
    expect(stdout).toContain('images    1×8×8 (C×H×W), told apart into 3 classes\n')
    const description = JSON.parse((await good(['info', 'classifier.onnx', '--json'], folder)).stdout)
    expect(description).toMatchObject({ options: { features: 6 }, training: { accuracy: 0.33 } })
  })
})
