/** Graphs and points out of files, by their ending. */
import { basename, extname } from 'node:path'
import { type Points, points } from '../../embedding/index.ts'
import { numbersOf, placeOf, readCsv } from '../../formats/csv.ts'
import { gunzip } from '../../formats/gzip.ts'
import { malformed } from '../../formats/malformed.ts'
import { openNpz } from '../../formats/npz.ts'
import type { GraphData } from '../../graph/index.ts'
import { loadGraph } from '../../jobs/input/graph.ts'
import { readBytes } from '../../node/files.ts'

const textOf = (path: string): string => new TextDecoder().decode(gunzip(readBytes(path), basename(path)))

/** The ending of a file, that of a gzip shell aside. */
const ending = (path: string): string => extname(path.replace(/\.gz$/, ''))

/** Reads a graph of this machine. */
export const readGraph = (path: string, { loops }: { readonly loops: 'refuse' | 'drop' }): GraphData =>
  loadGraph(path, { files: { read: readBytes }, loops })

export interface PointFlags {
  /** Column, or array, by whose values points are coloured. */
  readonly label?: string
  /** Columns that are no coordinates. */
  readonly without?: readonly string[]
  /** Of an .npz; default: points, pca, X or the only one. */
  readonly array?: string
}

export interface ReadPoints {
  readonly points: Points
  /** [count] what the label column says. */
  readonly labels?: readonly string[]
}

/** Reads points: the columns of a .csv (gzip or not), or an array [N, D] of an .npz. */
export function readPoints(path: string, flags: PointFlags): ReadPoints {
  if (ending(path) === '.npz') return pointsOfNpz(path, flags)
  const name = basename(path)
  const table = readCsv(textOf(path), name)
  const { label, without = [] } = flags
  for (const column of [...without, ...(label === undefined ? [] : [label])]) placeOf(table, column)
  const taken = table.columns.flatMap((column, i) =>
    column === label || without.includes(column) ? [] : [i],
  )
  if (taken.length === 0) throw malformed(name, 'the columns', 'at least one of coordinates', 'none')
  const coordinates = taken.map(column => numbersOf(table, column))
  const data = Float64Array.from({ length: table.rows.length * taken.length }, (_, at) => {
    return coordinates[at % taken.length][Math.floor(at / taken.length)]
  })
  const labels = label === undefined ? undefined : table.rows.map(row => row[placeOf(table, label)])
  return { points: points(data, taken.length), labels }
}

function pointsOfNpz(path: string, { label, array }: PointFlags): ReadPoints {
  const name = basename(path)
  const arrays = openNpz(readBytes(path), name)
  const wanted = array ?? ['points', 'pca', 'X'].find(key => arrays.has(key)) ?? [...arrays.keys()][0]
  const take = (key: string) => {
    const value = arrays.get(key)?.()
    if (value === undefined || typeof value === 'string')
      throw malformed(name, 'an array', `one of ${[...arrays.keys()].join(', ')}`, key)
    return value
  }
  const { data, shape } = take(wanted)
  if (shape.length !== 2) throw malformed(name, `the shape of ${wanted}`, '[N, D]', shape)
  const labels = label === undefined ? undefined : Array.from(take(label).data, String)
  return { points: points(data, shape[1]), labels }
}
