/** Command-line values: parsed once, refused with exit status 2. */
import type { CommanderError } from 'commander'
import { cannot, shown, UsageError } from '../base/errors.ts'
import {
  type Bounds,
  decimal as decimalField,
  whole as wholeField,
  oneOf as wordField,
} from '../jobs/fields.ts'
import { parserOf } from './flags.ts'

/** What Commander finds wrong with the call of a command, in the grammar of all errors. */
export function misused(command: string, { code, message }: CommanderError): UsageError {
  const thing = /'([^']*)'/.exec(message)?.[1] ?? ''
  const hint = /Did you mean (.*)\?/.exec(message)?.[1]
  const named = shown(thing) + (hint ? ` (did you mean ${hint}?)` : '')
  const complaints: Record<string, string> = {
    'commander.unknownOption': `every option must be one that ${command} --help lists, got ${named}`,
    'commander.unknownCommand': `the command must be one that ${command} --help lists, got ${named}`,
    'commander.missingArgument': `${thing} must be given, got nothing`,
    'commander.optionMissingArgument': `${thing} must be followed by its value, got nothing`,
    'commander.excessArguments': `the words beside the options must be those that ${command} --help lists, got more`,
  }
  return new UsageError(
    `Cannot run ${command}: ${complaints[code] ?? `the call must be right, got ${message}`}`,
  )
}

/** The value of a flag that must be given. (Commander would ask for it before it looks at misspelt ones.) */
export function given<T>(command: string, flag: string, value: T | undefined): T {
  if (value === undefined)
    throw new UsageError(`Cannot run saltus ${command}: ${flag} must be given, got nothing`)
  return value
}

/** The one folder that --out names for parts. */
export function onlyFolder(out: readonly string[]): string {
  if (out.length === 1 && !/\.(?:npy|npz|png|tiff?|vti|mhd|nrrd|jsonl?)$/i.test(out[0])) return out[0]
  throw new UsageError(cannot('draw a shard', '--out', 'one folder, for the parts', out.join(', ')))
}

/** A parser of whole numbers for a flag. */
export const whole = (flag: string, bounds: Bounds = {}): ((text: string) => number) =>
  parserOf(wholeField({ help: '', ...bounds }), flag)

/** A parser of numbers for a flag; `above` excludes the lower bound. */
export const decimal = (
  flag: string,
  bounds: Bounds & { readonly above?: number } = {},
): ((text: string) => number) => parserOf(decimalField({ help: '', ...bounds }), flag)

/** A parser of one word out of a few. */
export const oneOf = <T extends string>(flag: string, words: readonly T[]): ((text: string) => T) =>
  parserOf(wordField(words, { help: '' }), flag)

/** A parser of comma-separated lists. */
export function listOf<T>(parse: (text: string) => T): (text: string) => T[] {
  return text => text.split(',').map(part => parse(part.trim()))
}

/** Gathers a flag that may be given several times. */
export const several = (text: string, before: string[] | undefined): string[] => [...(before ?? []), text]
