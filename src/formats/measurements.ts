/** Tables of measurements: comments behind #, a head or none, columns by name. */
import { cannot } from '../base/errors.ts'
import { readCsv, type Table } from './csv.ts'

export interface Measurements extends Table {
  /** What the errors call the file. */
  readonly name: string
}

/**
 * Reads a table. What stands behind ` #` is a comment; without a head (the first line holds numbers alone) the columns are
 * called 1, 2, …
 * @throws SyntaxError as `readCsv()` does
 */
export function readMeasurements(bytes: Uint8Array, name: string): Measurements {
  const text = new TextDecoder()
    .decode(bytes)
    .replace(/(^|\s)#.*$/gm, '')
    .trim()
  const [first = ''] = text.split(/\r?\n/, 1)
  const cells = first.split(/[,;\t|]/)
  const bare = cells.every(cell => cell.trim() !== '' && Number.isFinite(Number(cell)))
  const [delimiter = ','] = /[,;\t|]/.exec(first) ?? []
  const head = bare ? `${cells.map((_, i) => i + 1).join(delimiter)}\n` : ''
  return { name, ...readCsv(head + text, name) }
}

/** A column of numbers, by name or place from 0. Throws RangeError naming the first cell that is none. */
export function columnOf(table: Measurements, column: string | number): Float64Array {
  const at = typeof column === 'number' ? column : table.columns.indexOf(column)
  const what = `read ${table.name}`
  if (at < 0 || at >= table.columns.length)
    throw new RangeError(cannot(what, 'the column', `one of ${table.columns.join(', ')}`, column))
  return Float64Array.from(table.rows, (row, i) => {
    const value = Number(row[at])
    if (row[at] === '' || !Number.isFinite(value))
      throw new RangeError(cannot(what, `row ${i + 1} of ${table.columns[at]}`, 'a number', row[at]))
    return value
  })
}
