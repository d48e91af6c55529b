/** Tables of measurements from files. */
import { readCsv, type Table } from '../../formats/csv.ts'
import { readBytes } from '../../node/files.ts'

/** Reads a table of measurements; errors name its path. */
export const readTable = (path: string): Table =>
  readCsv(new TextDecoder().decode(readBytes(path)), path, { measured: true })
