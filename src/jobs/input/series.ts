/** Series that a job reads: a table of numbers, whose windows of rows are images of one line. */
import { readCsv } from '../../formats/csv.ts'
import { gunzip } from '../../formats/gzip.ts'
import { readRows } from '../../formats/json-rows.ts'
import { readSeries, type Series, type SeriesOptions } from '../../formats/series.ts'
import { endingOf, nameOf } from '../files.ts'
import type { Reading } from './images.ts'

/** Reads windows of a .csv or .json, packed by gzip or not. @throws SyntaxError or RangeError for what is none */
export function loadSeries(path: string, options: SeriesOptions, { files, say }: Reading): Series {
  const name = nameOf(path)
  const text = new TextDecoder().decode(gunzip(files.read(path), name))
  const json = endingOf(path.replace(/\.gz$/, '')) === '.json'
  const series = readSeries(json ? readRows(text, name) : readCsv(text, name), options)
  const { images, short } = series
  const parts = `${short} parts of the table are shorter than ${options.window} rows and left out`
  if (short > 0) say?.(`${name}: ${parts}; ${images.count} windows are taken`)
  return series
}
