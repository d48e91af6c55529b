import { deflateRawSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc32, gunzip, inflate } from '../../src/formats/gzip.ts'
import { expectNoCrash, expectNoPrefix } from './arrays.ts'

const text = new TextEncoder().encode('banana '.repeat(20))

describe('gzip', () => {
  it('`crc32()` gives the check value of the catalogue of CRCs', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926)
    expect(crc32(new Uint8Array())).toBe(0)
  })

  it('`gunzip()` unpacks what zlib packs', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), fc.integer({ min: 0, max: 9 }), (bytes, level) => {
        expect(gunzip(new Uint8Array(gzipSync(bytes, { level })), 'x')).toEqual(bytes)
      }),
      { seed: 1 },
    )
  })

  it('`gunzip()` returns what is not gzip as it is', () => {
    expect(gunzip(text, 'x')).toBe(text)
  })

  it('`gunzip()` refuses every proper prefix that still looks like gzip', () => {
    const bytes = new Uint8Array(gzipSync(text))
    expectNoPrefix(bytes.subarray(0), (prefix, name) => {
      if (prefix.length > 2) gunzip(prefix, name)
      else throw new SyntaxError(`Cannot read ${name}: the file must be gzip, got less`)
    })
  })

  it('`gunzip()` gives the right bytes or a clean error for every damaged byte', () => {
    const bytes = new Uint8Array(gzipSync(text))
    expectNoCrash(bytes, (damaged, name) => {
      const unpacked = gunzip(damaged, name)
      // The first three bytes say that it is gzip; the other header bytes say nothing of the content.
      if (unpacked !== damaged) expect(unpacked).toEqual(text)
    })
  })

  it('`gunzip()` refuses an absurd size before it asks for the memory', () => {
    const bytes = new Uint8Array(gzipSync(text))
    bytes.fill(0xff, bytes.length - 4)
    expect(() => gunzip(bytes, 'x.gz')).toThrow(
      /^Cannot read x\.gz: the unpacked size must be at most \d+, got 4294967295$/,
    )
  })

  it('`gunzip()` refuses two members in one file', () => {
    const two = new Uint8Array([...gzipSync(text), ...gzipSync(text.subarray(1))])
    expect(() => gunzip(two, 'x')).toThrow('Cannot read x: ')
  })

  it('`inflate()` unpacks the densest stream there is', () => {
    const zeros = new Uint8Array(1_000_000)
    const packed = new Uint8Array(deflateRawSync(zeros, { level: 9 }))
    expect(packed.length).toBeLessThan(1000)
    const unpacked = inflate(packed, { size: zeros.length, crc: crc32(zeros), name: 'x' })
    expect(Buffer.compare(unpacked, zeros)).toBe(0)
  })

  it('`inflate()` refuses another size or checksum than it was told', () => {
    const packed = new Uint8Array(deflateRawSync(text))
    const claim = { size: text.length, crc: crc32(text), name: 'm' }
    expect(inflate(packed, claim)).toEqual(text)
    expect(() => inflate(packed, { ...claim, size: text.length + 1 })).toThrow('must be 141 bytes, got 140')
    expect(() => inflate(packed, { ...claim, size: text.length - 1 })).toThrow('Cannot read m: ')
    expect(() => inflate(packed, { ...claim, crc: 0 })).toThrow('the checksum must be 0x00000000, got')
  })
})
