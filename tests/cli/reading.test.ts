import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'fflate'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { parserOf } from '../../src/cli/flags.ts'
import type { NdArray } from '../../src/formats/array.ts'
import { writeNpy } from '../../src/formats/npy.ts'
import { writePng } from '../../src/formats/png-writer.ts'
import { writeTiff } from '../../src/formats/tiff/writer.ts'
import { maskOf } from '../../src/jobs/complete/images.ts'
import { memoryField } from '../../src/jobs/input/label-fields.ts'
import { csv } from '../../src/jobs/measure/table.ts'
import { imageNames } from '../../src/jobs/output/images.ts'
import { demandWritable, writeWhole } from '../../src/node/files.ts'
import { imagesAt as loadImages, labelsAt as loadLabels } from '../../src/node/load.ts'
import { machineFiles } from '../../src/node/machine.ts'
import { temporary, writeLabels } from './saltus.ts'

const memorySize = parserOf(memoryField, '--memory')

const folder = temporary()
const at = (name: string) => join(folder, name)
function put(name: string, bytes: Uint8Array): string {
  mkdirSync(dirname(at(name)), { recursive: true })
  writeFileSync(at(name), bytes)
  return at(name)
}
const picture = (...values: number[]) =>
  writePng({ data: Uint8Array.from(values), shape: [1, 1, values.length] })
const npy = (data: NdArray['data'], ...shape: number[]) => writeNpy({ data, shape })

let said = ''
beforeEach(() => {
  said = ''
  vi.spyOn(process.stderr, 'write').mockImplementation(text => {
    said += text
    return true
  })
})
afterEach(() => {
  vi.restoreAllMocks()
})

describe('folders of images', () => {
  it('`loadImages()` leaves out hidden folders, and with a sentence files that hold no images', () => {
    for (const place of ['cat', 'dog', 'cat/.ipynb_checkpoints', '__MACOSX/cat'])
      put(`hidden/${place}/0.png`, picture(1, 2))
    put('hidden/cat/Thumbs.db', Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0))
    put('hidden/cat/labels.csv', new TextEncoder().encode('a,b\n'))
    const set = loadImages(at('hidden'))
    expect([set.count, set.classes]).toEqual([2, ['cat', 'dog']])
    expect(said).toBe('hidden: 2 files hold no images and are left alone (cat/Thumbs.db, cat/labels.csv)\n')
    put('jpg/0.png', picture(1, 2))
    put('jpg/1.JPG', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0))
    expect(() => loadImages(at('jpg'))).toThrow('a JPEG picture: save it as PNG or TIFF')
  })

  it('`loadImages()` takes one part of several, whatever they are called, and never the test images', () => {
    for (const [part, value] of [
      ['Train', 1],
      ['validation', 2],
      ['test', 3],
      ['extra', 4],
    ] as const)
      for (const name of ['cat', 'dog']) put(`parts/${part}/${name}/0.png`, picture(value, value))
    const train = loadImages(at('parts'))
    expect([[...train.counts], train.classes]).toEqual([
      [1, 1, 1, 1],
      ['cat', 'dog'],
    ])
    expect(said).toContain(
      'of its parts train is read (2 files); left alone: other folders (2), test (2), val (2)',
    )
    expect([...loadImages(at('parts'), { split: 'test', quiet: true }).counts]).toEqual([3, 3, 3, 3])
    for (const name of ['train/0.png', 'unseen/0.png']) put(`unclear/${name}`, picture(1, 1))
    expect(() => loadImages(at('unclear'))).toThrow(
      'the folders must be one of train, val and test as "train" is',
    )
  })

  it('`loadImages()` refuses pictures of other depths and the same one twice, and reads equal colours as grey', () => {
    put('deep/0.png', picture(1, 2))
    put('deep/1.png', writePng({ data: Uint16Array.of(256, 512), shape: [1, 1, 2] }))
    expect(() => loadImages(at('deep'))).toThrow(
      'Cannot read 1.png: the bits of a sample must be those of 0.png, 8, got 16',
    )
    put('twice/0.png', picture(1, 2))
    put('twice/0.npy', npy(Uint8Array.of(1, 2), 1, 2))
    expect(() => loadImages(at('twice'))).toThrow(
      'every picture must be there once, as 0.npy, got "0.png as well"',
    )
    put('mixed/0.png', picture(1, 2))
    put('mixed/1.png', writePng({ data: Uint8Array.of(3, 4, 3, 4, 3, 4), shape: [3, 1, 2] }))
    expect(loadImages(at('mixed'))).toMatchObject({ shape: [1, 1, 2], counts: Uint8Array.of(1, 2, 3, 4) })
  })

  it('`maskOf()` takes a mask of three equal colours for one mask of all channels', () => {
    put('mask.png', writePng({ data: Uint8Array.of(0, 9, 0, 9, 0, 9), shape: [3, 1, 2] }))
    const open = (channels: number) => [...maskOf(at('mask.png'), [channels, 1, 2], { files: machineFiles })]
    expect([1, 2, 3].map(open)).toEqual([1, 2, 3].map(c => Array.from({ length: 2 * c }, (_, x) => x % 2)))
  })

  it('`loadImages()` takes channels that lie last for channels', () => {
    const data = Uint8Array.from({ length: 2 * 6 * 5 * 3 }, (_, i) => i % 200)
    const set = loadImages(put('last.npy', npy(data, 2, 6, 5, 3)))
    expect(set.shape).toEqual([3, 6, 5])
    expect(set.counts[0]).toBe(data[0])
    expect(set.counts[30]).toBe(data[1])
    expect(set.counts[3 * 30 + 30 + 1]).toBe(data[90 + 3 + 1])
    expect(said).toContain('2×6×5×3 is taken for 2 images of 6×5 with 3 channels, which lie last')
    // Small images stay what they are.
    expect(loadImages(put('small.npy', npy(new Uint8Array(160), 10, 4, 4)))).toMatchObject({ count: 10 })
  })

  it('links lead to what they name: files, folders, and one that leads nowhere is named', () => {
    put('real/a.png', picture(5, 6))
    mkdirSync(at('links'))
    symlinkSync(at('real'), at('links/class'))
    symlinkSync(at('links'), at('links/loop'))
    expect(loadImages(at('links')).count).toBe(1)
    symlinkSync('/gone.png', at('links/b.png'))
    expect(() => loadImages(at('links'))).toThrow(
      `Cannot read ${at('links/b.png')}: it must lead to a file, got a link to /gone.png, which is not there`,
    )
  })

  it('files above 2 GiB are refused in clear words', () => {
    const path = put('large.npy', npy(new Uint8Array(4), 4))
    truncateSync(path, 2.2e9)
    expect(() => loadImages(path)).toThrow('the file must be below 2 GiB (cut it into several')
    truncateSync(path, 0)
  })
})

describe('labels', () => {
  it('`loadLabels()` counts labels from 1 where 0 is not there, with a sentence, unless the file knows better', async () => {
    const labels = Uint8Array.of(1, 2, 2, 1, 1, 3)
    const found = await loadLabels(put('one.npy', npy(labels, 2, 3)), {})
    expect(found).toMatchObject({ data: labels.map(label => label - 1), values: [1, 2, 3] })
    expect(said).toContain('labels 1 to 3 are taken for 0 to 2, so that 1 is the pore')
    const kept = await loadLabels(at('one.npy'), { levels: [0, 1, 2, 3] })
    expect(kept.data).toEqual(labels)
    // What was written here says how many labels there are.
    const about = { model: 'm', seed: 1, voxelSize: 2, unit: 'um', fractions: [[0, 0.5, 0.3, 0.2]] }
    for (const name of ['own.tif', 'own.npz', 'own.vti', 'own.nrrd', 'own.mhd']) {
      writeLabels([at(name)], { labels, shape: [1, 2, 3] }, about)
      expect((await loadLabels(at(name), {})).data, name).toEqual(labels)
    }
    expect((await loadLabels(put('all.npy', npy(Uint8Array.of(1, 1), 1, 2)), {})).data).toEqual(
      Uint8Array.of(1, 1),
    )
  })

  it('`labelFiles()` writes volumes that `loadLabels()` reads again, with the voxel size', async () => {
    const labels = Uint8Array.from({ length: 60 }, (_, i) => (i * i) % 3)
    const set = { labels, shape: [1, 3, 4, 5] }
    for (const name of ['v.vti', 'v.nrrd', 'v.mhd', 'v.MHD']) {
      writeLabels([at(name)], set, { model: 'm', seed: 1, voxelSize: 0.5, unit: 'um' })
      const found = await loadLabels(at(name), {})
      expect(found, name).toMatchObject({ data: labels, shape: [3, 4, 5], pages: 'slices', voxelSize: 0.5 })
      // VTK has no units.
      if (!name.endsWith('vti')) expect(found.unit, name).toBe('um')
    }
    writeLabels([at('several.nrrd')], { labels, shape: [3, 4, 5] }, { model: 'm', seed: 1 })
    expect((await loadLabels(at('several-0002.nrrd'), {})).data).toEqual(labels.subarray(40))
  })

  it('`loadLabels()` refuses times for one volume, unless one is chosen or they are welcome', async () => {
    const path = put('times.tif', writeTiff({ data: Uint8Array.of(0, 1, 1, 0), shape: [2, 1, 2] }))
    await expect(loadLabels(path, {})).rejects.toThrow('--frame must be given (one of 0 to 1, or all')
    expect((await loadLabels(path, { frame: 1 })).data).toEqual(Uint8Array.of(1, 0))
    expect(await loadLabels(path, { frame: 'all' })).toMatchObject({ shape: [2, 1, 2], pages: 'slices' })
    expect(await loadLabels(path, {}, { times: true })).toMatchObject({ shape: [2, 1, 2], pages: 'times' })
  })

  it('`loadLabels()` notices slices that are there twice, and those that are missing in a series', async () => {
    for (const i of [8, 9, 11, 12]) put(`gap/s${i}.png`, picture(0, 1))
    expect((await loadLabels(at('gap'), {})).shape).toEqual([4, 1, 2])
    expect(said).toContain('slices are missing in the series of s8.png to s12.png: 10')
    put('gap/s9.tif', writeTiff({ data: Uint8Array.of(0, 1), shape: [1, 1, 2] }))
    await expect(loadLabels(at('gap'), {})).rejects.toThrow('every slice must be there once')
  })

  it('`loadLabels()` names formats that it does not read, and says what to do', async () => {
    const letters = (text: string) => Uint8Array.from(text.padEnd(400), letter => letter.charCodeAt(0))
    const known: [string, string][] = [
      ['MATLAB 5.0 MAT-file', 'a MATLAB file (.mat)'],
      ['# AmiraMesh 3D BINARY', 'an Amira or Avizo file (.am)'],
      ['BM', 'a BMP picture: save it as PNG or TIFF'],
      ['\xff\xd8\xff\xe0', 'a JPEG picture'],
      ['BZh91AY', 'a bzip2 file: unpack it first'],
      ['# vtk DataFile Version 3.0', 'a legacy VTK file (.vtk): save it as .vti'],
      ['x,y\n1,2\n', 'a text'],
    ]
    for (const [text, words] of known)
      await expect(loadLabels(put('foreign.dat2', letters(text)), {}), text).rejects.toThrow(words)
    await expect(loadLabels(put('empty.tif', new Uint8Array(0)), {})).rejects.toThrow('an empty one')
  })

  it('`--memory` raises what files may unpack to, and nothing is allocated before', async () => {
    const path = put('zeros.npy.gz', gzipSync(npy(new Uint8Array(3e6), 300, 100, 100)))
    await expect(loadLabels(path, { memory: memorySize('1M') })).rejects.toThrow(
      'at most 1 MiB unpacked (--memory raises it), got "2.86 MiB"',
    )
    expect((await loadLabels(path, { memory: memorySize('0.1 GiB') })).shape).toEqual([300, 100, 100])
    expect(() => memorySize('much')).toThrow('--memory must be a size like 8G or 512M, got "much"')
  })

  it('the data of a header lie in the same folder, whatever it says', async () => {
    const header = (file: string) =>
      `NDims = 2\nDimSize = 2 2\nElementType = MET_UCHAR\nElementDataFile = ${file}\n`
    put('data.raw', Uint8Array.of(0, 1, 1, 0))
    expect((await loadLabels(put('a.mhd', Buffer.from(header('data.raw'))), {})).data).toHaveLength(4)
    for (const file of ['../data.raw', '/etc/passwd', '..', 'a\\b'])
      await expect(loadLabels(put('b.mhd', Buffer.from(header(file))), {}), file).rejects.toThrow(
        'the file of its data must be one in the same folder, without a path',
      )
    await expect(loadLabels(put('b.mhd', Buffer.from(header('none.raw'))), {})).rejects.toThrow('got nothing')
  })

  it('nothing that a file says reaches the terminal as a command', async () => {
    put('esc\x1b[31m.npy', npy(Uint8Array.of(1, 2), 1, 2))
    await loadLabels(at('esc\x1b[31m.npy'), {})
    expect(said).toContain('esc?[31m.npy: labels 1 to 2')
  })
})

describe('written files', () => {
  it('`writeWhole()` keeps the mode of a file and the link to it, and leaves nothing beside', () => {
    const real = put('out/real.txt', Uint8Array.of(1))
    chmodSync(real, 0o600)
    symlinkSync('real.txt', at('out/link.txt'))
    writeWhole(at('out/link.txt'), 'new')
    expect(lstatSync(at('out/link.txt')).isSymbolicLink()).toBe(true)
    expect(readFileSync(real, 'utf8')).toBe('new')
    expect(statSync(real).mode & 0o777).toBe(0o600)
    symlinkSync('later.txt', at('out/early.txt'))
    writeWhole(at('out/early.txt'), 'there')
    expect(readFileSync(at('out/later.txt'), 'utf8')).toBe('there')
    expect(readdirSync(at('out')).sort()).toEqual(['early.txt', 'later.txt', 'link.txt', 'real.txt'])
  })

  it('`writeWhole()` follows no link that waits under the name of its temporary file, and removes dead ones', () => {
    const host = createHash('sha256').update(hostname()).digest('hex').slice(0, 8)
    put(`dead/.saltus-${host}-999999999-00ff.part`, Uint8Array.of(1))
    // Of another machine that shares the folder nobody knows here whether its writer lives.
    const elsewhere = '.saltus-00000000-999999999-00ff.part'
    put(`dead/${elsewhere}`, Uint8Array.of(1))
    writeWhole(at('dead/a.txt'), 'x')
    expect(readdirSync(at('dead'))).toEqual([elsewhere, 'a.txt'])
  })

  it('`demandWritable()` refuses before the work what could not be written after it', () => {
    const locked = put('locked.txt', Uint8Array.of(1))
    chmodSync(locked, 0o444)
    expect(() => demandWritable(locked)).toThrow('the file must be writable, got mode 444')
    expect(() => writeWhole(locked, 'x')).toThrow('the file must be writable, got mode 444')
    expect(() => demandWritable(at('x'.repeat(256)))).toThrow('its name must be shorter')
    const long = at(`${'x'.repeat(246)}.npy`)
    demandWritable(long)
    writeWhole(long, 'x')
    expect(existsSync(long)).toBe(true)
    if (existsSync('/proc/self'))
      expect(() => demandWritable('/proc/x.png')).toThrow('Cannot write /proc/x.png: ')
    for (const name of ['A.PNG', 'b.Npz']) expect(imageNames(at(name), [1, 1, 2, 2])).toEqual([at(name)])
  })

  it('`csv()` writes names so that no spreadsheet takes them for formulas or rows', () => {
    const set = (name: string) => ({
      name,
      measured: [{ shape: [2, 1], porosity: 0.5, fractions: [0.5, 0.5] }],
    })
    const sets = [set('=1+1'), set('a\rb'), set('plain')] as unknown as Parameters<typeof csv>[0]
    const lines = csv(sets).split('\n')
    expect(lines[1]).toMatch(/^'=1\+1,0,/)
    expect(lines[2]).toMatch(/^"a\rb",0,/)
    expect(lines[3]).toMatch(/^plain,0,/)
  })
})
