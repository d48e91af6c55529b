import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readIdx } from '../../src/formats/idx.ts'
import { expectNoCrash, expectNoPrefix } from './arrays.ts'

/** Big-endian, written by Node's own Buffer. */
function idx(type: number, shape: number[], elements: Buffer): Uint8Array {
  const header = Buffer.from([0, 0, type, shape.length])
  const lengths = shape.map(length => {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(length)
    return bytes
  })
  return new Uint8Array(Buffer.concat([header, ...lengths, elements]))
}

const small = idx(8, [2, 3], Buffer.from([1, 2, 3, 4, 5, 255]))

describe('idx', () => {
  it('`readIdx()` reads bytes of any shape', () => {
    expect(readIdx(small, 'x')).toEqual({ data: Uint8Array.of(1, 2, 3, 4, 5, 255), shape: [2, 3] })
    expect(readIdx(idx(8, [0, 28, 28], Buffer.alloc(0)), 'x')).toEqual({
      data: new Uint8Array(),
      shape: [0, 28, 28],
    })
  })

  it('`readIdx()` reads every type of element as big-endian', () => {
    const bytes = Buffer.alloc(16)
    expect(readIdx(idx(9, [2], Buffer.from([0xff, 0x80])), 'x').data).toEqual(Int8Array.of(-1, -128))
    bytes.writeInt16BE(-300, 0)
    bytes.writeInt16BE(30000, 2)
    expect(readIdx(idx(11, [2], bytes.subarray(0, 4)), 'x').data).toEqual(Int16Array.of(-300, 30000))
    bytes.writeInt32BE(-70000, 0)
    bytes.writeInt32BE(2 ** 31 - 1, 4)
    expect(readIdx(idx(12, [2], bytes.subarray(0, 8)), 'x').data).toEqual(Int32Array.of(-70000, 2 ** 31 - 1))
    bytes.writeFloatBE(-0.375, 0)
    expect(readIdx(idx(13, [1], bytes.subarray(0, 4)), 'x').data).toEqual(Float32Array.of(-0.375))
    bytes.writeDoubleBE(Math.PI, 0)
    bytes.writeDoubleBE(-1e-300, 8)
    expect(readIdx(idx(14, [2, 1], bytes), 'x')).toEqual({
      data: Float64Array.of(Math.PI, -1e-300),
      shape: [2, 1],
    })
  })

  it('`readIdx()` takes off a gzip shell', () => {
    expect(readIdx(new Uint8Array(gzipSync(small)), 'x')).toEqual(readIdx(small, 'x'))
  })

  it('`readIdx()` refuses every proper prefix, packed or not', () => {
    expectNoPrefix(small, readIdx)
    expectNoPrefix(new Uint8Array(gzipSync(small)), readIdx)
  })

  it('`readIdx()` reads damaged files to an array or a clean error', () => {
    // Elements carry no checksum: 6 of 18 bytes cannot be told from good ones, the other 12 can.
    expect(expectNoCrash(small, readIdx)).toBeGreaterThanOrEqual(12 * 3 - 3)
  })

  it('`readIdx()` refuses what is not idx, and more bytes than the shape has', () => {
    const foreign = new TextEncoder().encode('not idx')
    expect(() => readIdx(foreign, 'b')).toThrow(
      'Cannot read b: the first bytes must be 0, 0, a type of 8 to 14',
    )
    expect(() => readIdx(idx(10, [1], Buffer.from([1])), 'b')).toThrow('the first bytes must be')
    expect(() => readIdx(Uint8Array.of(...small, 0), 'b')).toThrow(
      'Cannot read b: the file of shape 2 x 3 must be 18 bytes, got 19',
    )
  })

  it('`readIdx()` refuses an absurd shape before it asks for the memory', () => {
    const huge = idx(14, [2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1], Buffer.alloc(8))
    expect(() => readIdx(huge, 'b')).toThrow('Cannot read b: the file of shape 4294967295 x 4294967295')
  })
})
