// `saltus simulate` and `saltus restore` on a small network: what is measured, and masses to the unit.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { NdArray } from '../../src/formats/array.ts'
import { writeNpy } from '../../src/formats/npy.ts'
import { readNpz } from '../../src/formats/npz.ts'
import { complaint, corners, good, saltus, temporary, total, untrained, write } from './saltus.ts'

const folder = temporary()
write(folder, 'digits.onnx', untrained())
write(folder, 'rock.onnx', untrained({ phases: ['pore', 'solid'] }))
write(folder, 'two.npy', writeNpy({ data: corners(2).images.data, shape: [2, 8, 8] }))
write(folder, 'psf.npy', writeNpy({ data: Float64Array.from([1, 2, 1]), shape: [1, 3] }))
write(
  folder,
  'slice.npy',
  writeNpy({ data: Uint8Array.from({ length: 64 }, (_, x) => (x % 5 === 0 ? 1 : 0)), shape: [1, 8, 8] }),
)
const arrays = async (name: string) =>
  (await readNpz(new Uint8Array(readFileSync(join(folder, name))), name)) as Record<string, NdArray>

describe('saltus simulate and restore', { timeout: 240_000 }, () => {
  it('count as many photons as asked for, and give back exactly the masses asked for', async () => {
    const simulate = ['simulate', '--input', 'two.npy', '--operator', 'blur:1.5', '--photons', '20']
    await good([...simulate, '--seed', '3', '-o', 'seen.npz'], folder)
    const { samples: seen } = await arrays('seen.npz')
    expect(seen.shape).toEqual([2, 1, 8, 8])
    // 128 Poisson numbers of mean 20.
    expect(Math.abs(total(seen.data as Uint8Array) / 128 - 20)).toBeLessThan(6 * Math.sqrt(20 / 128))
    const restore = ['restore', '-m', 'digits.onnx', '--input', 'seen.npz', '--calls', '3', '-n', '2']
    const { stdout } = await good([...restore, '--mass', '150,231', '-o', 'r.npz', '-o', 'r.png'], folder)
    expect(stdout).toMatch(/masses asked for 150 … 231, delivered 150 … 231: equal/)
    const { samples, mean, spread, mass } = await arrays('r.npz')
    expect([...mass.data]).toEqual([150, 150, 231, 231])
    expect(samples.shape).toEqual([4, 1, 8, 8])
    for (let x = 0; x < 64; x++) {
      const pair = [0, 1].map(i => Number(samples.data[i * 64 + x]))
      expect(mean.data[x]).toBeCloseTo((pair[0] + pair[1]) / 2, 4)
      expect(spread.data[x]).toBeCloseTo(Math.abs(pair[0] - pair[1]) / 2, 4)
    }
    // The job is in the file, and makes it again.
    await good(['run', 'r.npz', '-o', 'again.npz', '--quiet'], folder)
    expect((await arrays('again.npz')).samples.data).toEqual(samples.data)
  })

  it('goes on by passes, finds one image by the variational method, and restores a material from its views', async () => {
    const restore = ['restore', '-m', 'digits.onnx', '--input', 'seen.npz', '--calls', '4', '-n', '1']
    await good([...restore, '--passes', '2', '--reach', '0.5', '-o', 'p.npz', '--quiet'], folder)
    await good([...restore, '--method', 'variational', '-o', 'v.npz', '--quiet'], folder)
    const views = ['--input', 'slice.npy', '--operator', 'projections:6', '--scatter', 'gaussian:0.1']
    await good(['simulate', ...views, '-o', 'views.npz', '--quiet'], folder)
    const material = [
      'restore',
      '-m',
      'rock.onnx',
      '--input',
      'views.npz',
      '--porosity',
      '0.75',
      '--calls',
      '3',
    ]
    const { stdout } = await good([...material, '-n', '2', '-o', 'rock.tif', '--json'], folder)
    expect(JSON.parse(stdout).fractions).toEqual([
      [0.75, 0.25],
      [0.75, 0.25],
    ])
  })

  it('completes some channels from others, by cycles, with the known phase to the voxel', async () => {
    write(folder, 'three.onnx', untrained({ phases: ['pore', 'active', 'binder'] }))
    const data = Uint8Array.from({ length: 128 }, (_, x) => [0, 1, 0, 2, 1][(x * 7) % 5])
    write(folder, 'cathode.npy', writeNpy({ data, shape: [2, 8, 8] }))
    const known = ['-m', 'three.onnx', '--input', 'cathode.npy', '--known', 'active', '--calls', '10']
    const cycles = ['--cycles', '2', '--between', '0.4:0.7', '-n', '2', '-o', 'c.npz', '--json']
    const { stdout } = await good(['inpaint', ...known, '--fractions', 'binder=0.125', ...cycles], folder)
    const { samples } = await arrays('c.npz')
    for (let i = 0; i < 4; i++) {
      let binder = 0
      for (let x = 0; x < 64; x++) {
        const was = data[Math.floor(i / 2) * 64 + x]
        const now = samples.data[i * 64 + x]
        if ((now === 1) !== (was === 1)) expect.fail(`voxel ${x} of ${i}: ${now} in place of ${was}`)
        binder += Number(now === 2)
      }
      expect(binder).toBe(8)
    }
    expect(JSON.parse(stdout).job.cycles).toBe(2)
    write(folder, 'colour.onnx', untrained({ channels: 3 }))
    const colours = corners(2, [3, 8, 8]).images
    write(folder, 'colour.npy', writeNpy(colours))
    const red = ['inpaint', '-m', 'colour.onnx', '--input', 'colour.npy', '--known', 'red', '--calls', '3']
    await good([...red, '-n', '1', '-o', 'red.npz', '--quiet'], folder)
    const found = (await arrays('red.npz')).samples.data
    for (const i of [0, 1])
      for (let x = 0; x < 64; x++) expect(found[i * 192 + x]).toBe(colours.data[i * 192 + x])
    const { stderr } = await saltus([...red.slice(0, -4), '--known', 'infrared', '-o', 'no.npz'], folder)
    expect(stderr).toMatch(complaint)
  })

  it('encodes images, and decodes them bit for bit, or by another class to others of their mass', async () => {
    const encode = ['encode', '-m', 'digits.onnx', '--input', 'two.npy', '--class', '1', '--calls', '3']
    await good([...encode, '-o', 'z.npz', '--quiet'], folder)
    const decode = ['decode', '-m', 'digits.onnx', '--input', 'z.npz', '--quiet', '--class']
    await good([...decode, '1', '-o', 'same.npz'], folder)
    const same = (await arrays('same.npz')).samples.data
    expect([...same]).toEqual([...corners(2).images.data])
    await good([...decode, '2', '-o', 'other.npz'], folder)
    const other = (await arrays('other.npz')).samples.data
    expect([...other]).not.toEqual([...same])
    for (const i of [0, 1])
      expect(total(other.slice(64 * i, 64 * i + 64) as Uint8Array)).toBe(
        total(same.slice(64 * i, 64 * i + 64) as Uint8Array),
      )
  })

  it('encodes images of a model that knows no classes, and its colours each by themselves', async () => {
    write(folder, 'plain.onnx', untrained({ channels: 3, classes: 0 }))
    const { data } = corners(2, [3, 8, 8]).images
    write(folder, 'plain.npy', writeNpy({ data, shape: [2, 3, 8, 8] }))
    const model = ['-m', 'plain.onnx', '--quiet', '--input']
    await good(['encode', ...model, 'plain.npy', '--calls', '3', '-o', 'pz.npz'], folder)
    await good(['decode', ...model, 'pz.npz', '-o', 'plain.npz'], folder)
    expect([...(await arrays('plain.npz')).samples.data]).toEqual([...data])
  })

  it('gives back images of the very sums of blocks that were measured, by a model of these, of any size', async () => {
    write(folder, 'sr.onnx', untrained({ phases: ['pore', 'solid'], within: 4 }))
    const labels = Uint8Array.from({ length: 96 }, (_, x) => Number((x * 7) % 5 < 2))
    write(folder, 'fine.npy', writeNpy({ data: labels, shape: [1, 8, 12] }))
    const blocks = ['--operator', 'blocks:4', '--scatter', 'none', '-o', 'low.npz', '--quiet']
    await good(['simulate', '--input', 'fine.npy', ...blocks], folder)
    const restore = ['restore', '-m', 'sr.onnx', '--input', 'low.npz', '-n', '3']
    await good([...restore, '--calls', '4', '-o', 'fine.npz', '--quiet'], folder)
    const { samples } = await arrays('fine.npz')
    expect(samples.shape).toEqual([3, 1, 8, 12])
    const sums = (of: ArrayLike<number>, at: number) => {
      const found = new Array<number>(6).fill(0)
      for (let x = 0; x < 96; x++) found[3 * Math.floor(x / 48) + Math.floor((x % 12) / 4)] += of[at + x]
      return found
    }
    for (const i of [0, 1, 2]) expect(sums(samples.data as Uint8Array, 96 * i)).toEqual(sums(labels, 0))
    for (const [args, words] of [
      [[...restore, '--operator', 'blocks:2', '-o', 'no.npz'], /--operator must be blocks:4/],
      [[...restore, '--porosity', '0.3', '-o', 'no.npz'], /the sums of the blocks tell it/],
      [['sample', '-m', 'sr.onnx', '-o', 'no.npz'], /saltus restore/],
    ] as const) {
      const { stderr } = await saltus([...args], folder)
      expect(stderr).toMatch(complaint)
      expect(stderr).toMatch(words)
    }
  })

  it('refuses in one line what cannot be', async () => {
    const restore = ['restore', '-m', 'digits.onnx', '-o', 'no.npz', '--input']
    write(folder, 'odd.npy', writeNpy({ data: Float64Array.from({ length: 64 }, () => 0.5), shape: [8, 8] }))
    for (const [args, words] of [
      [[...restore, 'odd.npy', '--operator', 'blur:1', '--mass', '9'], /every count must be a whole number/],
      [[...restore, 'two.npy', '--operator', 'blur:1'], /--gain must be given/],
      [[...restore, 'two.npy', '--operator', 'blocks:2', '--mass', '9'], /1×4×4/],
      [[...restore, 'two.npy', '--operator', 'smear:2', '--mass', '9'], /--operator must be one of/],
      [[...restore, 'two.npy', '--operator', 'psf:psf.npy', '--mass', '9'], /--normalise/],
      [['simulate', '--input', 'two.npy', '--operator', 'blocks:3', '-o', 'no.npz'], /divides 8 and 8/],
    ] as const) {
      const { status, stderr } = await saltus([...args], folder)
      expect(status).toBeGreaterThan(0)
      expect(stderr).toMatch(complaint)
      expect(stderr).toMatch(words)
    }
  })
})
