/** Jobs on the command line: the fields of a schema as flags, and the flags of a call as a job. */
import { type Command, Option } from 'commander'
import { cannot, UsageError } from '../base/errors.ts'
import { checked, type Field, type JobOf, type Schema } from '../jobs/schema.ts'
import { flagOf, flagOfField } from '../jobs/words.ts'

export { flagOf, flagOfField }

/** Adds a flag for every field, but for those that the command has in words of its own. */
export function withFields(command: Command, schema: Schema, without: readonly string[] = []): Command {
  for (const [name, field] of Object.entries(schema))
    if (!without.includes(name)) addField(command, { name, field, flag: flagOfField(schema, name) })
  return command
}

function addField(
  command: Command,
  {
    name,
    field,
    flag,
  }: { readonly name: string; readonly field: Field<unknown, unknown>; readonly flag: string },
): void {
  const { help, argument, fallback, aliases = [], short } = field
  const option = new Option(`${short ? `-${short}, ` : ''}${flag}${argument ? ` ${argument}` : ''}`, help)
  if (argument) option.argParser(parserOf(field, flag))
  if (fallback !== undefined && fallback !== true) option.default(fallback)
  command.addOption(option)
  for (const alias of aliases) {
    command.addOption(new Option(`--${alias}${argument ? ` ${argument}` : ''}`).hideHelp())
    command.on(`option:${alias}`, (text: string) =>
      command.setOptionValueWithSource(name, parserOf(field, `--${alias}`)(text), 'cli'),
    )
  }
}

/** Reads the text behind a flag. Throws UsageError where it cannot be. */
export const parserOf =
  <T>(field: Field<T, unknown>, flag: string) =>
  (text: string): T => {
    const value = field.read(text)
    if (value === undefined) throw new UsageError(cannot('run', flag, field.wanted, text))
    return value
  }

/** What the flags say of a job. */
export function jobOf<S extends Schema>(schema: S, flags: object): JobOf<S> {
  const own = Object.entries(flags).filter(([name]) => Object.hasOwn(schema, name))
  return checked('run', schema, Object.fromEntries(own))
}
