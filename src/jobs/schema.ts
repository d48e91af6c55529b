/**
 * What a job is made of: a schema of fields, each with the words of its help, its limits and its usual value. The same
 * schema reads a job from plain data, from the flags of a command and from the header of a file.
 */
import { refused, shown, UsageError } from '../base/errors.ts'

/** One field; `In` is all that is understood as its value `T`, texts as people type them among it. */
export interface Field<T, In = T> {
  /** A few words for the help. */
  readonly help: string
  /** What stands behind the flag, like `<n>`; a switch has none. */
  readonly argument?: string
  /** What it must be, for the error. */
  readonly wanted: string
  /** The value where nothing is said; none: it is left out. */
  readonly fallback?: T
  /** What else people call it, and the one letter for it. */
  readonly aliases?: readonly string[]
  readonly short?: string
  /** Reads a value, or a text that says it; a value that was read is read as itself. Undefined for what cannot be. */
  read(value: unknown): T | undefined
  /** Never there: what is understood, for the types. */
  readonly understood?: In
}

/** A field that always has a value. */
export interface Settled<T, In = T> extends Field<T, In> {
  readonly fallback: T
}

export type Schema = Readonly<Record<string, Field<unknown, unknown>>>

/** The plain data of a schema's job. */
export type JobOf<S extends Schema> = {
  readonly [K in keyof S]: S[K] extends Settled<infer T, infer _>
    ? T
    : S[K] extends Field<infer T, infer _>
      ? T | undefined
      : never
}

/** What may be said of a schema's job. */
export type OptionsOf<S extends Schema> = {
  readonly [K in keyof S]?: S[K] extends Field<infer T, infer In> ? T | In | undefined : never
}

/** The field with a usual value. */
export const usually = <T, In>(field: Field<T, In>, fallback: T): Settled<T, In> => ({ ...field, fallback })

/** The value of a field. Throws UsageError where it cannot be. */
export function readAs<T>(
  field: Field<T, unknown>,
  value: unknown,
  { what, name }: { readonly what: string; readonly name: string },
): T {
  const read = field.read(value)
  if (read === undefined) throw refused(what, name, field.wanted, value)
  return read
}

/**
 * A job, checked: every field read, what is not said as it usually is, and nothing else there but its `kind`.
 * @throws UsageError naming the field
 */
export function checked<S extends Schema>(what: string, schema: S, given: object): JobOf<S> {
  const known = Object.keys(schema)
  const strange = Object.keys(given).find(name => name !== 'kind' && !known.includes(name))
  if (strange !== undefined) {
    const message = `Cannot ${what}: every field must be one of ${known.join(', ')}, got ${shown(strange)}`
    throw new UsageError(message, { field: strange })
  }
  const told = given as Readonly<Record<string, unknown>>
  const entries = known.map(name => {
    const field = schema[name]
    const value = told[name]
    return [
      name,
      value === undefined || value === null ? field.fallback : readAs(field, value, { what, name }),
    ]
  })
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as JobOf<S>
}
