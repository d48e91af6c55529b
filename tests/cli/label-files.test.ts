import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { decode } from 'fast-png'
import { describe, expect, it } from 'vitest'
import { withFields } from '../../src/cli/flags.ts'
import { readNpz } from '../../src/formats/npz.ts'
import { readPng } from '../../src/formats/png.ts'
import { readTiff } from '../../src/formats/tiff/reader.ts'
import { writeTiff } from '../../src/formats/tiff/writer.ts'
import { demandCoding, type LabelCoding, labelFields } from '../../src/jobs/input/label-fields.ts'
import { commonVoxel, loadGrids } from '../../src/jobs/measure/input.ts'
import { writtenLabels } from '../../src/jobs/output/label-writers.ts'
import { labelNames } from '../../src/jobs/output/labels.ts'
import { labelsAt as loadLabels } from '../../src/node/load.ts'
import { machineFiles } from '../../src/node/machine.ts'
import { temporary, write, writeLabels } from './saltus.ts'

const folder = temporary()
const at = (name: string) => join(folder, name)
const bytesAt = (name: string) => new Uint8Array(readFileSync(at(name)))

const shape = [3, 6, 8]
const labels = Uint8Array.from({ length: 144 }, (_, i) => (i * i + (i >> 3)) % 3)
const about = { model: 'nmc', seed: 7, voxelSize: 0.398, unit: 'um', names: ['pore', 'active', 'binder'] }
const written = (name: string, set = { labels, shape }, more = about) => {
  writeLabels([at(name)], set, more)
  return at(name)
}

describe('labelFiles', () => {
  it('`writtenLabels()` writes what `loadLabels()` reads again, with the voxel size', async () => {
    for (const name of ['a.tif', 'a.TIFF', 'a.npz'])
      expect(await loadLabels(written(name), {}, { times: true }), name).toMatchObject({
        data: labels,
        shape,
        voxelSize: 0.398,
        unit: 'um',
      })
    expect(await loadLabels(written('a.npy'), {})).toEqual({ data: labels, shape })
    const one = { labels: labels.subarray(0, 48), shape: [1, 6, 8] }
    expect(await loadLabels(written('one.png', one), {})).toEqual({ data: one.labels, shape: one.shape })
    const volumes = { labels, shape: [2, 3, 4, 6] }
    expect((await loadLabels(written('b.npz', volumes), {})).shape).toEqual([2, 3, 4, 6])
    expect(await loadLabels(written('b.tif', volumes), {}, { times: true })).toMatchObject({
      shape: [2, 3, 4, 6],
      pages: 'times',
    })
  })

  it('`writtenLabels()` keeps model, seed and fractions where the format can hold them', async () => {
    const counted = Array.from({ length: 3 }, (_, n) =>
      [0, 1, 2].map(
        label => labels.subarray(48 * n, 48 * (n + 1)).filter(value => value === label).length / 48,
      ),
    )
    const npz = readNpz(bytesAt('a.npz'), 'a.npz')
    expect(npz).toMatchObject({ model: 'nmc', unit: 'um', names: 'pore, active, binder' })
    expect(npz.fractions).toEqual({ data: Float64Array.from(counted.flat()), shape: [3, 3] })
    expect(npz.seed).toEqual({ data: Uint32Array.of(7), shape: [] })
    const { description } = await readTiff(bytesAt('a.tif'), 'a.tif')
    expect(description).toContain(`model=nmc\nseed=7\n`)
    expect(description).toContain(`fractions=${JSON.stringify(counted)}\n`)
    const { text } = decode(bytesAt('one.png'))
    expect(text).toMatchObject({
      model: 'nmc',
      seed: '7',
      voxel_size: '0.398',
      unit: 'um',
      Software: 'saltus',
    })
    expect(text.fractions.split(', ').map(Number)).toEqual(counted[0])
    // Shares that are given are not counted anew; two phases are two, also where a sample has but one.
    const solid = { labels: new Uint8Array(4).fill(1), shape: [1, 2, 2] }
    writeLabels([at('solid.npz')], solid, { model: 'm', seed: 2 ** 40 })
    const kept = readNpz(bytesAt('solid.npz'), 'solid.npz')
    expect(kept.fractions).toEqual({ data: Float64Array.of(0, 1), shape: [1, 2] })
    expect(kept.seed).toEqual({ data: Float64Array.of(2 ** 40), shape: [] })
    expect(Object.keys(kept)).toEqual(['samples', 'fractions', 'seed', 'model'])
  })

  it('`writtenLabels()` writes one .vti per sample, numbered as ParaView takes for a series', () => {
    written('rock.vti')
    expect([0, 1, 2, 3].map(i => existsSync(at(`rock-000${i}.vti`)))).toEqual([true, true, true, false])
    expect(existsSync(at('rock.vti'))).toBe(false)
    const text = readFileSync(at('rock-0002.vti'), 'utf8')
    expect(text).toContain('WholeExtent="0 8 0 6 0 1"')
    expect(text).toContain('Spacing="0.398 0.398 0.398"')
    expect(text).toMatch(/Name="sample" format="ascii">2</)
    expect(text).toMatch(/Name="seed" format="ascii">7</)
    written('volume.vti', { labels, shape: [1, ...shape] })
    expect(readFileSync(at('volume.vti'), 'utf8')).toContain('WholeExtent="0 8 0 6 0 3"')
  })

  it('`writtenLabels()` draws several samples as a picture, with a line under each', () => {
    const { shape: drawn } = readPng(new Uint8Array(readFileSync(written('grid.png'))), 'grid.png')
    // Three samples in two columns, 12 pixels a site.
    expect(drawn[0]).toBe(3)
    expect(drawn[2]).toBeGreaterThan(2 * 96)
    expect(drawn[1]).toBeGreaterThan(2 * 72 + 12)
  })

  it('`writtenLabels()` draws volumes as slices and a body, and writes the three sides of their voxels', () => {
    const volume = Uint8Array.from({ length: 2 * 4 * 5 * 6 }, (_, i) => (i % 6 < 2 ? 0 : 1))
    const of = { labels: volume, shape: [2, 4, 5, 6] }
    const told = { ...about, voxelSize: undefined, spacing: [3, 2, 1.5], unit: 'um' }
    const [{ bytes }] = writtenLabels('v.png', of, { about: told })
    const { shape: drawn, data: pixels } = readPng(bytes, 'v.png')
    expect(drawn[0]).toBe(3)
    // Two rows of three slices and a body, at least 128 pixels each.
    expect(drawn[2]).toBeGreaterThan(4 * 128)
    expect(drawn[1]).toBeGreaterThan(2 * 128)
    // The body is lit: brighter in red than any phase.
    expect(Array.from(pixels.subarray(0, drawn[1] * drawn[2])).some(red => red > 180 && red < 225)).toBe(true)
    const text = (name: string) =>
      new TextDecoder('latin1').decode(writtenLabels(name, of, { about: told })[0].bytes)
    expect(text('v.vti')).toContain('Spacing="1.5 2 3"')
    expect(text('v.nrrd')).toContain('spacings: 1.5 2 3')
    const header = writtenLabels('v.mhd', of, { about: told })[1].bytes
    expect(new TextDecoder().decode(header)).toContain('ElementSpacing = 1.5 2 3')
  })

  it('`labelNames()` refuses other endings, before any work', () => {
    expect(() => labelNames(at('a.jpg'), [1, 2, 3])).toThrow(
      'out must be a file ending in .tif, .tiff, .png, .npy, .npz, .vti, .mhd, .nrrd, .stl, got',
    )
    expect(() => writeLabels([at('c.npy')], { labels, shape: [3, 6, 9] }, about)).toThrow(
      'must be 162 in number',
    )
    expect(existsSync(at('c.npy'))).toBe(false)
  })
})

describe('loadLabels', () => {
  const flags = (...args: string[]) => {
    const command = withFields(new Command('x'), labelFields).exitOverride()
    return command.parse(args, { from: 'user' }).opts<LabelCoding>()
  }

  it('`loadLabels()` reads .raw by --shape and --dtype', async () => {
    const words = Uint16Array.from(labels)
    write(folder, 'le.raw', new Uint8Array(words.buffer))
    const wanted = { data: labels, shape }
    expect(await loadLabels(at('le.raw'), flags('--shape', '3,6,8', '--dtype', 'uint16'))).toEqual(wanted)
    const big = new Uint8Array(words.buffer.slice(0)).map((_, i, all) => all[i ^ 1])
    write(folder, 'be.raw', big)
    expect(await loadLabels(at('be.raw'), flags('--shape', '3x6x8', '--dtype', 'uint16be'))).toEqual(wanted)
    write(folder, 'bytes.raw', labels)
    const sized = flags('--shape', '3,6,8', '--voxel-size', '5.7µm')
    expect(await loadLabels(at('bytes.raw'), sized)).toEqual({ ...wanted, voxelSize: 5.7, unit: 'um' })
    const levels = flags('--shape', '3,6,8', '--levels', '2,0,1')
    expect((await loadLabels(at('bytes.raw'), levels)).data).toEqual(labels.map(label => [1, 2, 0][label]))
  })

  it('`withFields()` refuses flags that mean nothing', () => {
    const wrong: [string, string, string][] = [
      ['--shape', '400', '--shape must be two to four lengths, like 400,400,400, got "400"'],
      ['--shape', '4,0,4', '--shape must be two to four lengths'],
      ['--dtype', 'complex', '--dtype must be one of uint8, int8'],
      ['--levels', '3', '--levels must be 2 to 256 different values'],
      ['--levels', '0,0', '--levels must be 2 to 256 different values'],
      ['--voxel-size', '-1', '--voxel-size must be a positive number'],
    ]
    for (const [flag, value, message] of wrong) expect(() => flags(flag, value), flag).toThrow(message)
    expect(() => demandCoding(flags('--dtype', 'int16'), 'train')).toThrow(
      '--shape must be given with --dtype',
    )
    expect(() => demandCoding(flags('--threshold', '3', '--levels', '0,1'), 'train')).toThrow('got "both"')
  })

  it('`loadLabels()` reads slices of a folder in natural order and leaves other files alone', async () => {
    mkdirSync(at('slices'))
    for (let i = 0; i < 12; i++)
      write(
        folder,
        `slices/s${i}.tif`,
        writeTiff({ data: Uint8Array.of(i % 2, Number(i > 9)), shape: [1, 1, 2] }),
      )
    writeFileSync(at('slices/notes.txt'), 'not a slice')
    writeFileSync(at('slices/.hidden.tif'), 'not a slice')
    const { data, shape } = await loadLabels(at('slices'), {})
    expect(shape).toEqual([12, 1, 2])
    expect(data).toEqual(
      Uint8Array.from({ length: 24 }, (_, k) => (k % 2 ? Number(k >> 1 > 9) : (k >> 1) % 2)),
    )
    mkdirSync(at('texts'))
    writeFileSync(at('texts/notes.txt'), 'not a slice')
    await expect(loadLabels(at('texts'), {})).rejects.toThrow('must be a folder of slices')
  })

  it('`loadGrids()` takes the sides of a voxel along each axis, `commonVoxel()` one size for all', async () => {
    const flat = { x: 2, y: 2, z: 5, unit: 'um' }
    write(folder, 'flat.tif', writeTiff({ data: labels, shape }, { scale: flat }))
    const loaded = await loadLabels(at('flat.tif'), {})
    expect(loaded.scale).toEqual(flat)
    expect(loaded).not.toHaveProperty('voxelSize')
    const volume = await loadGrids(at('flat.tif'), { files: machineFiles, coding: {}, volume: true })
    expect(volume.voxel).toEqual({ sides: [5, 2, 2], unit: 'um' })
    const told = await loadGrids(at('flat.tif'), {
      files: machineFiles,
      coding: flags('--voxel-size', '3'),
      volume: true,
    })
    expect(told.voxel).toEqual({ sides: [3, 3, 3], unit: '' })
    const images = await loadGrids(at('flat.tif'), { files: machineFiles, coding: {}, volume: false })
    expect(images.voxel).toEqual({ sides: [2, 2], unit: 'um' })
    expect(images.grids).toHaveLength(3)
    const unknown = await loadGrids(at('bytes.raw'), {
      files: machineFiles,
      coding: flags('--shape', '3,6,8'),
      volume: false,
    })
    expect(commonVoxel([unknown])).toEqual({ sides: [1, 1], unit: '' })
    expect(commonVoxel([unknown, images])).toEqual(images.voxel)
    const other = await loadGrids(at('a.tif'), { files: machineFiles, coding: {}, volume: false })
    expect(() => commonVoxel([images, other])).toThrow(
      /the size of its voxels must be that of .*, 2 um .*, got "0.398 um"/,
    )
  })
})
