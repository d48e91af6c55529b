/** What all commands that read files share: what reading may cost, and where sentences on it go. */
import { cannot } from '../base/errors.ts'
import { UsageError } from './usage.ts'

const units: Record<string, number> = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 }

/** A size in bytes: 8G, 512M, 2000000. */
export function memorySize(text: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)\s?([kmgt]?)(?:i?b)?$/i.exec(text) ?? []
  const size = Number(number) * units[unit.toLowerCase()]
  if (number === '' || !(size >= 1 && size <= 2 ** 53))
    throw new UsageError(cannot('run', '--memory', 'a size like 8G or 512M', text))
  return size
}

/** What a terminal would take for a command becomes a question mark. */
export const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?')

/** Says sentences on standard error, each once, with the name of the file before. */
export function sayTo(
  name: string,
  { quiet = false }: { readonly quiet?: boolean } = {},
): (sentence: string) => void {
  const said = new Set<string>()
  return sentence => {
    if (quiet || said.has(sentence)) return
    said.add(sentence)
    process.stderr.write(`${printable(name)}: ${printable(sentence)}\n`)
  }
}
