import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  asImages,
  elementOf,
  fromBytes,
  halves,
  packImages,
  smallestUnsigned,
} from '../../src/formats/array.ts'

describe('array', () => {
  it('`halves()` reads all 65,536 reals of 16 bits as IEEE 754 has them', () => {
    const all = Uint16Array.from({ length: 65_536 }, (_, bits) => bits)
    const wanted = Array.from(all, bits => {
      const [sign, exponent, fraction] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023]
      if (exponent === 31) return fraction > 0 ? Number.NaN : sign * Infinity
      return sign * (exponent > 0 ? 1 + fraction / 1024 : fraction / 512) * 2 ** (exponent - 15)
    })
    expect(Array.from(halves(all))).toEqual(wanted)
  })

  it('`asImages()` reads [H, W], [N, H, W] and [N, C, H, W]', () => {
    const data = Float64Array.from({ length: 24 }, (_, i) => i)
    expect(asImages({ data, shape: [4, 6] }).shape).toEqual([1, 1, 4, 6])
    expect(asImages({ data, shape: [2, 3, 4] }).shape).toEqual([2, 1, 3, 4])
    const images = asImages({ data, shape: [2, 3, 2, 2] })
    expect(images).toEqual({ shape: [2, 3, 2, 2], counts: Int32Array.from(data) })
  })

  it('`asImages()` names the first element that is no count, by its own index', () => {
    const wanted = 'must be a whole number from 0 to 2^31 - 1, got'
    const at = (i: number, value: number, shape = [2, 3, 4]) => {
      const data = new Float64Array(24)
      data[i] = value
      data[23] = -7
      return () => asImages({ data, shape }, 'b.npy')
    }
    expect(at(0, -1)).toThrow(`Cannot read b.npy: the count at [0, 0, 0] ${wanted} -1`)
    expect(at(14, 0.5)).toThrow(`Cannot read b.npy: the count at [1, 0, 2] ${wanted} 0.5`)
    expect(at(13, Number.NaN, [6, 4])).toThrow(`the count at [3, 1] ${wanted} NaN`)
    expect(at(5, 2 ** 31)).toThrow(`the count at [0, 1, 1] ${wanted} 2147483648`)
    expect(at(5, Number.POSITIVE_INFINITY)).toThrow(`${wanted} Infinity`)
  })

  it('`asImages()` bounds the mass of each image, all channels together, by 2^31 - 1', () => {
    const fits = { data: Float64Array.of(2 ** 30, 2 ** 30 - 1, 2 ** 30, 0), shape: [2, 2, 1, 1] }
    expect(asImages(fits).counts[1]).toBe(2 ** 30 - 1)
    const over = { data: Float64Array.of(1, 0, 2 ** 30, 2 ** 30), shape: [2, 2, 1, 1] }
    expect(() => asImages(over, 'c')).toThrow(
      'Cannot read c: the mass of image 1 must be at most 2^31 - 1, got 2147483648',
    )
  })

  it('`asImages()` refuses other numbers of axes and axes of length 0', () => {
    const data = new Uint8Array()
    expect(() => asImages({ data, shape: [0] })).toThrow(
      'the shape of images must be [(N, (C,)) H, W], got [0]',
    )
    expect(() => asImages({ data, shape: [1, 1, 1, 1, 0] })).toThrow('the shape of images must be')
    expect(() => asImages({ data, shape: [0, 3, 3] })).toThrow('must be without a zero, got [0, 3, 3]')
  })

  it('`packImages()` keeps the counts of `asImages()` in the smallest type, without a copy if it is that already', () => {
    const max = fc.constantFrom(1, 255, 256, 65535, 65536, 2 ** 28)
    const counts = max.chain(max => fc.array(fc.nat(max), { minLength: 6, maxLength: 6 }))
    fc.assert(
      fc.property(counts, counts => {
        const array = { data: Float64Array.from(counts), shape: [2, 3] }
        const packed = packImages(array)
        expect([...packed.counts]).toEqual([...asImages(array).counts])
        expect(packed.counts).toBeInstanceOf(smallestUnsigned(Math.max(...counts)))
      }),
      { seed: 1 },
    )
    const data = Uint8Array.of(1, 2)
    expect(packImages({ data, shape: [1, 2] }).counts).toBe(data)
  })

  it('`smallestUnsigned()` changes type just above 255 and 65,535', () => {
    const names = [0, 255, 256, 65535, 65536, 2 ** 32 - 1].map(max => smallestUnsigned(max).name)
    expect(names).toEqual([
      'Uint8Array',
      'Uint8Array',
      'Uint16Array',
      'Uint16Array',
      'Uint32Array',
      'Uint32Array',
    ])
    expect(() => smallestUnsigned(2 ** 32)).toThrow('the largest count must be in [0, 2^32), got 4294967296')
  })

  it('`fromBytes()` turns big-endian elements around and leaves the given bytes alone', () => {
    const bytes = Uint8Array.of(0, 1, 2, 3)
    expect(fromBytes(bytes, { element: 'u4', bigEndian: true, name: '' })).toEqual(Uint32Array.of(0x00010203))
    expect(fromBytes(bytes, { element: 'u2', bigEndian: true, name: '' })).toEqual(Uint16Array.of(1, 0x0203))
    expect(fromBytes(bytes, { element: 'u2', bigEndian: false, name: '' })).toEqual(
      Uint16Array.of(256, 0x0302),
    )
    expect(bytes).toEqual(Uint8Array.of(0, 1, 2, 3))
  })

  it('`elementOf()` names the types as NumPy does', () => {
    expect(elementOf(new Int16Array())).toBe('i2')
    expect(elementOf(new Float64Array())).toBe('f8')
  })
})
