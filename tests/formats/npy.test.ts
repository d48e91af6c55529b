import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { NdArray } from '../../src/formats/array.ts'
import { readNpy, readTexts, writeNpy } from '../../src/formats/npy.ts'
import { anyArray, bytesOf, expectNoCrash, expectNoPrefix, vectors } from './arrays.ts'

/** A version 1 file with a header of any text. */
function npy(header: string, data: Uint8Array = new Uint8Array()): Uint8Array {
  const text = new TextEncoder().encode(header)
  return Uint8Array.of(
    0x93,
    0x4e,
    0x55,
    0x4d,
    0x50,
    0x59,
    1,
    0,
    text.length & 255,
    text.length >> 8,
    ...text,
    ...data,
  )
}

describe('npy', () => {
  for (const { name, file, shape, values } of vectors.arrays) {
    it(`\`readNpy()\` reads what NumPy wrote: ${name}`, () => {
      const array = readNpy(bytesOf(file), name) as NdArray
      expect(array.shape).toEqual(shape)
      expect(Array.from(array.data)).toEqual(values)
    })
  }

  for (const [name, file] of Object.entries(vectors.refused)) {
    it(`\`readNpy()\` refuses ${name}`, () => {
      expect(() => readNpy(bytesOf(file), 'b.npy')).toThrow(/^Cannot read b\.npy: .+ must be .+, got ./)
    })
  }

  it('`readNpy()` reads texts of one element', () => {
    for (const [text, file] of Object.entries(vectors.texts)) expect(readNpy(bytesOf(file), 'x')).toBe(text)
  })

  it('`readNpy()` inverts `writeNpy()` for every type and shape', () => {
    fc.assert(
      fc.property(anyArray, array => {
        expect(readNpy(writeNpy(array), 'x')).toEqual(array)
      }),
      { seed: 1, numRuns: 300 },
    )
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), text => {
        fc.pre(!text.includes('\0'))
        expect(readNpy(writeNpy(text), 'x')).toBe(text)
      }),
      { seed: 1 },
    )
  })

  it('`readTexts()` inverts `writeNpy()` for lists of texts, of which none are longer than the longest', () => {
    for (const texts of [['one blob', '', 'ß→𝛼 two'], [''], []])
      expect(readTexts(writeNpy(texts), 'x')).toEqual(texts)
    expect(String.fromCharCode(...writeNpy(['abc', 'd']).subarray(0, 128))).toContain(
      "'descr': '<U3', 'fortran_order': False, 'shape': (2,)",
    )
    expect(() => writeNpy(['a', 'b\ud800'])).toThrow(
      'Cannot write a text: the text must be well-formed Unicode',
    )
  })

  it('`writeNpy()` writes the shortest header that puts the data at a multiple of 64 bytes', () => {
    const bytes = writeNpy({ data: Float32Array.of(1.5), shape: [1] })
    expect(bytes.length).toBe(128 + 4)
    const header = String.fromCharCode(...bytes.subarray(0, 128))
    const text = "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }"
    expect(header).toBe(`\x93NUMPY\x01\0v\0${text.padEnd(117)}\n`)
    const long = writeNpy({ data: new Uint8Array(), shape: Array.from({ length: 30 }, () => 0) })
    expect((long[8] + 256 * long[9] + 10) % 64).toBe(0)
  })

  it('`writeNpy()` writes only the part of the buffer that the array covers', () => {
    const data = Int16Array.of(1, 2, 3, 4).subarray(1, 3)
    expect(readNpy(writeNpy({ data, shape: [2] }), 'x')).toEqual({ data: Int16Array.of(2, 3), shape: [2] })
  })

  it('`writeNpy()` refuses data that does not fill its shape, and half a letter', () => {
    expect(() => writeNpy({ data: new Uint8Array(5), shape: [2, 3] })).toThrow(
      'the data must be 6 elements, got 5',
    )
    expect(() => writeNpy('a\ud800')).toThrow('Cannot write a text: the text must be well-formed Unicode')
  })

  it('`readNpy()` refuses every proper prefix', () => {
    expectNoPrefix(writeNpy({ data: Float64Array.of(1, 2), shape: [2] }), readNpy)
    expectNoPrefix(writeNpy('text'), readNpy)
    for (const name of ['Fortran u2', 'version 2', 'version 3']) {
      const { file } = vectors.arrays.find(entry => entry.name === name)!
      expectNoPrefix(bytesOf(file), readNpy)
    }
  })

  it('`readNpy()` refuses bytes after the data, and says what a cut header lacks', () => {
    const bytes = writeNpy({ data: Uint8Array.of(1, 2), shape: [2] })
    expect(() => readNpy(Uint8Array.of(...bytes, 0), 'b')).toThrow(
      'the data of shape (2) must be 2 bytes, got 3',
    )
    expect(() => readNpy(bytes.subarray(0, 100), 'b')).toThrow(
      'Cannot read b: the header must be 128 bytes, got 100',
    )
  })

  it('`readNpy()` reads damaged files to an array or a clean error', () => {
    expect(expectNoCrash(writeNpy({ data: Int32Array.of(1, 2), shape: [1, 2] }), readNpy)).toBeGreaterThan(
      150,
    )
  })

  it('`readNpy()` takes the keys in any order and with either quote, as Python would', () => {
    const header = `{"shape":(2,1),'fortran_order' : False , "descr":"|u1"}\n`
    expect(readNpy(npy(header, Uint8Array.of(7, 9)), 'x')).toEqual({
      data: Uint8Array.of(7, 9),
      shape: [2, 1],
    })
  })

  it('`readNpy()` refuses headers that are no such dictionary', () => {
    const good = "'descr': '|u1', 'fortran_order': False, 'shape': (1,)"
    const bad = [
      '',
      '{}',
      good,
      `{${good}, 'more': 1}`,
      `{${good}, 'descr': '|u1'}`,
      "{'descr': '|u1', 'shape': (1,)}",
      "{'descr': '|u1', 'fortran_order': 0, 'shape': (1,)}",
      "{'descr': '|u1', 'fortran_order': False, 'shape': 1}",
      "{'descr': '|u1', 'fortran_order': False, 'shape': (-1,)}",
      "{'descr': '|u1', 'fortran_order': False, 'shape': (1.0,)}",
      "{'descr': '|u1', 'fortran_order': False, 'shape': ((1,),)}",
      "{'descr': '|u1', 'fortran_order': False, 'shape': (process.exit(1),)}",
    ]
    expect(readNpy(npy(`{${good}}`, Uint8Array.of(3)), 'x')).toEqual({ data: Uint8Array.of(3), shape: [1] })
    for (const header of bad) {
      expect(() => readNpy(npy(header, Uint8Array.of(3)), 'b'), header).toThrow(
        'Cannot read b: the header must be a dictionary of descr, fortran_order and shape, got',
      )
    }
  })

  it('`readNpy()` is done quickly with hostile headers', () => {
    const hostile = [
      '{'.padEnd(60000, '}'),
      `{'shape': (${'1, '.repeat(20000)}x)}`,
      `{${' '.repeat(60000)}x}`,
    ]
    for (const header of hostile) {
      const start = performance.now()
      expect(() => readNpy(npy(header), 'b')).toThrow('Cannot read b: ')
      expect(performance.now() - start).toBeLessThan(5000)
    }
  })

  it('`readNpy()` refuses an absurd shape before it asks for the memory, and too many axes', () => {
    const huge = "{'descr': '<f8', 'fortran_order': True, 'shape': (99999999999, 99999999999), }"
    expect(() => readNpy(npy(huge), 'b')).toThrow(
      'Cannot read b: the data of shape (99999999999,99999999999) must be',
    )
    const deep = `{'descr': '<f8', 'fortran_order': True, 'shape': (${'0, '.repeat(33)}), }`
    expect(() => readNpy(npy(deep), 'b')).toThrow('the number of axes must be at most 32, got 33')
  })
})
