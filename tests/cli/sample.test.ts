import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
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
  redescribed,
  saltus,
  start,
  temporary,
  total,
  untrained,
  write,
} from './saltus.ts'

const folder = temporary()
const base = ['sample', '--model', 'model.onnx', '--calls', '6']
const told = ['sample', '--model', 'told.onnx', '--calls', '6']
const bytes = (name: string) => new Uint8Array(readFileSync(join(folder, name)))
const arrays = (name: string) => readNpz(bytes(name), name) as Record<string, NdArray>

beforeAll(async () => {
  write(folder, 'model.onnx', untrained())
  write(folder, 'told.onnx', untrained({ labels: true }))
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

  it('`sample --class` draws a row of each class, of masses of that class, and the labels travel along', async () => {
    const outs = ['--out', 'rows.npz', '--out', 'rows.png']
    const { stdout } = await good(
      [...told, '--class', '0:1,2', '--count', '4', '--seed', '3', ...outs],
      folder,
    )
    const { samples, mass, classes } = arrays('rows.npz')
    expect(stdout).toMatch(/^12 images in /)
    expect([samples.shape, classes.shape]).toEqual([[12, 1, 8, 8], [12]])
    expect([...classes.data]).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2])
    // The training images of class k have masses 200 + 10 (k + 3 m).
    expect([...mass.data].map(m => ((m - 200) / 10) % 3)).toEqual([...classes.data])
    const [, height, width] = readPng(bytes('rows.png'), 'rows.png').shape
    expect(width).toBe(4 * 60 + 4)
    expect(height).toBeGreaterThan(3 * 60 + 4)
    expect(height).toBeLessThan(4 * 84)
  })

  it('`sample --class` tells the network the class, and `--guidance` by how much', async () => {
    const draw = async (out: string, ...flags: string[]) => {
      await good([...told, '--count', '3', '--mass', '300', '--out', out, ...flags], folder)
      return arrays(out).samples.data
    }
    const [one, other, plain, none, untold, twice] = await Promise.all([
      draw('g1.npz', '--class', '1'),
      draw('g2.npz', '--class', '2'),
      draw('g3.npz', '--class', '1', '--guidance', '1'),
      draw('g4.npz', '--class', '1', '--guidance', '0'),
      draw('g5.npz', '--no-classes'),
      draw('g6.npz', '--class', '1', '--guidance', '40'),
    ])
    expect(other).not.toEqual(one)
    expect(plain).toEqual(one)
    expect(none).toEqual(untold)
    expect(none).not.toEqual(one)
    expect(twice).not.toEqual(one)
    expect(arrays('g5.npz')).not.toHaveProperty('classes')
    expect(massesOf(arrays('g6.npz').samples)).toEqual([300, 300, 300])
  })

  it('`sample --class --mass` with several masses draws a row of each class, each mass in turn', async () => {
    const outs = ['--out', 'figure.npz', '--out', 'figure.png']
    const masses = ['--mass', '150,300:310,600']
    await good([...told, '--class', '0,2', '--count', '2', ...masses, ...outs], folder)
    const { mass, classes } = arrays('figure.npz')
    expect([...classes.data]).toEqual([0, 0, 0, 0, 0, 0, 2, 2, 2, 2, 2, 2])
    for (const row of [mass.data.slice(0, 6), mass.data.slice(6)]) {
      expect([row[0], row[1], row[4], row[5]]).toEqual([150, 150, 600, 600])
      expect(row[2] >= 300 && row[2] <= 310).toBe(true)
    }
    expect(readPng(bytes('figure.png'), 'figure.png').shape[2]).toBe(6 * 60 + 4)
  })

  it('`sample` refuses a class that the model does not know, and lists those that it does', async () => {
    const call = (model: string, ...flags: string[]) =>
      saltus(['sample', '--model', model, '--out', 'none.npz', ...flags], folder)
    expect(await call('told.onnx', '--class', '0:3')).toMatchObject({
      status: 2,
      stderr: 'Cannot choose a class: --class must be of those that the model knows (0, 1, 2), got "0:3"\n',
    })
    expect(await call('colours.onnx', '--class', '1')).toMatchObject({
      status: 2,
      stderr: 'Cannot choose a class: --class must be left out with a model that knows no classes, got "1"\n',
    })
    expect(listing(folder)).not.toContain('none.npz')
  })

  it('`sample --workers` changes no byte', async () => {
    const run = (workers: string) =>
      good([...told, '--count', '14', '--workers', workers, '--out', `w${workers}.npz`], folder)
    await Promise.all(['1', '2', '3', '9'].map(run))
    for (const workers of ['2', '3', '9']) expect(bytes(`w${workers}.npz`)).toEqual(bytes('w1.npz'))
  })

  it('`sample` ends with one line where a worker cannot go on, and writes nothing', async () => {
    // The description promises larger tiles than the graph has: only running it shows that.
    write(
      folder,
      'broken.onnx',
      redescribed(untrained(), description => ({ ...description, tile: 8 })),
    )
    const { status, stderr } = await saltus(
      ['sample', '--model', 'broken.onnx', '--count', '20', '--workers', '2', '--out', 'broken.npz'],
      folder,
    )
    expect(status).toBe(1)
    expect(stderr.trimEnd().split('\n').at(-1)).toMatch(/^Cannot .* must be .*, got /)
    expect(listing(folder)).not.toContain('broken.npz')
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
      /^Warning: the mass 5000 is far outside the masses of the training images, 200 … 320\n/,
    )
    expect(await told('0:5000')).toMatch(/^Warning: the mass 0:5000 /)
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

  it('`sample` keeps the mass by every solver, with any noise and damping, each drawing others', async () => {
    const call = ['sample', '--model', 'model.onnx', '--count', '2', '--mass', '130']
    const drawn: string[] = []
    for (const flags of [
      ['--calls', '4'],
      ['--calls', '4', '--noise', '0'],
      ['--calls', '4', '--noise', '2'],
      ['--calls', '4', '--solver', 'multistep'],
      ['--calls', '4', '--solver', 'multistep', '--damping', '0.6'],
      ['--solver', 'cfl', '--cfl', '1', '--noise', '0'],
    ]) {
      await good([...call, ...flags, '--out', 'solved.npz'], folder)
      const { samples, mass } = arrays('solved.npz')
      expect([[...mass.data], massesOf(samples)]).toEqual([
        [130, 130],
        [130, 130],
      ])
      drawn.push(samples.data.join())
    }
    expect(new Set(drawn).size).toBe(drawn.length)
  })

  it('`sample` stopped by Ctrl-C in a long call of the network ends soon, and in good order', async () => {
    // One call of this network on 384 × 384 sites, the most that are seen at once, takes a thread many seconds.
    write(folder, 'large.onnx', untrained({ phases: ['pore', 'solid'], base: 64 }))
    const large = ['sample', '--model', 'large.onnx', '--size', '384', '--count', '1', '--calls', '8']
    const { child, ended } = start([...large, '--out', 'never.npz', '--workers', '1'], folder)
    await wait(5000)
    expect(child.exitCode).toBe(null)
    const asked = performance.now()
    child.kill('SIGINT')
    const { status, signal, stderr } = await ended
    // Two seconds are given; what more there is, the machine has taken.
    expect(performance.now() - asked).toBeLessThan(8000)
    expect([status, signal]).toEqual([null, 'SIGINT'])
    expect(stderr).toMatch(/\nStopping…\n$/)
    expect(listing(folder).filter(name => name.startsWith('never'))).toEqual([])
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
    const { status, signal, stdout, stderr } = await ended
    // On a busy machine the network's call outlasts its patience: then it ends by the signal itself, which shells call 130 too.
    expect([status, signal]).toEqual(signal === null ? [130, null] : [null, 'SIGINT'])
    expect([stdout, stderr]).toEqual(['', expect.stringMatching(/\nStopping…\n$/)])
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
    const names = ['fingerprint', 'mass', 'saltus', 'samples', 'seed']
    expect(JSON.parse(stdout)).toEqual([names, 'uint8', [9, 1, 8, 8], true, 7, 'uint32', fingerprint])
  })
})
