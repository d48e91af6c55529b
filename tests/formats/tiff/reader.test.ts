import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { planes } from '../../../src/formats/planes.ts'
import { sourceOf } from '../../../src/formats/source.ts'
import { isTiff, readTiff } from '../../../src/formats/tiff/reader.ts'
import { bytesOf } from '../arrays.ts'

const vectors = JSON.parse(readFileSync(new URL('../vectors/tiff.json', import.meta.url), 'utf8')) as {
  files: { name: string; file: string; shape: number[]; values: number[]; scale: object | null }[]
  refused: Record<string, string>
}

const fileOf = (wanted: string) => bytesOf(vectors.files.find(({ name }) => name === wanted)!.file)

describe('readTiff', () => {
  for (const { name, file, shape, values, scale } of vectors.files)
    it(`\`readTiff()\` reads what tifffile and Pillow wrote: ${name}`, async () => {
      const bytes = bytesOf(file)
      expect(isTiff(bytes)).toBe(true)
      const stack = await readTiff(bytes, 'a.tif')
      const { data } = planes(stack, {}, sourceOf('a.tif', bytes))
      expect(stack.shape.filter((_, axis) => stack.axes[axis] !== 'S')).toEqual(shape)
      expect([...data]).toEqual(values)
      expect(stack.scale ?? null).toEqual(scale)
    })

  it('`readTiff()` keeps the kind of numbers of the file', async () => {
    const kinds: [string, string][] = [
      ['words lzw > tiles', 'Uint16Array'],
      ['signed, big-endian, predicted', 'Int16Array'],
      ['reals', 'Float32Array'],
      ['bits', 'Uint8Array'],
    ]
    for (const [name, kind] of kinds)
      expect((await readTiff(fileOf(name), name)).data.constructor.name, name).toBe(kind)
  })

  it('`readTiff()` refuses colours, pages of several sizes or kinds and what it cannot unpack, in one line', async () => {
    const wanted: Record<string, string> = {
      coloured: 'the picture must be of labels or grey, or --channel (0 to 2) given, got "a coloured one"',
      fax:
        'the compression must be none, LZW, deflate, PackBits or Zstandard (save it anew with one of them), ' +
        'got "CCITT group 4 (fax)"',
      unequal: 'page 2 must be 7 x 9 pixels as page 1, got "5 x 9"',
      mixed: 'page 2 must be of u1 as page 1, got "u2"',
    }
    for (const [name, words] of Object.entries(wanted)) {
      const bytes = bytesOf(vectors.refused[name])
      const error = await readTiff(bytes, 'a.tif')
        .then(stack => planes(stack, {}, sourceOf('a.tif', bytes)))
        .catch(thrown => thrown)
      expect(error).toBeInstanceOf(SyntaxError)
      expect(error.message).toBe(`Cannot read a.tif: ${words}`)
    }
    await expect(readTiff(Uint8Array.of(1, 2, 3), 'a.tif')).rejects.toThrow('must be those of TIFF')
  })

  it('`readTiff()` sums the differences of reals in big-endian files as in little-endian ones', async () => {
    const stack = await readTiff(bytesOf(vectors.refused.predicted), 'a.tif')
    expect([...stack.data]).toEqual(vectors.files.find(({ name }) => name === 'reals')!.values)
  })

  it('`readTiff()` refuses a file that is cut off anywhere', async () => {
    for (const name of [
      'bytes None <',
      'bytes lzw >',
      'bytes packbits <',
      'words deflate < tiles',
      'ImageJ, one page for all, big-endian',
    ]) {
      const bytes = fileOf(name)
      // The last bytes may be padding; every cut through the data or a directory is seen.
      for (let length = 0; length < bytes.length - 4; length += length < 600 ? 7 : 61) {
        const error = await readTiff(bytes.subarray(0, length), 'a.tif').catch(thrown => thrown)
        expect(error, `${name} to ${length}`).toBeInstanceOf(SyntaxError)
        expect(error.message).toMatch(/^Cannot read a\.tif: [^\n]+ must be [^\n]+, got [^\n]+$/)
      }
    }
  })

  it('`readTiff()` ends on pages in a circle and on sizes that no file of its length can hold', async () => {
    const bytes = fileOf('labels, BigTIFF, Zstandard').slice()
    const view = new DataView(bytes.buffer)
    const first = Number(view.getBigUint64(8, true))
    const entries = Number(view.getBigUint64(first, true))
    view.setBigUint64(first + 8 + 20 * entries, BigInt(first), true)
    await expect(readTiff(bytes, 'a.tif')).rejects.toThrow('the list of pages must be a list, got "a circle"')
    const huge = fileOf('labels, BigTIFF, Zstandard').slice()
    for (let i = 0, at = first + 8; i < entries; i++, at += 20) {
      const there = new DataView(huge.buffer)
      const tag = there.getUint16(at, true)
      if (tag === 256 || tag === 257) {
        there.setUint16(at + 2, 4, true)
        there.setUint32(at + 12, 2 ** 31, true)
      }
    }
    await expect(readTiff(huge, 'a.tif')).rejects.toThrow(
      'what it holds must be at most 1 GiB unpacked (--memory raises it), got',
    )
  })

  it('`readTiff()` meets bytes changed at random with an array or with one line', async () => {
    const whole = fileOf('bytes None <')
    let refused = 0
    for (let i = 0; i < 120; i++) {
      const bytes = whole.slice()
      // The header and the first directory.
      bytes[(i * 37) % 200] = (i * 101) % 256
      const found = await readTiff(bytes, 'a.tif').catch(thrown => thrown)
      if (!(found instanceof Error)) continue
      refused++
      expect([SyntaxError, RangeError]).toContain(found.constructor)
      expect(found.message).toMatch(/^Cannot read a\.tif: [^\n]+ must be [^\n]+, got [^\n]+$/)
    }
    expect(refused).toBeGreaterThan(20)
  })
})
