/** Sentences of jobs on standard error. */

/** What a terminal would take for a command becomes a question mark. */
export const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?')

/** Says sentences on standard error, each once; none when `quiet`. */
export function sayer({ quiet = false }: { readonly quiet?: boolean } = {}): (sentence: string) => void {
  const said = new Set<string>()
  return sentence => {
    if (quiet || said.has(sentence)) return
    said.add(sentence)
    process.stderr.write(`${printable(sentence)}\n`)
  }
}
