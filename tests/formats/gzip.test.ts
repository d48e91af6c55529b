import { deflateRawSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { budgetFor } from '../../src/formats/budget.ts'
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

  it('`gunzip()` joins the members of a file, each with its checksum, and takes zeros behind for padding', () => {
    const [one, other] = [gzipSync(text), gzipSync(text.subarray(1))]
    const both = new Uint8Array([...text, ...text.subarray(1)])
    expect(gunzip(new Uint8Array([...one, ...other]), 'x')).toEqual(both)
    expect(gunzip(new Uint8Array([...one, ...other, ...new Uint8Array(513)]), 'x')).toEqual(both)
    for (let zeros = 1; zeros < 20; zeros++)
      expect(gunzip(new Uint8Array([...one, ...new Uint8Array(zeros)]), 'x')).toEqual(text)
    // Members that are the same end alike, so that the end of the file does not tell that there are several.
    expect(gunzip(new Uint8Array([...one, ...one]), 'x')).toEqual(new Uint8Array([...text, ...text]))
    expect(gunzip(new Uint8Array([...one, ...other, ...one]), 'x')).toEqual(
      new Uint8Array([...both, ...text]),
    )
    expect(gunzip(new Uint8Array([...gzipSync(''), ...gzipSync('')]), 'x')).toEqual(new Uint8Array(0))
    // The size of an empty member ends with zeros, and so does its checksum.
    expect(gunzip(new Uint8Array([...gzipSync(''), ...new Uint8Array(5)]), 'x')).toEqual(new Uint8Array(0))
    expect(() => gunzip(new Uint8Array([...one, 1]), 'x')).toThrow('Cannot read x: ')
    expect(() => gunzip(new Uint8Array([...one, ...other.subarray(0, -1)]), 'x')).toThrow('Cannot read x: ')
    const bent = new Uint8Array([...one, ...other])
    bent[one.length - 8] ^= 1
    expect(() => gunzip(bent, 'x')).toThrow('Cannot read x: the checksum of a member must be right')
  })

  it('`gunzip()` joins members that are longer than what is unpacked at a time', () => {
    const noise = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 2654435761) >>> 24)
    const packed = gzipSync(noise)
    const found = gunzip(new Uint8Array([...packed, ...packed, 0, 0]), 'x')
    expect(Buffer.compare(found, Buffer.concat([noise, noise]))).toBe(0)
  })

  it('`gunzip()` checks the checksum of a header that has one (RFC 1952 §2.3.1)', () => {
    const plain = gzipSync(text)
    const head = new Uint8Array([...plain.subarray(0, 3), 2, ...plain.subarray(4, 10)])
    const sum = crc32(head)
    const right = new Uint8Array([...head, sum & 255, (sum >> 8) & 255, ...plain.subarray(10)])
    expect(gunzip(right, 'x')).toEqual(text)
    right[10] ^= 1
    expect(() => gunzip(right, 'x')).toThrow('the checksum of the gzip header must be')
  })

  it('`gunzip()` refuses what unpacks to more than the budget, before it is unpacked', () => {
    const packed = new Uint8Array(gzipSync(new Uint8Array(4_000_000)))
    const source = { name: 'x.gz', budget: budgetFor(packed.length, 1e6), say() {} }
    expect(() => gunzip(packed, source)).toThrow(
      'Cannot read x.gz: what it holds must be at most 977 kiB unpacked (--memory raises it), got "3.81 MiB"',
    )
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
