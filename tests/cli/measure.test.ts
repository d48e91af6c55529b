import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseHTML } from 'linkedom'
import { beforeAll, describe, expect, it } from 'vitest'
import type { NdArray } from '../../src/formats/array.ts'
import { readNpy, writeNpy } from '../../src/formats/npy.ts'
import { writeNpz } from '../../src/formats/npz.ts'
import { readPng } from '../../src/formats/png.ts'
import { writePng } from '../../src/formats/png-writer.ts'
import { writeTiff } from '../../src/formats/tiff/writer.ts'
import { jobRecord, recordText } from '../../src/jobs/record.ts'
import { made, uncorrelated } from '../structure/masks.ts'
import { complaint, good, saltus, start, temporary, write } from './saltus.ts'

const folder = temporary()

/** `count` images that are open in such a share of their sites, [N, 24, 24]. */
const set = (count: number, share: number, seed: number) => uncorrelated([count, 24, 24], 1 - share, seed)

const png = (data: Uint8Array, height: number, width: number) => writePng({ data, shape: [1, height, width] })

/** Straight pores along x, 4 wide in every 10 rows; label 2 below them. */
const channels = made([40, 30], y => (y % 10 < 4 ? 0 : y % 10 < 8 ? 1 : 2))

const npy = ({ data, shape }: { data: Uint8Array; shape: readonly number[] }) =>
  writeNpy({ data, shape: [...shape] })

beforeAll(() => {
  write(folder, 'channels.npy', npy(channels))
  const scale = { x: 5.7, y: 5.7, unit: 'um' }
  const stack = writeTiff({ data: channels.data, shape: [1, 40, 30] }, { scale })
  write(folder, 'channels.tif', stack)
  write(folder, 'cut.tif', stack.subarray(0, 700))
  write(folder, 'channels.raw', channels.data)
  write(folder, 'samples.npz', writeNpz({ samples: { ...set(12, 0.7, 1), shape: [12, 24, 24] } }))
  write(folder, 'same.npy', npy(set(15, 0.7, 2)))
  write(folder, 'large.npy', npy(uncorrelated([3, 50, 75], 0.5, 3)))
  write(folder, 'volume.npy', npy(uncorrelated([10, 11, 12], 0.3, 4)))
  write(folder, 'solid.png', png(new Uint8Array(64).fill(255), 8, 8))
  write(
    folder,
    'grey.png',
    png(
      Uint8Array.from({ length: 64 }, (_, i) => 3 * i),
      8,
      8,
    ),
  )
  mkdirSync(join(folder, 'slices'))
  for (let i = 0; i < 11; i++)
    write(
      folder,
      `slices/s${i}.png`,
      png(
        Uint8Array.from({ length: 48 }, (_, k) => (k % 8 === i % 8 ? 255 : 0)),
        6,
        8,
      ),
    )
  mkdirSync(join(folder, 'unequal'))
  write(folder, 'unequal/1.png', png(new Uint8Array(48), 6, 8))
  write(folder, 'unequal/2.png', png(new Uint8Array(48), 8, 6))
  mkdirSync(join(folder, 'empty'))
})

const json = async (...args: string[]) =>
  (await good(['measure', ...args, '--json'], folder)).stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))

describe('saltus measure', { timeout: 180_000 }, () => {
  it('`measure --json` prints one object per file, infinite values as null', async () => {
    const [found, solid, ...rest] = await json('channels.npy', 'solid.png', '--voxel-size', '2.5um')
    expect(rest).toEqual([])
    expect(found).toMatchObject({
      name: 'channels.npy',
      count: 1,
      shape: [40, 30],
      phase: 0,
      voxelSize: 2.5,
      unit: 'um',
      fractions: [0.4, 0.4, 0.2],
      percolates: { x: true, y: false },
      tortuosity: { x: expect.closeTo(1, 6), y: null },
      relativeDiffusivity: { x: expect.closeTo(0.4, 6), y: 0 },
      specificSurface: expect.closeTo((7 * 30) / 1200 / 2.5, 9),
      interfaces: {
        '0-1': expect.closeTo(0.04, 9),
        '0-2': expect.closeTo(0.03, 9),
        '1-2': expect.closeTo(0.04, 9),
      },
      triplePoints: { perVolume: 0, perEdge: 0 },
      chords: { mean: { x: null, y: 10 }, length: [2.5, 5, 7.5, 10], x: [0, 0, 0, 0], y: [0, 0, 0, 1] },
      poreSizes: { mean: 12.5, share: [0, 0, 0, 0, 0.75, 0, 0, 0, 0.25] },
    })
    expect(found.porosity).toBeCloseTo(0.4, 12)
    expect(found.s2.r).toEqual(Array.from({ length: 16 }, (_, r) => 2.5 * r))
    for (const value of [...found.s2.x, ...found.linealPath.x, found.s2.radial[0]])
      expect(value).toBeCloseTo(0.4, 12)
    expect(found).not.toHaveProperty('images')
    expect(solid).toMatchObject({
      porosity: 0,
      fractions: [0, 1, 0],
      percolates: { x: false, y: false },
      tortuosity: { x: null, y: null },
      poreSizes: { mean: null },
      correlationLength: null,
    })
  })

  it('`measure` takes the voxel size of a TIFF stack, and .raw by its shape', async () => {
    const [stack] = await json('channels.tif', '--only', 'chords')
    expect(stack).toMatchObject({ shape: [40, 30], voxelSize: 5.7, unit: 'um', fractions: [0.4, 0.4, 0.2] })
    expect(stack.chords.mean.y).toBeCloseTo(4 * 5.7, 9)
    const [raw] = await json('channels.raw', '--shape', '40,30', '--only', 'chords')
    expect(raw).toMatchObject({ shape: [40, 30], voxelSize: 1, chords: { mean: { y: 4 } } })
  })

  it('`measure` takes slices for a volume where it is told so, from one file or a folder', async () => {
    const [volume] = await json('volume.npy', '--volume', '--only', 'tortuosity,percolates')
    expect(volume.shape).toEqual([10, 11, 12])
    expect(Object.keys(volume.tortuosity)).toEqual(['x', 'y', 'z'])
    expect(volume.tortuosity.z).toBeGreaterThan(1)
    const [slices] = await json('slices', '--volume', '--phase', '1', '--only', 's2')
    expect(slices).toMatchObject({ count: 1, shape: [11, 6, 8], porosity: 0.125 })
    // Slice i holds a wall at x = i: s10.png comes after s9.png.
    expect(slices.s2.radial[1]).toBeGreaterThan(0)
    const [images] = await json('slices', '--only', 'percolates')
    expect(images).toMatchObject({ count: 11, shape: [6, 8], percolates: { x: 0, y: 1 } })
    expect(images.images).toHaveLength(11)
  })

  it('`measure --reference` compares samples with images, or with crops of larger ones', async () => {
    const [samples, reference, { comparison }] = await json('samples.npz', '--reference', 'same.npy')
    expect(samples).not.toHaveProperty('role')
    expect(reference).toMatchObject({ role: 'reference', count: 15, name: 'same.npy' })
    expect(samples.count).toBe(12)
    expect(Object.keys(comparison)).toEqual(Object.keys(samples.images[0]))
    expect(comparison.porosity.samples.mean).toBeCloseTo(samples.porosity, 12)
    expect(comparison.porosity.reference).toMatchObject({ count: 15, infinite: 0, missing: 0 })
    for (const { p } of Object.values<{ p: number }>(comparison)) expect(p > 1e-6 && p <= 1).toBe(true)
    const only = ['--only', 'percolates']
    const cut = await json('samples.npz', '--reference', 'large.npy', ...only)
    expect(cut[1]).toMatchObject({ count: 18, shape: [24, 24] })
    // 70 % of the sites are open in one, half of them in the other.
    expect(cut[2].comparison.porosity.p).toBeLessThan(1e-6)
    const few = await json('samples.npz', '--reference', 'large.npy', '--crops', '5', ...only)
    expect(few[1].count).toBe(5)
  })

  it('`measure --reference` says how a scan is coded of the scan, and not of samples that saltus has drawn', async () => {
    const record = { job: { kind: 'generate' }, sha256: {}, fingerprint: '' }
    const drawn = {
      samples: { ...set(12, 0.7, 1), shape: [12, 24, 24] },
      saltus: recordText(jobRecord(record)),
    }
    write(folder, 'drawn.npz', writeNpz(drawn))
    const { data, shape } = set(15, 0.7, 2)
    write(folder, 'grey.npy', npy({ data: data.map(label => 40 + 100 * label), shape: [...shape] }))
    const coded = ['--threshold', '90', '--reference', 'grey.npy', '--only', 's2']
    const [samples, reference] = await json('drawn.npz', ...coded)
    expect(samples.porosity).toBeCloseTo(0.7, 1)
    expect(reference.porosity).toBeCloseTo(0.7, 1)
    const [plain] = await json('samples.npz', ...coded)
    expect(plain.porosity).toBe(1)
  })

  it('`measure` prints a table, and writes CSV and reports', async () => {
    const outputs = ['--csv', 'out.csv', '--report', 'out.html']
    const { stdout, stderr } = await good(
      ['measure', 'samples.npz', '--reference', 'large.npy', ...outputs],
      folder,
    )
    expect(stderr).toContain('reference: 18 crops of 24×24\n')
    const [pore, head, images, ...lines] = stdout.trimEnd().split('\n')
    expect(pore).toBe('samples.npz: label 0 is taken as pore, of 0, 1')
    expect(head.trim().split(/ {2,}/)).toEqual(['samples', 'reference', 'KS p'])
    expect(images.split(/ {2,}/)).toEqual(['images', '12', '18'])
    expect(lines.map(line => line.split(/ {2,}/)[0])).toEqual(
      expect.arrayContaining(['porosity', 'tortuosity factor x', 'mean pore size', 'correlation length']),
    )
    const csv = readFileSync(join(folder, 'out.csv'), 'utf8').trimEnd().split('\n')
    expect(csv.length).toBe(1 + 12 + 18)
    expect(csv[0]).toMatch(/^file,image,porosity,tortuosity\.x,tortuosity\.y,/)
    expect(csv[1]).toMatch(/^samples\.npz,0,0\.\d+,/)
    expect(csv.at(-1)).toMatch(/^large\.npy,17,/)
    const page = parseHTML(readFileSync(join(folder, 'out.html'), 'utf8')).document
    expect(page.querySelectorAll('tr').length).toBe(lines.length + 2)
    expect(page.querySelectorAll('body > svg').length).toBe(6)
    expect(page.querySelectorAll('img[src^="data:image/png;base64,"]').length).toBe(2)
    expect(page.querySelector('svg')?.textContent).toMatch(
      /5 to 95 % of single images of reference.*mean of samples ± 2 s.e./,
    )
    await good(['measure', 'channels.npy', '--report', 'out.svg', '--quiet'], folder)
    const svg = readFileSync(join(folder, 'out.svg'), 'utf8')
    expect(svg.match(/<svg /g)?.length).toBeGreaterThan(4)
    expect(svg).not.toContain('NaN')
  })

  it('`measure` takes flat voxels, names, and sites that are no part of the sample', async () => {
    write(folder, 'flat.npy', npy(made([8, 9, 10], (z, y) => (y < 3 ? 0 : z < 4 ? 1 : 2))))
    const only = ['--only', 'chords,tortuosity,lone,clusters', '--also', 'electrodeTortuosity']
    const [found] = await json(
      'flat.npy',
      '--volume',
      '--spacing',
      '25,5,5nm',
      '--names',
      'pore,AM,binder',
      ...only,
    )
    expect(found).toMatchObject({
      voxelSize: { x: 5, y: 5, z: 25 },
      unit: 'nm',
      phases: ['pore', 'AM', 'binder'],
      tortuosity: { x: expect.closeTo(1, 6), y: null, z: expect.closeTo(1, 6) },
      clusters: { 0: { count: 1, closed: 0, connected: { x: 1, y: 0, z: 1 } } },
      lone: { 1: { share: 0 } },
    })
    // The one wall of the slit charges across it: a little more than a straight pore's.
    expect(found.electrodeTortuosity.x).toBeGreaterThan(1 + 1 / 200)
    expect(found.electrodeTortuosity.x).toBeLessThan(1.1)
    const [masked] = await json('channels.npy', '--ignore', '2', '--only', 'tortuosity')
    expect(masked.sample).toBeCloseTo(0.8, 12)
    expect(masked.fractions).toEqual([0.5, 0.5])
    const { stdout, stderr } = await good(['measure', 'channels.npy', '--names', 'pore,grain,clay'], folder)
    expect(stderr).toContain('measured: label 0 (pore)\n')
    expect(stdout).toMatch(/^lone voxels of clay +0$/m)
    expect(stdout).toMatch(/^interface grain–clay +0.1$/m)
    const absent = await saltus(['measure', 'channels.npy', '--phase', '7'], folder)
    expect(absent.stderr).toContain('--phase must be one of the labels that there are, 0, 1, 2, got 7')
  })

  it('`measure --maps` writes arrays and pictures', async () => {
    await good(['measure', 'channels.npy', '--only', 'percolates', '--maps', 'maps'], folder)
    const read = (name: string) =>
      readNpy(new Uint8Array(readFileSync(join(folder, 'maps', `channels-${name}.npy`))), name) as NdArray
    expect(read('thickness').shape).toEqual([40, 30])
    expect(new Set(read('thickness').data)).toEqual(new Set([0, 4, 8]))
    expect(Array.from(read('clusters').data.slice(0, 30))).toEqual(Array(30).fill(1))
    expect(read('concentration-x').data[0]).toBeCloseTo(1 - 0.5 / 30, 5)
    expect(read('concentration-y').data[0]).toBeNaN()
    for (const name of ['thickness', 'clusters', 'concentration-x'])
      expect(
        readPng(new Uint8Array(readFileSync(join(folder, 'maps', `channels-${name}.png`))), name).shape[0],
      ).toBe(3)
  })

  it('`measure` of many images does not overflow', async () => {
    // As arguments of one function so many are too many.
    write(folder, 'zeros.npy', npy({ data: new Uint8Array(130_000), shape: [130_000, 1, 1] }))
    const [found] = await json('zeros.npy', '--only', 'chords')
    expect(found).toMatchObject({ count: 130_000, porosity: 1 })
  })

  it('`measure` refuses grey values, odd sizes and wrong flags with one line', async () => {
    const wrong: [number, ...string[]][] = [
      [1, 'grey.png'],
      [1, 'unequal'],
      [1, 'empty'],
      [1, 'nowhere.npy'],
      [1, 'cut.tif'],
      [1, 'channels.raw', '--shape', '30,30'],
      [1, 'channels.npy', '--reference', 'solid.png'],
      [1, 'channels.npy', 'solid.png', '--reference', 'channels.npy'],
      [1, 'channels.npy', '--range', '500'],
      [2],
      [2, 'grey.png', '--threshold', '3', '--levels', '0,255'],
      [2, 'channels.npy', '--voxel-size', 'small'],
      [2, 'channels.npy', '--only', 'colour'],
      [2, 'channels.npy', '--report', 'out.pdf'],
      [2, 'channels.npy', '--phase', '-1'],
    ]
    for (const [status, ...args] of wrong) {
      const ended = await saltus(['measure', ...args], folder)
      expect(ended, args.join(' ')).toMatchObject({
        status,
        stdout: '',
        stderr: expect.stringMatching(complaint),
      })
    }
    const [{ porosity }] = await json('grey.png', '--threshold', '48', '--only', 'percolates')
    expect(porosity).toBe(0.25)
  })

  it('`measure` refuses phases that are not there, and what does not go together', async () => {
    const wrong: [number, ...string[]][] = [
      [1, 'channels.npy', '--phase', '9'],
      [2, 'channels.npy', '--held-out-of', 'berea'],
      [1, 'channels.npy', '--reference', 'channels.npy', '--held-out-of', 'berea'],
      [1, 'channels.npy', '--reference', 'channels.npy', '--held-out-of', 'mnist'],
      [2, 'channels.npy', '--spacing', '5nm'],
      [2, 'channels.npy', '--spacing', '5,5', '--voxel-size', '5'],
      [1, 'channels.npy', '--spacing', '5,5', '--ignore', '2', '--periodic'],
    ]
    for (const [status, ...args] of wrong) {
      const ended = await saltus(['measure', ...args], folder)
      expect(ended, args.join(' ')).toMatchObject({
        status,
        stdout: '',
        stderr: expect.stringMatching(complaint),
      })
    }
  })

  it('`measure` ends at Ctrl-C and at SIGTERM between two pieces of its work, and writes nothing', async () => {
    write(folder, 'many.npy', npy(uncorrelated([300, 128, 128], 0.4, 5)))
    for (const [name, wanted] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const) {
      const { child, ended } = start(['measure', 'many.npy', '--csv', 'never.csv'], folder)
      // It says what it measures once it has begun.
      child.stderr?.on('data', part => String(part).includes('measured: ') && child.kill(name))
      const { status, stdout } = await ended
      expect([status, stdout]).toEqual([wanted, ''])
      expect(() => readFileSync(join(folder, 'never.csv'))).toThrow('ENOENT')
    }
  })
})
