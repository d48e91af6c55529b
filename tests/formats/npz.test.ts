import fc from 'fast-check'
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { writeNpy } from '../../src/formats/npy.ts'
import { openNpz, readNpz, writeNpz } from '../../src/formats/npz.ts'
import { readZip } from '../../src/formats/zip.ts'
import { anyArray, bytesOf, expectNoCrash, expectNoPrefix, vectors } from './arrays.ts'

const small = { samples: { data: Uint16Array.of(1, 2, 300), shape: [3] }, note: 'µ' }

describe('npz', () => {
  it('`readNpz()` reads what NumPy wrote, stored', () => {
    const data = Float64Array.from({ length: 24 }, (_, i) => i)
    expect(readNpz(bytesOf(vectors.archives.stored), 'x')).toEqual({
      images: { data, shape: [2, 1, 3, 4] },
      labels: { data: Float64Array.of(7, 300), shape: [2] },
      note: 'a note',
    })
  })

  it('`readNpz()` reads what NumPy wrote, packed', () => {
    const data = Float64Array.from({ length: 24 }, (_, i) => i)
    expect(readNpz(bytesOf(vectors.archives.packed), 'x')).toEqual({ arr_0: { data, shape: [2, 3, 4] } })
  })

  it('`readNpz()` inverts `writeNpz()`', () => {
    const any = fc.dictionary(fc.string(), fc.oneof(anyArray, fc.constant('a text')), {
      noNullPrototype: true,
    })
    fc.assert(
      fc.property(any, arrays => {
        expect(readNpz(writeNpz(arrays), 'x')).toEqual(arrays)
      }),
      { seed: 1 },
    )
  })

  it('`writeNpz()` stores without packing when asked, and that reads back as well', () => {
    const arrays = { zeros: { data: new Float32Array(1000), shape: [1000] } }
    const stored = writeNpz(arrays, { pack: false })
    expect(stored.length).toBeGreaterThan(4000)
    expect(writeNpz(arrays).length).toBeLessThan(1000)
    expect(readNpz(stored, 'x')).toEqual(arrays)
    expectNoPrefix(writeNpz(small, { pack: false }), readNpz)
  })

  it('`writeNpz()` gives the same bytes whenever and wherever it runs', () => {
    const zone = process.env.TZ
    const bytes = writeNpz(small)
    try {
      for (const other of ['Pacific/Auckland', 'America/Los_Angeles', 'UTC']) {
        process.env.TZ = other
        expect(writeNpz(structuredClone(small))).toEqual(bytes)
      }
    } finally {
      if (zone === undefined) delete process.env.TZ
      else process.env.TZ = zone
    }
    // 1980-01-01 00:00:00, as MS-DOS writes it
    expect([...bytes.subarray(10, 14)]).toEqual([0, 0, 0x21, 0])
  })

  it('`readNpz()` refuses every proper prefix', () => {
    expectNoPrefix(writeNpz(small), readNpz)
    expectNoPrefix(bytesOf(vectors.archives.packed), readNpz)
  })

  it('`readNpz()` reads damaged files to the same numbers or a clean error', () => {
    for (const file of [writeNpz(small), bytesOf(vectors.archives.stored)]) {
      const intact = Object.values(readNpz(file, 'x'))
      expectNoCrash(file, (damaged, name) => {
        // A name in the directory has no checksum, so an array may go by another one or be left out.
        for (const array of Object.values(readNpz(damaged, name))) expect(intact).toContainEqual(array)
      })
    }
  })

  it('`openNpz()` reads an array only when asked, so that one bad array does not spoil the others', () => {
    const good = writeNpy({ data: Uint8Array.of(1), shape: [1] })
    const archive = zipSync({ 'bad.npy': good.subarray(1), 'good.npy': good, 'README.txt': good })
    const arrays = openNpz(archive, 'b.npz')
    expect([...arrays.keys()]).toEqual(['bad', 'good'])
    expect(arrays.get('good')!()).toEqual({ data: Uint8Array.of(1), shape: [1] })
    expect(arrays.get('bad')).toThrow('Cannot read bad.npy of b.npz: the first bytes must be')
  })

  it('`readZip()` refuses two members of one name, and bytes after the end', () => {
    const bytes = zipSync({ 'a.npy': writeNpy(small.samples), 'b.npy': writeNpy('b') })
    const twice = bytes.slice()
    twice[Buffer.from(bytes).lastIndexOf('b.npy')] = 'a'.charCodeAt(0)
    expect([...readZip(bytes, 'x').keys()]).toEqual(['a.npy', 'b.npy'])
    expect(() => readZip(twice, 'b')).toThrow(
      'Cannot read b: the names of members must be distinct, got "a.npy"',
    )
    expect(() => readZip(Uint8Array.of(...bytes, 0), 'b')).toThrow(
      'the archive must be closed by a directory',
    )
  })

  it('`readZip()` reads an archive with a comment', () => {
    const bytes = zipSync({ 'a.npy': writeNpy('a') })
    const commented = Uint8Array.of(...bytes, 104, 105)
    commented[bytes.length - 2] = 2
    expect([...readZip(commented, 'x').keys()]).toEqual(['a.npy'])
  })

  it('`readZip()` refuses encrypted members, other compressions and an absurd size', () => {
    const bytes = zipSync({ 'a.npy': writeNpy(small.samples) })
    const entry = Buffer.from(bytes).indexOf('PK\x01\x02')
    const changed = (at: number, ...values: number[]) => {
      const copy = bytes.slice()
      copy.set(values, entry + at)
      return () => readZip(copy, 'b').get('a.npy')!()
    }
    expect(changed(8, 1)).toThrow('Cannot read a.npy of b: the member must be unencrypted')
    expect(changed(10, 12)).toThrow('the compression must be 0 (none) or 8 (deflate), got 12')
    expect(changed(24, 255, 255, 255, 255)).toThrow('the unpacked size must be at most')
    expect(changed(20, 255, 255, 255, 255)).toThrow('the packed size must be at most')
    expect(changed(42, 9)).toThrow('the member must be at byte 9, before the directory')
  })
})
