/** Tables of comma-, semicolon- or tab-separated values, read by Papa Parse. */
import Papa from 'papaparse'
import { cannot } from '../base/errors.ts'
import { malformed } from './malformed.ts'

/** A table with a header; cells are texts without the spaces around them. */
export interface Table {
  /** What the errors call the file. */
  readonly name: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/**
 * Reads a table. What stands behind ` #` is a comment; empty lines are skipped. Without a header (the first line holds
 * numbers alone) the columns are called 1, 2, …
 * @throws SyntaxError naming the row with more or fewer cells than the header, or open quotes
 */
export function readCsv(bytes: Uint8Array, name: string): Table {
  const text = new TextDecoder().decode(bytes).replace(/(^|\s)#.*$/gm, '')
  const { data, errors } = Papa.parse<string[]>(text.trim(), { skipEmptyLines: 'greedy' })
  const open = errors.find(({ type }) => type === 'Quotes')
  if (open) throw malformed(name, `row ${(open.row ?? 0) + 1}`, 'whole', open.message)
  const [head, ...rest] = data.map(row => row.map(cell => cell.trim()))
  if (!head) throw malformed(name, 'the table', 'not empty', 'nothing')
  const bare = head.every(cell => cell !== '' && Number.isFinite(Number(cell)))
  const columns = bare ? head.map((_, i) => String(i + 1)) : head
  const rows = bare ? [head, ...rest] : rest
  if (rows.length === 0) throw malformed(name, 'the table', 'one with rows below the header', 'none')
  rows.forEach((row, i) => {
    if (row.length !== columns.length)
      throw malformed(name, `row ${i + 1}`, `of ${columns.length} cells`, row.length)
  })
  return { name, columns, rows }
}

/** A column of numbers, by name or place from 0. Throws RangeError naming the first cell that is none. */
export function numbersOf(table: Table, column: string | number): Float64Array {
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
