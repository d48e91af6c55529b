/**
 * The one grammar of errors: `Cannot <do>: <thing> must be <wanted>, got <value>`.
 *
 * TypeError, RangeError and SyntaxError are chosen by meaning; an `InvariantError` is thrown when a
 * conserved quantity would change, and a `Cancelled` when the caller's signal asked for an end.
 */

// What terminals take for commands, and letters that turn lines around.
const commands = /[\p{Cc}\p{Cf}\u2028\u2029]/gu

/** Most letters of a name or value in a message: of longer ones, which damaged files can hold, both ends are shown. */
const most = 300

const brief = (text: string): string =>
  text.length <= most ? text : `${text.slice(0, (2 * most) / 3)}…${text.slice(-most / 3)}`

/** Shows a value briefly and unambiguously inside an error message. */
export function shown(value: unknown): string {
  if (value === null) return 'nothing'
  if (typeof value === 'string') return JSON.stringify(brief(value)).replace(commands, '?')
  if (ArrayBuffer.isView(value)) return `${value.constructor.name}(${(value as Uint8Array).length})`
  if (Array.isArray(value)) {
    const each = value.slice(0, most).map(of => (of === null ? 'null' : shown(of)))
    return brief(`[${each.join(', ')}]`)
  }
  return String(value)
}

/** Builds `Cannot <what>: <thing> must be <wanted>, got <value>`, one line: what would control a terminal is shown as `?`. */
export function cannot(what: string, thing: string, wanted: string, value: unknown): string {
  return `Cannot ${brief(what)}: ${brief(thing)} must be ${wanted}, got ${shown(value)}`.replace(
    commands,
    '?',
  )
}

/** Throws a RangeError in the house grammar unless `condition` holds. */
export function demand(
  condition: boolean,
  what: string,
  thing: string,
  wanted: string,
  value: unknown,
): asserts condition {
  if (!condition) throw new RangeError(cannot(what, thing, wanted, value))
}

/**
 * What was asked for cannot be: the command line ends with exit status 2. `field` is the thing, where it is a field of a
 * job; a door that calls it otherwise (`--mass`) says so.
 */
export class UsageError extends RangeError {
  override name = 'UsageError'
  readonly field: string | undefined

  constructor(message: string, { field }: { readonly field?: string } = {}) {
    super(message)
    this.field = field
  }
}

/** The error of a field of a job. */
export function refused(what: string, field: string, wanted: string, value: unknown): UsageError {
  return new UsageError(cannot(what, field, wanted, value), { field })
}

/** A conserved quantity would have changed: a defect of the program, never of the input. */
export class InvariantError extends Error {
  override name = 'InvariantError'
}

/** The caller's AbortSignal ended the work. */
export class Cancelled extends Error {
  override name = 'Cancelled'
}
