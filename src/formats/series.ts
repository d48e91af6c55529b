/** Series of numbers out of a table: windows of its rows as counts, a channel for each column. */
import { cannot, demand } from '../base/errors.ts'
import { numbersOf, placeOf, type Table } from './csv.ts'
import type { ImageSet } from './dataset.ts'
import { malformed } from './malformed.ts'

/** What the counts of a channel mean: `value = low + step · count`. */
export interface Quantised {
  readonly name: string
  readonly low: number
  readonly step: number
}

/** How windows are cut, and values made counts. */
export interface SeriesOptions {
  /** Rows of a window. */
  readonly window: number
  /** From the first row of one window to that of the next; default 1. */
  readonly stride?: number
  /** The columns that are taken, by name; default: all but `by` and `tell`. */
  readonly columns?: readonly string[]
  /** A column whose equal neighbours belong together: windows do not go from one value to the next. */
  readonly by?: string
  /** Columns of which only the mean over each window is taken; of texts that of its first row. */
  readonly tell?: readonly string[]
  /** Counts 0 … levels − 1 from the least to the largest value of each column; default: the values are counts themselves. */
  readonly levels?: number
}

export interface Series {
  /** Windows [N, C, 1, window]. */
  readonly images: ImageSet
  readonly columns: readonly Quantised[]
  /** Of each column of `tell` what is said of every window, [N]. */
  readonly told: ReadonlyMap<string, Float64Array<ArrayBuffer> | readonly string[]>
  /** Groups too short for a window. */
  readonly short: number
}

/** Most counts of all windows together. */
const room = 2 ** 28

/**
 * Windows of the rows of a table. With `levels` a value is known to half a step of its column.
 * @throws SyntaxError for cells that are no numbers or, without `levels`, no counts; RangeError for constant columns and
 * tables shorter than a window
 */
export function readSeries(table: Table, options: SeriesOptions): Series {
  const { window, stride = 1, by, levels, tell = [] } = options
  const names = options.columns ?? table.columns.filter(name => name !== by && !tell.includes(name))
  const groups = groupsOf(table, by)
  const read = names.map(name => channelOf(table, name, levels))
  const starts: number[] = []
  let short = 0
  for (const [from, past] of groups) {
    if (past - from < window) short++
    for (let row = from; row + window <= past; row += stride) starts.push(row)
  }
  const what = `read ${table.name}`
  const rows = `${window} rows that belong together, a window`
  demand(starts.length > 0, what, 'the table', rows, `${table.rows.length} in ${short} parts`)
  const size = names.length * window
  demand(starts.length * size <= room, what, 'the windows', `at most ${room} counts`, starts.length * size)
  const counts = new Uint32Array(starts.length * size)
  starts.forEach((row, i) => {
    read.forEach(({ counts: of }, c) => {
      counts.set(of.subarray(row, row + window), i * size + c * window)
    })
  })
  const images: ImageSet = { shape: [names.length, 1, window], count: starts.length, counts }
  const told = new Map(tell.map(name => [name, saidOf(table, name, { starts, window })] as const))
  return { images, columns: read.map(({ name, low, step }) => ({ name, low, step })), told, short }
}

/** The counts of a column, and what they mean. */
function channelOf(
  table: Table,
  name: string,
  levels?: number,
): Quantised & { readonly counts: Uint32Array } {
  const values = numbersOf(table, placeOf(table, name))
  if (levels === undefined) return { name, low: 0, step: 1, counts: wholeCounts(values, { table, name }) }
  let [low, high] = [Infinity, -Infinity]
  for (const value of values) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  const step = (high - low) / (levels - 1)
  if (!(step > 0 && step < Infinity)) {
    const wanted = 'of several values (leave it out with --columns)'
    throw new RangeError(cannot(`read ${table.name}`, `the column ${name}`, wanted, `${low} in every row`))
  }
  return { name, low, step, counts: Uint32Array.from(values, value => Math.round((value - low) / step)) }
}

/** The means of a column over windows; of texts those of the first rows. */
function saidOf(
  table: Table,
  name: string,
  { starts, window }: { starts: readonly number[]; window: number },
): Float64Array<ArrayBuffer> | readonly string[] {
  const at = placeOf(table, name)
  if (table.rows.some(row => row[at] !== '' && Number.isNaN(Number(row[at]))))
    return starts.map(row => table.rows[row][at])
  const values = numbersOf(table, at)
  return Float64Array.from(starts, row => {
    const own = values.subarray(row, row + window)
    return own.reduce((sum, value) => sum + value, 0) / window
  })
}

/** Values that are counts already. */
function wholeCounts(values: Float64Array, { table, name }: { table: Table; name: string }): Uint32Array {
  return Uint32Array.from(values, (value, row) => {
    if (Number.isInteger(value) && value >= 0 && value < 2 ** 31) return value
    throw malformed(
      table.name,
      `${name} in row ${row + 1}`,
      'a count (for other numbers give --levels 256)',
      value,
    )
  })
}

/** First rows and past last ones of the parts of a table that belong together. */
function groupsOf(table: Table, by: string | undefined): (readonly [from: number, past: number])[] {
  const { rows } = table
  if (by === undefined) return [[0, rows.length]]
  const at = placeOf(table, by)
  const firsts = rows.flatMap((row, i) => (i === 0 || row[at] !== rows[i - 1][at] ? [i] : []))
  return firsts.map((from, i) => [from, firsts[i + 1] ?? rows.length] as const)
}
