import { zipSync, zlibSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { crc32 } from '../../src/formats/checksums.ts'
import { readNpy, writeNpy } from '../../src/formats/npy.ts'
import { openNpz } from '../../src/formats/npz.ts'
import { readIndexedPng, readPng } from '../../src/formats/png.ts'
import { readTiff } from '../../src/formats/tiff/reader.ts'
import { tags } from '../../src/formats/xml.ts'

const letters = (text: string) => Uint8Array.from(text, letter => letter.charCodeAt(0))
const word = (value: number) => [24, 16, 8, 0].map(shift => (value >>> shift) & 255)

function chunk(type: string, data: Uint8Array): Uint8Array {
  const named = new Uint8Array(Buffer.concat([letters(type), data]))
  return Buffer.concat([Uint8Array.from(word(data.length)), named, Uint8Array.from(word(crc32(named)))])
}

function png(
  width: number,
  height: number,
  { depth = 8, more = [], rows = new Uint8Array(0), packed = zlibSync(rows) }: PngParts,
) {
  const head = Uint8Array.of(...word(width), ...word(height), depth, 0, 0, 0, 0)
  const parts = [chunk('IHDR', head), ...more, chunk('IDAT', packed), chunk('IEND', new Uint8Array(0))]
  return Buffer.concat([Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10), ...parts])
}

interface PngParts {
  readonly depth?: number
  /** Chunks before the pixels. */
  readonly more?: readonly Uint8Array[]
  readonly rows?: Uint8Array
  readonly packed?: Uint8Array
}

/** A page of 8-bit grey out of tags [number, type (3 or 4), value], its data behind the directory at `at`. */
function tiff(tagsOf: (at: number) => [number, number, number][], data: Uint8Array, pages = 1): Uint8Array {
  const count = tagsOf(0).length
  const size = 2 + 12 * count + 4
  const at = 8 + pages * size
  const head = Buffer.alloc(at)
  head.write('II*\0', 'latin1')
  head.writeUInt32LE(8, 4)
  for (let page = 0; page < pages; page++) {
    const from = 8 + page * size
    head.writeUInt16LE(count, from)
    tagsOf(at).forEach(([tag, type, value], i) => {
      head.writeUInt16LE(tag, from + 2 + 12 * i)
      head.writeUInt16LE(type, from + 4 + 12 * i)
      head.writeUInt32LE(1, from + 6 + 12 * i)
      if (type === 3) head.writeUInt16LE(value, from + 10 + 12 * i)
      else head.writeUInt32LE(value, from + 10 + 12 * i)
    })
    head.writeUInt32LE(page + 1 < pages ? from + size : 0, from + size - 4)
  }
  return new Uint8Array(Buffer.concat([head, data]))
}

const strip = (side: number, packing: number, length: number) => (at: number) =>
  [
    [256, 4, side],
    [257, 4, side],
    [258, 3, 8],
    [259, 3, packing],
    [262, 3, 1],
    [273, 4, at],
    [278, 4, side],
    [279, 4, length],
  ] as [number, number, number][]

/** Runs it and demands that it took no more of the processor, in ms: what is linear takes a tenth, of the rest minutes. */
async function within<T>(most: number, work: () => T | Promise<T>): Promise<T> {
  const began = process.cpuUsage()
  const result = await work()
  expect(process.cpuUsage(began).user / 1000).toBeLessThan(most)
  return result
}

describe('files that ask for more than they are worth', () => {
  it('`readTiff()` refuses strips that unpack to more than they declare, whatever the packing', async () => {
    const deflate = zlibSync(new Uint8Array(8_000_000))
    const runs = new Uint8Array(2 * 10_000).map((_, i) => (i % 2 ? 7 : 129))
    for (const [packing, data] of [
      [8, deflate],
      [32773, runs],
    ] as const) {
      const error = await within(10_000, () =>
        readTiff(tiff(strip(10, packing, data.length), data), 'a.tif').catch(thrown => thrown),
      )
      expect(error.message).toMatch(
        /^Cannot read a\.tif: the unpacked (data|bytes of a strip or tile) must be .*got "more"$/,
      )
    }
  })

  it('`readTiff()` refuses pages that share one strip beyond the budget, and tiles as long as the world', async () => {
    const page = zlibSync(new Uint8Array(1_000_000))
    const many = tiff(strip(1000, 8, page.length), page, 1200)
    await expect(readTiff(many, 'a.tif')).rejects.toThrow(
      'must be at most 1 GiB unpacked (--memory raises it), got',
    )
    const tile = (at: number) =>
      [
        [256, 4, 10],
        [257, 4, 10],
        [258, 3, 8],
        [259, 3, 8],
        [322, 4, 16],
        [323, 4, 4294967295],
        [324, 4, at],
        [325, 4, page.length],
      ] as [number, number, number][]
    await expect(readTiff(tiff(tile, page), 'a.tif')).rejects.toThrow('at most 1 GiB unpacked')
  })

  it('`readTiff()` ends on directories that lie over each other', async () => {
    const bytes = new Uint8Array(60_000).fill(1)
    bytes.set([0x49, 0x49, 42, 0, 8, 0, 0, 0])
    const error = await within(10_000, () => readTiff(bytes, 'a.tif').catch(thrown => thrown))
    expect(error).toBeInstanceOf(SyntaxError)
  })

  it('`readPng()` unpacks no profile, and refuses a page of the moon by its header', async () => {
    const rows = Uint8Array.of(0, 1, 2, 0, 3, 4)
    const profile = chunk('iCCP', Uint8Array.of(120, 0, 0, ...zlibSync(new Uint8Array(2_000_000))))
    expect(readPng(png(2, 2, { more: [profile], rows }), 'a.png').data).toEqual(Uint8Array.of(1, 2, 3, 4))
    // It is refused before a byte of it is unpacked.
    const moon = png(40_000, 40_000, { depth: 1, packed: new Uint8Array(194_000) })
    expect(moon.length).toBeLessThan(250_000)
    await within(10_000, () => expect(() => readIndexedPng(moon, 'a.png')).toThrow('at most 1 GiB unpacked'))
  })

  it('`readPng()` refuses bytes behind the end, unknown critical chunks and a wrong checksum of the pixels', () => {
    const rows = Uint8Array.of(0, 1, 2, 0, 3, 4)
    const good = png(2, 2, { rows })
    expect(() => readPng(Buffer.concat([good, Uint8Array.of(0)]), 'a')).toThrow(
      'all of the file, got "1 bytes more"',
    )
    const unknown = [chunk('ABCD', Uint8Array.of(1))]
    expect(() => readPng(png(2, 2, { rows, more: unknown }), 'a')).toThrow(
      'every critical chunk must be one that is known',
    )
    const packed = zlibSync(rows)
    packed[packed.length - 1] ^= 1
    const head = Uint8Array.of(...word(2), ...word(2), 8, 0, 0, 0, 0)
    const parts = [chunk('IHDR', head), chunk('IDAT', packed), chunk('IEND', new Uint8Array(0))]
    const bent = Buffer.concat([good.subarray(0, 8), ...parts])
    expect(() => readPng(bent, 'a')).toThrow('the checksum must be')
  })

  it('`openNpz()` refuses members that share their bytes', () => {
    const zip = zipSync({
      'a.npy': writeNpy({ data: new Uint8Array(9), shape: [9] }),
      'b.npy': new Uint8Array(9),
    })
    const view = new DataView(zip.buffer)
    const second = Buffer.from(zip).lastIndexOf('PK\x01\x02')
    // The entry of the second member leads to the first one.
    view.setUint32(second + 42, 0, true)
    expect(() => openNpz(zip, 'a.npz')).toThrow(
      'the members must be apart, got "b.npy among the bytes of a.npy"',
    )
  })

  it('headers are read in one pass, however they are made', async () => {
    const header = (shape: string) => {
      const text = `{'descr': '|u1', 'fortran_order': False, 'shape': ${shape}, }\n`
      const [a, b, c, d] = word(text.length)
      return Buffer.concat([
        Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 2, 0, d, c, b, a),
        letters(text),
        Uint8Array.of(5),
      ])
    }
    const blanks = ' '.repeat(350_000)
    await within(10_000, () => {
      expect(readNpy(header(`(${blanks}1,)`), 'a')).toEqual({ data: Uint8Array.of(5), shape: [1] })
      expect(() => readNpy(header(`(1${blanks}x,)`), 'a')).toThrow('the header must be a dictionary')
      expect(() => readNpy(header('(1)'), 'a')).toThrow('the header must be a dictionary')
    })
    for (const text of ['<Pixels '.repeat(150_000), '<Pixels a="'.repeat(100_000), '<!--'.repeat(200_000)])
      await within(10_000, () => expect([...tags(text)].length).toBeLessThan(100_001))
    const nuls = writeNpy(`a${'\0'.repeat(400_000)}b`)
    await within(10_000, () => expect(readNpy(nuls, 'a')).toHaveLength(400_002))
    const said: string[] = []
    const source = {
      name: 'a',
      budget: { most: 1, spent: 0, spend() {} },
      say: (words: string) => said.push(words),
    }
    // As NumPy does, of files of Python 2, with a sentence.
    expect(readNpy(header('(1L,)'), source)).toMatchObject({ shape: [1] })
    expect(said).toHaveLength(1)
  })
})
