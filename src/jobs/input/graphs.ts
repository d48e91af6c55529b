/** Lists of small graphs that a job reads: .json [{n, edges}, …], packed by gzip or not. */
import { gunzip } from '../../formats/gzip.ts'
import { malformed } from '../../formats/malformed.ts'
import { type SmallGraph, smallGraphsOfJson } from '../../graph/listed.ts'
import { endingOf, type Files, nameOf } from '../files.ts'

/** Whether a name is that of a list of graphs. */
export const listsGraphs = (path: string): boolean => endingOf(path.replace(/\.gz$/, '')) === '.json'

/** Reads a list of graphs. @throws SyntaxError for what is none */
export function loadGraphs(path: string, { files }: { readonly files: Pick<Files, 'read'> }): SmallGraph[] {
  const name = nameOf(path)
  const text = new TextDecoder().decode(gunzip(files.read(path), name))
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw malformed(name, 'the file', 'JSON', (error as Error).message)
  }
  return smallGraphsOfJson(value, { name })
}
