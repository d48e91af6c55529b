// Tables as JSON.
import { describe, expect, it } from 'vitest'
import { readRows } from '../../src/formats/json-rows.ts'

describe('`readRows()`', () => {
  it('reads objects as rows, whatever the order of their names', () => {
    expect(readRows('[{"a": 1, "b": "x"}, {"b": null, "a": 2.5}]', 't.json')).toEqual({
      name: 't.json',
      columns: ['a', 'b'],
      rows: [
        ['1', 'x'],
        ['2.5', ''],
      ],
    })
  })

  it.each([
    ['no JSON', '[{', 'the file must be JSON'],
    ['an object', '{"a": 1}', 'a list of objects, one a row'],
    ['an empty list', '[]', 'a list of objects, one a row'],
    ['lists', '[[1, 2]]', 'a list of objects, one a row'],
    ['rows of other names', '[{"a": 1}, {"b": 1}]', 'row 2 must be of a, as the first'],
  ])('refuses %s in one line', (_, text, words) => {
    expect(() => readRows(text, 't.json')).toThrow(words)
  })
})
