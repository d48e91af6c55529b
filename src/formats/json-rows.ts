/** Tables as JSON: a list of objects with the same names, as most programs write a table. */
import type { Table } from './csv.ts'
import { malformed } from './malformed.ts'

/**
 * Reads `[{"a": 1, "b": 2}, …]`, the columns in the order of the first row; what is null or no simple value is an empty cell.
 * @param name what the errors call the file
 * @throws SyntaxError for other JSON, no rows, and rows of other names
 */
export function readRows(text: string, name: string): Table {
  let list: unknown
  try {
    list = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    throw malformed(name, 'the file', 'JSON', (error as Error).message)
  }
  const isRow = (row: unknown): row is Record<string, unknown> =>
    typeof row === 'object' && row !== null && !Array.isArray(row)
  if (!Array.isArray(list) || list.length === 0 || !list.every(isRow))
    throw malformed(
      name,
      'the table',
      'a list of objects, one a row',
      Array.isArray(list) ? 'another list' : typeof list,
    )
  const columns = Object.keys(list[0])
  const rows = list.map((row, i) => {
    const same =
      columns.length === Object.keys(row).length && columns.every(column => Object.hasOwn(row, column))
    if (!same)
      throw malformed(
        name,
        `row ${i + 1}`,
        `of ${columns.join(', ')}, as the first`,
        Object.keys(row).join(', '),
      )
    return columns.map(column => cellOf(row[column]))
  })
  return { name, columns, rows }
}

const cellOf = (value: unknown): string =>
  typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean' ? String(value) : ''
