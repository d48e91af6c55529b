/** Fractions on the command line: as values, or as a file with those of one sample on each line. */
import { type Command, Option } from 'commander'
import { cannot, UsageError } from '../../base/errors.ts'
import { askedFields } from '../../jobs/generate/fields.ts'
import { isFile, readBytes } from '../../node/files.ts'
import { parserOf } from '../flags.ts'

const { porosity, fractions } = askedFields(1)

interface Listed<T> {
  readonly values: T
  /** Whether a file says them: then each is one sample's. */
  readonly listed: boolean
}

export interface ListedFlags {
  readonly porosity?: Listed<unknown>
  readonly fractions?: Listed<unknown>
  readonly count: number
}

/** Adds --porosity and --fractions. */
export function withListed(command: Command): Command {
  for (const [flag, field] of [
    ['--porosity', porosity],
    ['--fractions', fractions],
  ] as const) {
    const parse = (text: string) => {
      if (flag === '--fractions' && text.includes('=')) return { values: text, listed: false }
      const lines = linesOf(text)
      const read = (value: unknown) => parserOf<unknown>(field, flag)(value as string)
      return { values: lines ? lines.flatMap(line => read(line)) : read(text), listed: lines !== undefined }
    }
    command.addOption(new Option(`${flag} ${field.argument}`, field.help).argParser(parse))
  }
  return command
}

/** The flags with plain values; of a file one sample of each line. */
export function listed<F extends ListedFlags>(flags: F): object {
  const { porosity: p, fractions: f } = flags
  const count = p?.listed || f?.listed ? 1 : flags.count
  return { ...flags, count, porosity: p?.values, fractions: f?.values }
}

/** The lines of a file of that name, without comments; undefined where there is none. */
function linesOf(text: string): string[] | undefined {
  if (/^[\d.:,\s]+$/.test(text) || !isFile(text)) return undefined
  const lines = new TextDecoder().decode(readBytes(text)).split(/\r?\n/)
  const kept = lines.map(line => line.replace(/#.*/, '').trim()).filter(line => line !== '')
  if (kept.length === 0)
    throw new UsageError(cannot('sample', `the file ${text}`, 'of at least one line', kept))
  return kept
}
