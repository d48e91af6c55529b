import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { budgetFor } from '../../src/formats/budget.ts'
import { imagesFromFiles, type NamedBytes } from '../../src/formats/folder.ts'
import { writeNpy } from '../../src/formats/npy.ts'
import { writeNpz } from '../../src/formats/npz.ts'
import { writePng } from '../../src/formats/png-writer.ts'

function png(name: string, value: number, width = 2): NamedBytes {
  return { name, bytes: writePng({ data: new Uint8Array(width).fill(value), shape: [1, 1, width] }) }
}

function idx(name: string, shape: number[], data: number[]): NamedBytes {
  return { name, bytes: Uint8Array.of(0, 0, 8, shape.length, ...shape.flatMap(n => [0, 0, 0, n]), ...data) }
}

describe('folder', () => {
  it('`imagesFromFiles()` joins pictures in the order of their names, numbers by size', () => {
    const set = imagesFromFiles([
      png('a10.png', 10),
      png('b1.png', 20),
      png('a9.png', 9),
      png('.hidden', 1, 5),
    ])
    expect(set).toEqual({ shape: [1, 1, 2], count: 3, counts: Uint8Array.of(9, 9, 10, 10, 20, 20) })
  })

  it('`imagesFromFiles()` names the first file of another size', () => {
    expect(() => imagesFromFiles([png('a.png', 1), png('b.png', 1, 3), png('c.png', 1, 4)])).toThrow(
      'Cannot read b.png: the shape must be that of a.png, 1 x 1 x 2, got [1, 1, 3]',
    )
  })

  it('`imagesFromFiles()` leaves files alone that hold no images, and refuses a folder of nothing else', () => {
    const readme = { name: 'README.md', bytes: new TextEncoder().encode('# Data') }
    const said: string[] = []
    const source = { name: 'd', budget: budgetFor(100), say: (words: string) => said.push(words) }
    expect(imagesFromFiles([png('a.png', 1), readme], { source }).count).toBe(1)
    expect(said).toEqual(['1 file holds no images and is left alone (README.md)'])
    expect(() => imagesFromFiles([readme])).toThrow('Cannot read README.md: the file must be idx')
    expect(() => imagesFromFiles([])).toThrow('Cannot read images: the files must be at least one, got 0')
  })

  it('`imagesFromFiles()` makes classes of sub-folders if every file lies in one', () => {
    const files = [png('10/a.png', 3), png('2/b.png', 1), png('2/c.png', 2)]
    expect(imagesFromFiles(files)).toEqual({
      shape: [1, 1, 2],
      count: 3,
      counts: Uint8Array.of(1, 1, 2, 2, 3, 3),
      labels: Uint8Array.of(0, 0, 1),
      classes: ['2', '10'],
    })
    expect(imagesFromFiles([...files, png('d.png', 4)]).labels).toBeUndefined()
    expect(imagesFromFiles([png('only/a.png', 3), png('only/b.png', 1)]).labels).toBeUndefined()
  })

  it('`imagesFromFiles()` takes one part where every name says its part', () => {
    const files = [
      png('train/cat/1.png', 1),
      png('train/dog/1.png', 2),
      png('test/cat/7.png', 3),
      png('test/dog/8.png', 4),
    ]
    const train = imagesFromFiles(files)
    expect([...train.counts]).toEqual([1, 1, 2, 2])
    expect(train.classes).toEqual(['cat', 'dog'])
    expect([...imagesFromFiles(files, { split: 'test' }).counts]).toEqual([3, 3, 4, 4])
    expect([...imagesFromFiles(files.slice(2)).counts]).toEqual([3, 3, 4, 4])
    expect(() => imagesFromFiles(files.slice(2), { split: 'train' })).toThrow(
      'the part "train" must be among the files',
    )
    const words = [png('trainyard.png', 1), png('test.png', 2)]
    expect(imagesFromFiles(words).count).toBe(2)
  })

  it('`imagesFromFiles()` joins sets of several types and their labels', () => {
    const labels = { data: Uint8Array.of(5), shape: [1] }
    const a = {
      name: 'a.npz',
      bytes: writeNpz({ samples: { data: Uint8Array.of(1, 2), shape: [1, 1, 2] }, labels }),
    }
    const b = {
      name: 'b.npz',
      bytes: writeNpz({ samples: { data: Uint16Array.of(3, 400), shape: [1, 1, 2] }, labels }),
    }
    const c = { name: 'c.npy', bytes: writeNpy({ data: Uint8Array.of(5, 6), shape: [1, 1, 2] }) }
    const joined = imagesFromFiles([a, b])
    expect(joined).toEqual({
      shape: [1, 1, 2],
      count: 2,
      counts: Uint16Array.of(1, 2, 3, 400),
      labels: Uint8Array.of(5, 5),
    })
    expect(imagesFromFiles([a, b, c]).labels).toBeUndefined()
  })

  it('`imagesFromFiles()` pairs the files of MNIST, whatever else is there', () => {
    const files = [
      idx('train-images-idx3-ubyte', [2, 1, 2], [1, 2, 3, 4]),
      idx('train-labels-idx1-ubyte', [2], [7, 8]),
      idx('t10k-images.idx3-ubyte', [1, 1, 2], [5, 6]),
      idx('t10k-labels.idx1-ubyte', [1], [9]),
      { name: 'README.md', bytes: new Uint8Array() },
    ]
    const train = {
      shape: [1, 1, 2],
      count: 2,
      counts: Uint8Array.of(1, 2, 3, 4),
      labels: Uint8Array.of(7, 8),
    }
    expect(imagesFromFiles(files)).toEqual(train)
    const test = { shape: [1, 1, 2], count: 1, counts: Uint8Array.of(5, 6), labels: Uint8Array.of(9) }
    expect(imagesFromFiles(files, { split: 'test' })).toEqual(test)
    expect(imagesFromFiles(files.slice(2))).toEqual(test)
    expect(imagesFromFiles(files.slice(0, 1)).labels).toBeUndefined()
    const short = [files[0], idx('train-labels-idx1-ubyte', [1], [7])]
    expect(() => imagesFromFiles(short)).toThrow(
      'Cannot read train-images-idx3-ubyte: the shape of labels must be [2], got [1]',
    )
  })

  const mnist = new URL('../../../shared/data/mnist/', import.meta.url)
  it.skipIf(!existsSync(mnist))(
    '`imagesFromFiles()` reads MNIST to the last pixel (skipped where it is absent)',
    () => {
      const names = ['t10k-images-idx3', 't10k-labels-idx1', 'train-images-idx3', 'train-labels-idx1']
      const files = names.map(part => {
        const name = `${part}-ubyte.gz`
        return { name, bytes: readFileSync(new URL(name, mnist)) }
      })
      const set = imagesFromFiles(files)
      expect([set.count, ...set.shape]).toEqual([60000, 1, 28, 28])
      expect([...set.labels!.subarray(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4])
      const file = createHash('md5').update(
        Buffer.from('00000803 0000ea60 0000001c 0000001c'.replaceAll(' ', ''), 'hex'),
      )
      // of the unpacked file as it was first published
      expect(file.update(set.counts).digest('hex')).toBe('6bbc9ace898e44ae57da46a324031adb')
      expect(imagesFromFiles(files, { split: 'test' }).count).toBe(10000)
    },
  )
})
