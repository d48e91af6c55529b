import { describe, expect, it } from 'vitest'
import { columnOf, readMeasurements } from '../../src/formats/measurements.ts'

const read = (text: string) => readMeasurements(new TextEncoder().encode(text), 'x.csv')

describe('readMeasurements()', () => {
  it('reads commas, semicolons and tabs, with a head or without, comments left out', () => {
    for (const separator of [',', ';', '\t']) {
      const table = read(
        '# made by hand\r\nt,b  # counts, at 400\n1,2\n\n3, 4e-1\n'.replaceAll(/,(?! at)/g, separator),
      )
      expect(table.columns).toEqual(['t', 'b'])
      expect([...columnOf(table, 'b')]).toEqual([2, 0.4])
    }
    expect(read('1,2\n3,4').columns).toEqual(['1', '2'])
    expect(read('"a,b",c\n1,2').columns).toEqual(['a,b', 'c'])
  })

  it('refuses texts where numbers should be, and columns that are not there', () => {
    expect(() => columnOf(read('a,b\n1,x'), 'b')).toThrow('row 1 of b must be a number, got "x"')
    expect(() => columnOf(read('a,b\n1,'), 'b')).toThrow(/row 1 of b/)
    expect(() => columnOf(read('a,b\n1,2'), 'c')).toThrow('the column must be one of a, b, got "c"')
  })
})
