/** One of several arrays in a file: by its name, by the names that are usual, or the only one. */
import { malformed } from '../malformed.ts'

export interface ArrayChoice {
  /** The one that is asked for. */
  readonly array?: string
  /** The first of these that is there is taken. */
  readonly usual: readonly string[]
  readonly name: string
}

/** @throws SyntaxError with the list of what is there */
export function arrayNamed<T>(arrays: ReadonlyMap<string, T>, { array, usual, name }: ArrayChoice): T {
  const chosen =
    array ?? usual.find(key => arrays.has(key)) ?? (arrays.size === 1 ? [...arrays.keys()][0] : '')
  const found = arrays.get(chosen)
  if (found !== undefined) return found
  const list = [...arrays.keys()].slice(0, 12)
  if (array !== undefined) throw malformed(name, '--array', `one of ${list.join(', ')}`, array)
  const wanted = `one array called ${usual.join(', ')}, or --array given`
  throw malformed(name, 'the file', wanted, arrays.size === 0 ? 'none at all' : list)
}
