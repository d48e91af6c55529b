import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { encode } from 'fast-png'
import { describe, expect, it } from 'vitest'
import { crc32 } from '../../src/formats/gzip.ts'
import { readPng } from '../../src/formats/png.ts'
import { writePng } from '../../src/formats/png-writer.ts'
import { bytesOf, expectNoCrash, expectNoPrefix, vectors } from './arrays.ts'

/** A PNG file out of its header fields and the unpacked rows, each with its filter byte. */
function png(
  header: { width: number; height: number; depth: number; colour: number },
  rows: number[],
): Uint8Array {
  const { width, height, depth, colour } = header
  const part = (type: string, data: Uint8Array) => {
    const body = Buffer.concat([Buffer.from(type), data])
    const out = Buffer.alloc(body.length + 8)
    out.writeUInt32BE(data.length, 0)
    out.set(body, 4)
    out.writeUInt32BE(crc32(body), body.length + 4)
    return out
  }
  const first = Buffer.alloc(13)
  first.writeUInt32BE(width, 0)
  first.writeUInt32BE(height, 4)
  first.set([depth, colour, 0, 0, 0], 8)
  const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
  const data = deflateSync(Uint8Array.from(rows))
  return new Uint8Array(
    Buffer.concat([
      Buffer.from(signature),
      part('IHDR', first),
      part('IDAT', data),
      part('IEND', Buffer.alloc(0)),
    ]),
  )
}

describe('png', () => {
  for (const { name, file, shape, values } of vectors.pictures) {
    it(`\`readPng()\` reads what Pillow wrote: ${name}`, () => {
      const image = readPng(bytesOf(file), name)
      expect(image.shape).toEqual(shape)
      expect(Array.from(image.data)).toEqual(values)
    })
  }

  for (const [name, file] of Object.entries(vectors.transparent)) {
    it(`\`readPng()\` refuses transparency: ${name}`, () => {
      expect(() => readPng(bytesOf(file), 'b.png')).toThrow(/^Cannot read b\.png: .+ must be opaque.*, got /)
    })
  }

  it('`readPng()` names the first pixel that is not opaque', () => {
    expect(() => readPng(bytesOf(vectors.transparent.RGBA), 'b.png')).toThrow(
      'Cannot read b.png: the alpha at row 1, column 2 must be opaque (255), got 254',
    )
  })

  it('`readPng()` unpacks grey samples of 1, 2 and 4 bits, each row from a new byte', () => {
    const one = readPng(
      png({ width: 9, height: 2, depth: 1, colour: 0 }, [0, 0b10110001, 0x80, 0, 1, 0]),
      'x',
    )
    expect(one).toEqual({
      data: Uint8Array.of(1, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0),
      shape: [1, 2, 9],
    })
    const two = readPng(png({ width: 3, height: 1, depth: 2, colour: 0 }, [0, 0b11_01_10_00]), 'x')
    expect(two.data).toEqual(Uint8Array.of(3, 1, 2))
    const four = readPng(png({ width: 3, height: 1, depth: 4, colour: 0 }, [0, 0xf1, 0x70]), 'x')
    expect(four.data).toEqual(Uint8Array.of(15, 1, 7))
  })

  it('`readPng()` inverts `writePng()` for grey and RGB of 8 and 16 bits', () => {
    const size = fc.integer({ min: 1, max: 9 })
    const any = fc
      .record({
        Type: fc.constantFrom(Uint8Array, Uint16Array),
        channels: fc.constantFrom(1, 3),
        height: size,
        width: size,
      })
      .chain(({ Type, channels, height, width }) => {
        const length = channels * height * width
        const data = fc.array(fc.nat(Type === Uint8Array ? 255 : 65535), {
          minLength: length,
          maxLength: length,
        })
        return data.map(values => ({ data: Type.from(values), shape: [channels, height, width] }))
      })
    fc.assert(
      fc.property(any, image => {
        expect(readPng(writePng(image), 'x')).toEqual(image)
      }),
      { seed: 1 },
    )
  })

  it('`readPng()` reads interlaced pictures', () => {
    for (const [width, height] of [
      [13, 11],
      [1, 1],
      [5, 2],
      [3, 9],
    ]) {
      const data = Uint8Array.from({ length: 3 * width * height }, (_, i) => (i * 37) % 256)
      const flat = encode({ width, height, channels: 3, data })
      const woven = encode({ width, height, channels: 3, data }, { interlace: 'Adam7' })
      expect(woven[28]).toBe(1)
      expect(readPng(woven, 'x')).toEqual(readPng(flat, 'x'))
    }
  })

  it('`writePng()` refuses other numbers of channels, axes and types', () => {
    expect(() => writePng({ data: new Uint8Array(2), shape: [2, 1, 1] })).toThrow(
      'Cannot write a PNG picture: the shape must be [1 or 3, H, W], got [2, 1, 1]',
    )
    expect(() => writePng({ data: new Uint8Array(2), shape: [1, 1, 1] })).toThrow(
      'the data must be 1 elements',
    )
    expect(() => writePng({ data: new Int32Array(1), shape: [1, 1, 1] })).toThrow(TypeError)
  })

  it('`readPng()` refuses every proper prefix', () => {
    for (const { file } of vectors.pictures.slice(2, 6)) expectNoPrefix(bytesOf(file), readPng)
  })

  it('`readPng()` refuses every damaged byte: each lies under a checksum', () => {
    const bytes = bytesOf(vectors.pictures[3].file)
    expect(expectNoCrash(bytes, readPng)).toBe(3 * bytes.length)
  })

  it('`readPng()` refuses an absurd size before it asks for the memory', () => {
    const huge = png({ width: 2 ** 31 - 1, height: 2 ** 31 - 1, depth: 8, colour: 2 }, [0, 1, 2, 3])
    expect(() => readPng(huge, 'b')).toThrow(
      /^Cannot read b: 2147483647 x 2147483647 pixels must be 1 to \d+ bytes, got/,
    )
    const none = png({ width: 0, height: 4, depth: 8, colour: 0 }, [0, 0, 0, 0])
    expect(() => readPng(none, 'b')).toThrow('Cannot read b: 0 x 4 pixels must be')
  })

  it('`readPng()` refuses rows that are missing and depths that PNG does not have', () => {
    const two = { width: 2, height: 2, depth: 8, colour: 0 }
    expect(readPng(png(two, [0, 1, 2, 0, 3, 4]), 'b').data).toEqual(Uint8Array.of(1, 2, 3, 4))
    const wanted = 'Cannot read b: the picture must be whole, got'
    expect(() => readPng(png(two, [0, 1, 2, 0, 3]), 'b')).toThrow(`${wanted} "less than 6 bytes of pixels"`)
    expect(() => readPng(png(two, [0, 1, 2]), 'b')).toThrow(wanted)
    const bomb = new Array<number>(100_000).fill(0)
    expect(() => readPng(png(two, bomb), 'b')).toThrow(`${wanted} "more than 6 bytes of pixels"`)
    expect(() => readPng(png({ width: 2, height: 1, depth: 4, colour: 2 }, [0, 1, 2, 3]), 'b')).toThrow(
      'the colour type and depth must be of PNG, got [2, 4]',
    )
  })

  it('`readPng()` refuses a second header that turns the picture around', () => {
    const bytes = png({ width: 2, height: 1, depth: 8, colour: 0 }, [0, 1, 2])
    const other = png({ width: 1, height: 2, depth: 8, colour: 0 }, [0, 1, 2])
    // the header takes bytes 8 to 33
    const both = Uint8Array.of(...bytes.subarray(0, 33), ...other.subarray(8, 33), ...bytes.subarray(33))
    expect(() => readPng(both, 'b')).toThrow(
      /^Cannot read b: the (picture must be whole|header must be there once), got/,
    )
    const tall = png({ width: 1, height: 1, depth: 8, colour: 0 }, [0, 1])
    const shrunk = Uint8Array.of(...bytes.subarray(0, 33), ...tall.subarray(8, 33), ...bytes.subarray(33))
    expect(() => readPng(shrunk, 'b')).toThrow('Cannot read b: the header must be there once, got')
  })

  it('`readPng()` refuses foreign files', () => {
    expect(() => readPng(new TextEncoder().encode('GIF89a..'), 'b')).toThrow(
      'the first bytes must be those of PNG',
    )
  })
})
