import { describe, expect, it } from 'vitest'
import { numbersOf, readCsv } from '../../src/formats/csv.ts'

describe('readCsv()', () => {
  it('reads cells between commas, semicolons or tabs, quoted or not, with either line end', () => {
    const wanted = {
      columns: ['a', 'b, c'],
      rows: [
        ['1', 'x "y"'],
        ['', '3'],
      ],
    }
    expect(readCsv('a,"b, c"\n1,"x ""y"""\n,3\n', 't')).toEqual(wanted)
    expect(readCsv('\uFEFFa;b, c\r\n1;x "y"\r\n;3\r\n', 't')).toEqual(wanted)
    expect(readCsv('a\tb, c\n1\tx "y"\n\t3', 't')).toEqual(wanted)
    expect(readCsv('a\n1\n2\n', 't').rows).toEqual([['1'], ['2']])
  })

  it.each([
    ['a,b\n1\n', 'row 1 must be 2 cells, as the first line, got 1'],
    ['a,b\n1,"2\n', 'must be cells between delimiters'],
    ['a,b\n', 'the table must be a line of names and rows below it, got "1 lines"'],
    ['', 'the table must be a line of names and rows below it'],
  ])('says what is wrong with %j', (text, message) => {
    expect(() => readCsv(text, 't.csv')).toThrow(message)
  })

  it('`numbersOf()` names the first cell that is no number', () => {
    const table = readCsv('x\n1e3\n-2\n', 't')
    expect([...numbersOf(table, 0, 't')]).toEqual([1000, -2])
    for (const cell of ['', 'NaN', 'Infinity', '1,0 '])
      expect(() => numbersOf({ columns: ['x'], rows: [[cell]] }, 0, 't')).toThrow(
        'x in row 1 must be a finite number',
      )
  })
})
