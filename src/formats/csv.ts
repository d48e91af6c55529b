/** Tables as text, read by Papa Parse: any of comma, semicolon, tab and bar between the cells, quoted cells, either line end. */
import Papa from 'papaparse'
import { malformed } from './malformed.ts'

export interface Table {
  /** The names in the first line. */
  readonly columns: readonly string[]
  /** As long as `columns`, all of them. */
  readonly rows: readonly (readonly string[])[]
}

/**
 * Reads a table whose first line names its columns.
 * @param name what the errors call the file
 * @throws SyntaxError on an open quote, a row of another length, or no row at all
 */
export function readCsv(text: string, name: string): Table {
  const [first = ''] = text.split(/\r?\n/, 1)
  const delimiter = /[,;\t|]/.test(first) ? '' : ','
  const { data, errors } = Papa.parse<string[]>(text.replace(/^\uFEFF/, ''), {
    delimiter,
    skipEmptyLines: true,
  })
  // With lines of one cell there is nothing to tell the delimiter by.
  const [error] = errors.filter(({ type }) => type !== 'Delimiter')
  if (error) throw malformed(name, `row ${error.row ?? 0}`, 'cells between delimiters', error.message)
  const [columns = [], ...rows] = data.map(row => row.map(cell => cell.trim()))
  if (rows.length === 0)
    throw malformed(name, 'the table', 'a line of names and rows below it', `${data.length} lines`)
  rows.forEach((row, i) => {
    if (row.length !== columns.length)
      throw malformed(name, `row ${i + 1}`, `${columns.length} cells, as the first line`, row.length)
  })
  return { columns, rows }
}

/** The cells of a column as numbers. Throws SyntaxError at the first that is none. */
export function numbersOf({ columns, rows }: Table, column: number, name: string): Float64Array {
  return Float64Array.from(rows, (row, i) => {
    const value = row[column] === '' ? Number.NaN : Number(row[column])
    if (Number.isFinite(value)) return value
    throw malformed(name, `${columns[column]} in row ${i + 1}`, 'a finite number', row[column])
  })
}
