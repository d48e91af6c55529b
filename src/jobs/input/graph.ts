/** Graphs that a job reads: .json {n, edges, …}, or .csv (.tsv, .txt) with columns from, to and perhaps a weight. */
import { readCsv } from '../../formats/csv.ts'
import { gunzip } from '../../formats/gzip.ts'
import { malformed } from '../../formats/malformed.ts'
import { type GraphData, graphOfJson, graphOfRows } from '../../graph/index.ts'
import { endingOf, type Files, nameOf } from '../files.ts'

/** Reads a graph, packed by gzip or not. @throws SyntaxError or RangeError for what is none */
export function loadGraph(
  path: string,
  { files, loops = 'refuse' }: { readonly files: Pick<Files, 'read'>; readonly loops?: 'refuse' | 'drop' },
): GraphData {
  const name = nameOf(path)
  const text = new TextDecoder().decode(gunzip(files.read(path), name))
  if (endingOf(path.replace(/\.gz$/, '')) !== '.json') {
    const { columns, rows } = readCsv(text, name)
    if (columns.length < 2 || columns.length > 3)
      throw malformed(name, 'the columns', 'two ends of an edge and perhaps a weight', columns.join(', '))
    return graphOfRows(rows, { name, loops })
  }
  try {
    return graphOfJson(JSON.parse(text), { name, loops })
  } catch (error) {
    if (error instanceof SyntaxError && !error.message.startsWith('Cannot'))
      throw malformed(name, 'the file', 'JSON', error.message)
    throw error
  }
}
