/** Headers of lines of text before bytes: where they end, and their text as Latin-1. */
import { malformed } from '../malformed.ts'

/** Longest header that is read. */
const mostHeader = 2 ** 20

export interface TextHeader {
  readonly lines: readonly string[]
  /** Where the bytes begin. */
  readonly end: number
}

/**
 * The lines up to the one that `last` says is the last; of a header that goes to the end of the file all of them.
 * @throws SyntaxError for a header above 1 MiB
 */
export function headerLines(
  bytes: Uint8Array,
  { name, last }: { readonly name: string; readonly last: (line: string) => boolean },
): TextHeader {
  const lines: string[] = []
  for (let at = 0; at < bytes.length; ) {
    const feed = bytes.indexOf(10, at)
    const end = feed < 0 ? bytes.length : feed
    if (end > mostHeader) throw malformed(name, 'the header', 'below 1 MiB', end)
    const part = bytes.subarray(at, bytes[end - 1] === 13 && end > at ? end - 1 : end)
    const line = Array.from(part, byte => String.fromCharCode(byte)).join('')
    lines.push(line)
    at = end + 1
    if (last(line)) return { lines, end: Math.min(at, bytes.length) }
  }
  return { lines, end: bytes.length }
}

/** Numbers with blanks between them; undefined where one is none. */
export function numbersIn(text: string | undefined): number[] | undefined {
  if (text === undefined || text.trim() === '') return undefined
  const numbers = text.trim().split(/\s+/).map(Number)
  return numbers.some(Number.isNaN) ? undefined : numbers
}
