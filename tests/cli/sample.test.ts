import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { NdArray } from '../../src/formats/array.ts'
import { readNpy } from '../../src/formats/npy.ts'
import { readNpz } from '../../src/formats/npz.ts'
import { readPng } from '../../src/formats/png.ts'
import {
  good,
  listing,
  massesOf,
  pythonWith,
  saltus,
  start,
  temporary,
  total,
  untrained,
  write,
} from './saltus.ts'

const folder = temporary()
const base = ['sample', '--model', 'model.onnx', '--calls', '6']
const bytes = (name: string) => new Uint8Array(readFileSync(join(folder, name)))
const arrays = (name: string) => readNpz(bytes(name), name) as Record<string, NdArray>

beforeAll(async () => {
  write(folder, 'model.onnx', untrained())
  write(folder, 'colours.onnx', untrained({ channels: 3, classes: 0 }))
  const outs = ['--out', 'nine.npz', '--out', 'nine.npy', '--out', 'nine.png']
  await good([...base, '--count', '9', '--seed', '7', '--mass', '50:400', ...outs], folder)
}, 180_000)

describe('saltus sample', { timeout: 180_000 }, () => {
  it('`sample` writes the same images to every --out, with their masses, seed and fingerprint', () => {
    const { samples, mass, seed, fingerprint } = arrays('nine.npz')
    expect(samples.shape).toEqual([9, 1, 8, 8])
    expect(samples.data).toBeInstanceOf(Uint8Array)
    expect(readNpy(bytes('nine.npy'), 'nine.npy')).toEqual(samples)
    expect([mass.shape, seed.shape, [...seed.data]]).toEqual([[9, 1], [], [7]])
    const sums = massesOf(samples)
    expect(sums).toEqual([...mass.data])
    expect(Math.min(...sums)).toBeGreaterThanOrEqual(50)
    expect(Math.max(...sums)).toBeLessThanOrEqual(400)
    expect(new Set(sums).size).toBeGreaterThan(4)
    expect(fingerprint).toMatch(/^onnxruntime-node \d+\.\d+\.\d+ cpu [0-9a-f]{8}$/)
    // Three rows of three tiles of 56 pixels, a gap of 4, a line of numbers under each.
    const [planes, height, width] = readPng(bytes('nine.png'), 'nine.png').shape
    expect([planes, width]).toEqual([1, 3 * 60 + 4])
    expect(height).toBeGreaterThan(3 * 60 + 4)
  })

  it('`sample --count 4` gives the first four of `--count 9`, byte for byte', async () => {
    await good([...base, '--count', '4', '--seed', '7', '--mass', '50:400', '--out', 'four.npz'], folder)
    const [four, nine] = [arrays('four.npz'), arrays('nine.npz')]
    expect(four.samples.data).toEqual(nine.samples.data.slice(0, 4 * 64))
    expect(four.mass.data).toEqual(nine.mass.data.slice(0, 4))
  })

  it('`sample` is another one for another seed, seed 0 included, and the same for the same', async () => {
    const run = (seed: string, out: string) =>
      good([...base, '--count', '4', '--seed', seed, '--mass', '300', '--out', out], folder)
    await Promise.all([run('0', 'a.npy'), run('0', 'b.npy'), run('1', 'c.npy')])
    expect(bytes('a.npy')).toEqual(bytes('b.npy'))
    expect(bytes('a.npy')).not.toEqual(bytes('c.npy'))
  })

  it('`sample --mass M` delivers M to the unit, in the smallest type that holds the counts', async () => {
    const cases = [
      ['0', Uint8Array, 0],
      ['1', Uint8Array, 1],
      ['20000', Uint16Array, 20_000],
      ['2147483647', Uint32Array, 2 ** 31 - 1],
    ] as const
    for (const [mass, Type, wanted] of cases) {
      const { stdout } = await good([...base, '--count', '2', '--mass', mass, '--out', 'm.npz'], folder)
      const { samples, mass: masses } = arrays('m.npz')
      expect([...masses.data]).toEqual([wanted, wanted])
      expect(samples.data.constructor).toBe(Type)
      expect(massesOf(samples)).toEqual([wanted, wanted])
      expect(stdout).toMatch(
        new RegExp(`^2 images in \\d+s; masses asked for ${mass}, delivered ${mass}: equal\n$`),
      )
    }
  })

  it('`sample` warns of masses far outside the training data, and only of those', async () => {
    const told = async (mass: string, ...more: string[]) =>
      (await good([...base, '--count', '1', '--mass', mass, '--out', 'w.npy', ...more], folder)).stderr
    expect(await told('5000')).toMatch(
      /^Warning: --mass 5000 is far outside the masses of the training images, 200 … 320\n/,
    )
    expect(await told('0:5000')).toMatch(/^Warning: --mass 0:5000 /)
    expect(await told('20')).toMatch(/^Warning/)
    expect(await told('250')).not.toContain('Warning')
    expect(await told('0')).not.toContain('Warning')
    expect(await told('5000', '--quiet')).toBe('')
  })

  it('`sample` without --mass draws masses of the training data', async () => {
    await good([...base, '--count', '12', '--calls', '1', '--out', 'like.npz'], folder)
    const masses = [...arrays('like.npz').mass.data]
    expect(masses.every(mass => mass >= 200 && mass <= 310 && mass % 10 === 0)).toBe(true)
    expect(new Set(masses).size).toBeGreaterThan(3)
  })

  it('`sample` of three channels shares a mass among them exactly and draws colours', async () => {
    const outs = ['--out', 'rgb.npz', '--out', 'rgb.png']
    await good(
      ['sample', '--model', 'colours.onnx', '--calls', '3', '--count', '2', '--mass', '1001', ...outs],
      folder,
    )
    const { samples, mass } = arrays('rgb.npz')
    expect([samples.shape, mass.shape]).toEqual([
      [2, 3, 8, 8],
      [2, 3],
    ])
    for (const i of [0, 1]) {
      const channels = [...mass.data.subarray(3 * i, 3 * i + 3)]
      expect(total(channels)).toBe(1001)
      // In proportion to those of an image whose channels hold m, m + 1 and m + 2.
      expect(Math.max(...channels) - Math.min(...channels)).toBeLessThan(20)
    }
    expect(readPng(bytes('rgb.png'), 'rgb.png').shape[0]).toBe(3)
  })

  it("`sample --solver cfl` takes the paper's small steps", async () => {
    await good(
      [
        'sample',
        '--model',
        'model.onnx',
        '--solver',
        'cfl',
        '--cfl',
        '1',
        '--count',
        '2',
        '--mass',
        '30',
        '--out',
        'cfl.npz',
      ],
      folder,
    )
    expect([...arrays('cfl.npz').mass.data]).toEqual([30, 30])
  })

  it('`sample` stopped by Ctrl-C ends with status 130 and writes nothing', async () => {
    const { child, ended } = start(
      [...base, '--calls', '1000000', '--mass', '5000', '--out', 'never.npz'],
      folder,
    )
    await new Promise<void>(resolve =>
      child.stderr?.on('data', text => String(text).includes('Warning') && resolve()),
    )
    child.kill('SIGINT')
    expect(await ended).toMatchObject({
      status: 130,
      stdout: '',
      stderr: expect.stringMatching(/\nStopping…\n$/),
    })
    expect(listing(folder).filter(name => name.startsWith('never'))).toEqual([])
  })

  it('`sample` refuses a picture too large to draw before it begins', async () => {
    const { status, stderr } = await saltus([...base, '--count', '1000000', '--out', 'huge.png'], folder)
    expect(status).toBe(1)
    expect(stderr).toMatch(
      /^Cannot draw the result: the pixels of the picture must be at most 536870912, got \d+\n$/,
    )
  })

  const python = pythonWith('numpy')
  it.skipIf(python === undefined)('its .npz can be read by NumPy (skipped where Python has none)', () => {
    const script = `
import json, numpy, sys
z = numpy.load(sys.argv[1])
sums = z['samples'].sum(axis=(2, 3), dtype=int)
print(json.dumps([sorted(z.files), str(z['samples'].dtype), z['samples'].shape, bool((sums == z['mass']).all()),
                  int(z['seed']), str(z['seed'].dtype), str(z['fingerprint'])]))`
    const { stdout, stderr } = spawnSync(python as string, ['-c', script, join(folder, 'nine.npz')], {
      encoding: 'utf8',
    })
    expect(stderr).toBe('')
    const { fingerprint } = arrays('nine.npz')
    const names = ['fingerprint', 'mass', 'samples', 'seed']
    expect(JSON.parse(stdout)).toEqual([names, 'uint8', [9, 1, 8, 8], true, 7, 'uint32', fingerprint])
  })
})
