// Windows of tables as counts, and back.
import { describe, expect, it } from 'vitest'
import { numbersOf, readCsv } from '../../src/formats/csv.ts'
import { readSeries } from '../../src/formats/series.ts'
import { seriesText } from '../../src/formats/series-text.ts'

const table = readCsv('day,a,b\nx,1,2.5\nx,2,-0.5\nx,3,7\ny,4,1\ny,5,1\ny,6,2\ny,7,0\nz,9,9\n', 't.csv')

describe('`readSeries()`', () => {
  it('takes windows row by row, a channel for each column', () => {
    const { images, columns } = readSeries(table, { window: 3, columns: ['a'] })
    expect([images.shape, images.count]).toEqual([[1, 1, 3], 6])
    expect([...images.counts.subarray(0, 6)]).toEqual([1, 2, 3, 2, 3, 4])
    expect(columns).toEqual([{ name: 'a', low: 0, step: 1 }])
  })

  it('keeps windows within rows that belong together, and counts the parts that are too short', () => {
    const { images, short } = readSeries(table, { window: 3, columns: ['a'], by: 'day' })
    expect([...images.counts]).toEqual([1, 2, 3, 4, 5, 6, 5, 6, 7])
    expect(short).toBe(1)
    const apart = readSeries(table, { window: 3, stride: 3, columns: ['a'], by: 'day' })
    expect([...apart.images.counts]).toEqual([1, 2, 3, 4, 5, 6])
  })

  it('makes levels of values from the least to the largest, known to half a step', () => {
    const { images, columns } = readSeries(table, { window: 1, columns: ['b'], levels: 16 })
    expect(columns[0].low).toBe(-0.5)
    expect(columns[0].step).toBeCloseTo(9.5 / 15, 12)
    const back = numbersOf(
      readCsv(seriesText({ counts: images.counts, shape: [images.count, ...images.shape] }, columns), 'back'),
      'b',
    )
    numbersOf(table, 'b').forEach((value, i) => {
      expect(Math.abs(back[i] - value)).toBeLessThanOrEqual((1 + 1e-9) * (columns[0].step / 2))
    })
  })

  it.each([
    ['gaps', 'a,b\n1,1\n,2\n3,3\n', {}, 'a in row 2 must be a finite number'],
    ['texts', 'a\n1\nmany\n3\n', { levels: 8 }, 'a in row 2 must be a finite number'],
    ['NaN', 'a\nNaN\n1\n2\n', { levels: 8 }, 'a in row 1 must be a finite number'],
    [
      'values that are no counts',
      'a\n1\n2.5\n3\n',
      {},
      'a in row 2 must be a count (for other numbers give --levels 256)',
    ],
    ['negative counts', 'a\n1\n-2\n3\n', {}, 'must be a count'],
    [
      'constant columns',
      'a,b\n1,7\n2,7\n3,7\n',
      { levels: 8 },
      'the column b must be of several values (leave it out with --columns)',
    ],
    ['short tables', 'a\n1\n2\n', {}, '3 rows that belong together, a window'],
    ['unknown columns', 'a\n1\n2\n3\n', { columns: ['c'] }, 'a column must be one of a'],
  ])('says in one line what is wrong with %s', (_, text, options, words) => {
    expect(() => readSeries(readCsv(text, 't.csv'), { window: 3, ...options })).toThrow(words)
  })
})

describe('`seriesText()`', () => {
  it('writes a line a step, names quoted where they must be', () => {
    const columns = [
      { name: 'a,b', low: 10, step: 0.5 },
      { name: 'c', low: 0, step: 1 },
    ]
    const text = seriesText({ counts: [0, 1, 5, 6, 2, 3, 7, 8], shape: [2, 2, 1, 2] }, columns)
    expect(text).toBe('series,step,"a,b",c\n0,0,10,5\n0,1,10.5,6\n1,0,11,7\n1,1,11.5,8\n')
  })
})
