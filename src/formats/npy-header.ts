/**
 * The header of a .npy file: a Python dictionary of exactly three keys, read letter by letter.
 */
import { malformed } from './malformed.ts'

export interface NpyHeader {
  /** The element type: `<f8`. */
  readonly descr: string
  readonly fortran: boolean
  readonly shape: number[]
  /** Lengths are written as Python 2 did: `(2L,)`. */
  readonly long: boolean
}

/** A key and its value: a text, a truth value, a tuple, or the list of fields of records. */
const key = /(['"])(descr|fortran_order|shape)\1\s*:\s*/y
const values = {
  descr: /'[^']*'|"[^"]*"|\[[^\n]*\]/y,
  fortran_order: /True|False/y,
  shape: /\([^()]*\)/y,
}
const blank = /\s*/y
const comma = /,\s*/y

/**
 * @param text the dictionary, with blanks behind it
 * @throws SyntaxError if it is another, or the shape no tuple
 */
export function npyHeader(text: string, name: string): NpyHeader {
  const refuse = (value: string) =>
    malformed(name, 'the header', 'a dictionary of descr, fortran_order and shape', value)
  const [start, end] = [text.indexOf('{'), text.lastIndexOf('}')]
  if (start !== 0 || end < 0 || text.slice(end + 1).trim() !== '') throw refuse(text.slice(0, 80))
  const body = text.slice(1, end)
  const found = new Map<string, string>()
  let at = 0
  const next = (pattern: RegExp) => {
    pattern.lastIndex = at
    const match = pattern.exec(body)
    if (match) at = pattern.lastIndex
    return match
  }
  for (next(blank); at < body.length; ) {
    const from = at
    const what = next(key)?.[2] as keyof typeof values | undefined
    const value = what && next(values[what])?.[0]
    next(blank)
    const more = next(comma) !== null
    if (!value || found.has(what) || (!more && at < body.length)) throw refuse(body.slice(from, from + 80))
    found.set(what, value)
  }
  const [descr, order, tuple] = ['descr', 'fortran_order', 'shape'].map(one => found.get(one))
  const shape = tuple && lengthsOf(tuple)
  if (!descr || !order || !shape) throw refuse(body.slice(0, 80))
  if (shape.length > 32) throw malformed(name, 'the number of axes', 'at most 32', shape.length)
  return { descr: descr.slice(1, -1), fortran: order === 'True', shape, long: tuple.includes('L') }
}

/** The lengths of a tuple: `(3, 4)`, `(3,)` or `()`; undefined for what Python takes for something else. */
function lengthsOf(tuple: string): number[] | undefined {
  const parts = tuple
    .slice(1, -1)
    .split(',')
    .map(part => part.trim())
  // In brackets without a comma is a number, no tuple.
  if (parts.length === 1) return parts[0] === '' ? [] : undefined
  if (parts.at(-1) === '') parts.pop()
  if (!parts.every(part => /^\d{1,16}L?$/.test(part))) return undefined
  return parts.map(part => Number.parseInt(part, 10))
}
