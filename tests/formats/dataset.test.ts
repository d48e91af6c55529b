import { existsSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { NdArray } from '../../src/formats/array.ts'
import { readImages } from '../../src/formats/dataset.ts'
import { writeNpy } from '../../src/formats/npy.ts'
import { writeNpz } from '../../src/formats/npz.ts'
import { writePng } from '../../src/formats/png-writer.ts'
import { bytesOf, vectors } from './arrays.ts'

const pair: NdArray = { data: Int32Array.of(0, 1, 2, 300), shape: [2, 1, 2] }
const expected = { shape: [1, 1, 2], count: 2, counts: Uint16Array.of(0, 1, 2, 300) }

function cifar(labels: number[], pixel: (i: number) => number): Uint8Array {
  const bytes = new Uint8Array(3073 * labels.length)
  for (let i = 0; i < bytes.length; i++) bytes[i] = i % 3073 === 0 ? labels[i / 3073] : pixel(i)
  return bytes
}

describe('dataset', () => {
  it('`readImages()` tells the formats apart by their bytes, with or without gzip', () => {
    const idx = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 9, 8, 7, 6)
    const png = writePng({ data: Uint8Array.of(9, 8, 7, 6), shape: [1, 2, 2] })
    const cases: [Uint8Array, object][] = [
      [writeNpy(pair), expected],
      [writeNpz({ samples: pair }), expected],
      [idx, { shape: [1, 1, 2], count: 2, counts: Uint8Array.of(9, 8, 7, 6) }],
      [png, { shape: [1, 2, 2], count: 1, counts: Uint8Array.of(9, 8, 7, 6), bits: 8 }],
    ]
    for (const [bytes, set] of cases) {
      expect(readImages('anything', bytes)).toEqual(set)
      expect(readImages('anything', new Uint8Array(gzipSync(bytes)))).toEqual(set)
    }
  })

  it('`readImages()` reads an RGB picture as one image of three channels', () => {
    const { file, values } = vectors.pictures.find(({ name }) => name === 'RGB')!
    const set = readImages('a.png', bytesOf(file))
    expect(set).toEqual({ shape: [3, 3, 5], count: 1, counts: Uint8Array.from(values), bits: 8 })
  })

  it('`readImages()` finds images and labels in an npz by their names', () => {
    const labels: NdArray = { data: Float64Array.of(3, 1), shape: [2] }
    const other: NdArray = { data: Uint8Array.of(5), shape: [1, 1] }
    const labelled = { ...expected, labels: Uint8Array.of(3, 1) }
    for (const [images, classes] of [
      ['samples', 'labels'],
      ['images', 'classes'],
      ['x_train', 'y_train'],
      ['arr_0', 'labels'],
    ]) {
      const file = writeNpz({ other, [classes]: labels, [images]: pair })
      expect(readImages('a.npz', file)).toEqual(labelled)
    }
    expect(readImages('a.npz', writeNpz({ anything: pair, labels }))).toEqual(labelled)
    expect(readImages('a.npz', bytesOf(vectors.archives.stored)).labels).toEqual(Int32Array.of(7, 300))
    expect(() => readImages('a.npz', writeNpz({ a: pair, b: pair }))).toThrow(
      'Cannot read a.npz: one array must be called samples, images, x_train, arr_0, got ["a", "b"]',
    )
  })

  it('`readImages()` takes the part of an npz that is asked for', () => {
    const test: NdArray = { data: Uint8Array.of(8, 9), shape: [1, 1, 2] }
    const one: NdArray = { data: Uint8Array.of(4), shape: [1] }
    const two: NdArray = { data: Uint8Array.of(1, 2), shape: [2] }
    const file = writeNpz({ x_test: test, x_train: pair, y_test: one, y_train: two })
    expect(readImages('a.npz', file, { split: 'test' })).toEqual({
      shape: [1, 1, 2],
      count: 1,
      counts: Uint8Array.of(8, 9),
      labels: Uint8Array.of(4),
    })
    expect(readImages('a.npz', file)).toEqual({ ...expected, labels: Uint8Array.of(1, 2) })
  })

  it('`readImages()` refuses labels that are not as many as the images, or no class numbers', () => {
    const read = (...labels: number[]) => {
      const array = { data: Float64Array.from(labels), shape: [labels.length] }
      return () => readImages('a.npz', writeNpz({ samples: pair, labels: array }))
    }
    expect(read(1)).toThrow('Cannot read a.npz: the shape of labels must be [2], got [1]')
    expect(read(1, 0.5)).toThrow(
      'Cannot read a.npz: label 1 must be a whole number from 0 to 2^31 - 1, got 0.5',
    )
    expect(read(-1, 0)).toThrow('label 0 must be a whole number')
    const codes = { data: Uint8Array.of(1, 0, 0, 1), shape: [2, 2] }
    expect(() => readImages('a.npz', writeNpz({ samples: pair, labels: codes }))).toThrow(
      'Cannot read a.npz: the shape of labels must be [2], got [2, 2]',
    )
  })

  it('`readImages()` refuses what holds no counts and names the file', () => {
    const negative = writeNpy({ data: Float32Array.of(1, -2), shape: [1, 2] })
    expect(() => readImages('a.npy', negative)).toThrow('Cannot read a.npy: the count at [0, 1] must be')
    expect(() => readImages('a.npy', writeNpy('text'))).toThrow(
      'Cannot read a.npy: the array must be of numbers',
    )
    expect(() => readImages('a.txt', new TextEncoder().encode('hello'))).toThrow(
      'Cannot read a.txt: the file must be idx, npy, npz, PNG or CIFAR-10 binary, got "a text: save numbers by numpy.save or as a picture"',
    )
    expect(() => readImages('empty', new Uint8Array())).toThrow('Cannot read empty: the file must be')
  })

  it('`readImages()` reads records of CIFAR-10, even where they begin like idx', () => {
    const set = readImages(
      'b.bin',
      cifar([0, 9], i => (i === 1 ? 0 : i === 2 ? 8 : i % 251)),
    )
    expect(set.shape).toEqual([3, 32, 32])
    expect(set.labels).toEqual(Uint8Array.of(0, 9))
    expect([...set.counts.subarray(0, 4)]).toEqual([0, 8, 3, 4])
    // the first red byte of the second record
    expect(set.counts[3072]).toBe(3074 % 251)
    expect(() =>
      readImages(
        'b.bin',
        cifar([0, 10], () => 1),
      ),
    ).toThrow('the file must be idx')
  })

  const data = new URL('../../../shared/data/', import.meta.url)
  const name = 'cifar10/test_batch_first1000.bin.gz'
  it.skipIf(!existsSync(new URL(name, data)))(
    '`readImages()` reads CIFAR-10 (skipped where it is absent)',
    () => {
      const set = readImages('test', readFileSync(new URL(name, data)))
      expect(set.count).toBe(1000)
      // cat, ship, ship, airplane: the order that every copy of the test set has
      expect([...set.labels!.subarray(0, 4)]).toEqual([3, 8, 8, 0])
    },
  )

  const volume = 'microstructures/nmc_cathode_lowres_128x128x128.npy.gz'
  it.skipIf(!existsSync(new URL(volume, data)))(
    '`readImages()` reads a volume as its slices (skipped where it is absent)',
    () => {
      const set = readImages('volume', readFileSync(new URL(volume, data)))
      expect([set.count, ...set.shape]).toEqual([128, 1, 128, 128])
      let pores = 0
      for (const label of set.counts) if (label === 0) pores++
      expect(pores / set.counts.length).toBeCloseTo(0.5797, 4)
    },
  )
})
