import { describe, expect, it } from 'vitest'
import { numbersOf, readCsv } from '../../src/formats/csv.ts'

const read = (text: string) => readCsv(new TextEncoder().encode(text), 'x.csv')

describe('readCsv()', () => {
  it('reads commas, semicolons and tabs, with a header or without, comments left out', () => {
    for (const separator of [',', ';', '\t']) {
      const table = read(
        `# made by hand\r\nt,b  # counts, at 400\n1,2\n\n3, 4e-1\n`.replaceAll(/,(?! at)/g, separator),
      )
      expect(table.columns).toEqual(['t', 'b'])
      expect([...numbersOf(table, 'b')]).toEqual([2, 0.4])
    }
    expect(read('1,2\n3,4').columns).toEqual(['1', '2'])
    expect(read('"a,b",c\n1,2').columns).toEqual(['a,b', 'c'])
  })

  it('refuses rows of another length, empty tables, texts where numbers should be, open quotes', () => {
    expect(() => read('a,b\n1,2\n3')).toThrow('Cannot read x.csv: row 2 must be of 2 cells, got 1')
    expect(() => read('')).toThrow(/the table must be not empty/)
    expect(() => read('a,b')).toThrow(/one with rows/)
    expect(() => read('a,b\n1,"2')).toThrow(/whole/)
    expect(() => numbersOf(read('a,b\n1,x'), 'b')).toThrow('row 1 of b must be a number, got "x"')
    expect(() => numbersOf(read('a,b\n1,'), 'b')).toThrow(/row 1 of b/)
    expect(() => numbersOf(read('a,b\n1,2'), 'c')).toThrow('the column must be one of a, b, got "c"')
  })
})
