/** Tables as text, read by Papa Parse: any of comma, semicolon, tab and bar between the cells, quoted cells, either line end. */
import Papa from 'papaparse'
import { malformed } from './malformed.ts'

export interface Table {
  /** What the errors call the file. */
  readonly name: string
  /** The names in the first line; 1, 2, … where there is none. */
  readonly columns: readonly string[]
  /** As long as `columns`, all of them. */
  readonly rows: readonly (readonly string[])[]
}

export interface CsvOptions {
  /**
   * A table of measurements: what stands behind ` #` is a comment, and a first line of numbers alone is a row. Default:
   * every line counts, and the first one names the columns.
   */
  readonly measured?: boolean
}

/**
 * Reads a table.
 * @param name what the errors call the file
 * @throws SyntaxError on an open quote, a row of another length, or no row at all
 */
export function readCsv(text: string, name: string, { measured = false }: CsvOptions = {}): Table {
  const own = text.replace(/^\uFEFF/, '')
  const lines = measured ? own.replace(/(^|\s)#.*$/gm, '').trim() : own
  const [first = ''] = lines.split(/\r?\n/, 1)
  const { data, errors } = Papa.parse<string[]>(lines, {
    // With lines of one cell there is nothing to tell the delimiter by.
    delimiter: /[,;\t|]/.test(first) ? '' : ',',
    skipEmptyLines: true,
  })
  const [error] = errors.filter(({ type }) => type !== 'Delimiter')
  if (error) throw malformed(name, `row ${error.row ?? 0}`, 'cells between delimiters', error.message)
  const all = data.map(row => row.map(cell => cell.trim()))
  const bare = measured && all.length > 0 && all[0].every(cell => Number.isFinite(numberOf(cell)))
  const [columns = [], ...rows] = bare ? [all[0].map((_, i) => `${i + 1}`), ...all] : all
  if (rows.length === 0)
    throw malformed(name, 'the table', 'a line of names and rows below it', `${data.length} lines`)
  rows.forEach((row, i) => {
    if (row.length !== columns.length)
      throw malformed(name, `row ${i + 1}`, `${columns.length} cells, as the first line`, row.length)
  })
  return { name, columns, rows }
}

const numberOf = (cell: string): number => (cell === '' ? Number.NaN : Number(cell))

/** The place of a column by its name, or a place from 0 itself. Throws SyntaxError where it is not there. */
export function placeOf({ name, columns }: Table, column: string | number): number {
  const at = typeof column === 'number' ? column : columns.indexOf(column)
  if (at >= 0 && at < columns.length) return at
  throw malformed(name, 'a column', `one of ${columns.join(', ')}`, column)
}

/** The cells of a column, by its name or place, as numbers. Throws SyntaxError at the first that is none. */
export function numbersOf(table: Table, column: string | number): Float64Array<ArrayBuffer> {
  const { name, columns, rows } = table
  const at = placeOf(table, column)
  return Float64Array.from(rows, (row, i) => {
    const value = numberOf(row[at])
    if (Number.isFinite(value)) return value
    throw malformed(name, `${columns[at]} in row ${i + 1}`, 'a finite number', row[at])
  })
}
