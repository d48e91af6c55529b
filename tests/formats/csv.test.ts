import { describe, expect, it } from 'vitest'
import { numbersOf, placeOf, readCsv } from '../../src/formats/csv.ts'

describe('readCsv()', () => {
  it('reads cells between commas, semicolons or tabs, quoted or not, with either line end', () => {
    const wanted = {
      name: 't',
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

  it('reads measurements: comments left out, with a head or without', () => {
    const read = (text: string) => readCsv(text, 'x.csv', { measured: true })
    for (const separator of [',', ';', '\t']) {
      const table = read(
        '# made by hand\r\nt,b  # counts, at 400\n1,2\n\n3, 4e-1\n'.replaceAll(/,(?! at)/g, separator),
      )
      expect(table.columns).toEqual(['t', 'b'])
      expect([...numbersOf(table, 'b')]).toEqual([2, 0.4])
    }
    expect(read('1,2\n3,4')).toMatchObject({
      columns: ['1', '2'],
      rows: [
        ['1', '2'],
        ['3', '4'],
      ],
    })
    expect(read('"a,b",c\n1,2').columns).toEqual(['a,b', 'c'])
    expect(readCsv('1,2 # no\n3,4', 'x').columns).toEqual(['1', '2 # no'])
  })

  it('`numbersOf()` names the first cell that is no number, `placeOf()` a column that is not there', () => {
    const table = readCsv('x\n1e3\n-2\n', 't')
    expect([...numbersOf(table, 0)]).toEqual([1000, -2])
    expect([...numbersOf(table, 'x')]).toEqual([1000, -2])
    for (const cell of ['', 'NaN', 'Infinity', '1,0 '])
      expect(() => numbersOf({ name: 't', columns: ['x'], rows: [[cell]] }, 0)).toThrow(
        'x in row 1 must be a finite number',
      )
    for (const column of ['y', 1, -1])
      expect(() => placeOf(table, column)).toThrow('Cannot read t: a column must be one of x, got')
  })
})
