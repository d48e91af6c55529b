/**
 * Rules for plain data out of a file that may be a stranger's: what each value must be, in words and as a test.
 */
import { malformed } from '../formats/malformed.ts'

/** What a value must be. */
export interface Rule {
  readonly wanted: string
  holds(value: unknown): boolean
}

export const rule = (wanted: string, holds: (value: unknown) => boolean): Rule => ({ wanted, holds })

export const number = (wanted: string, holds: (value: number) => boolean): Rule =>
  rule(wanted, value => typeof value === 'number' && Number.isFinite(value) && holds(value))

export const whole = (least: number, most: number): Rule =>
  number(`a whole number from ${least} to ${most}`, n => Number.isInteger(n) && n >= least && n <= most)

export const list = (of: Rule, least: number, most = least): Rule =>
  rule(
    `a list of ${least === most ? least : `${least} to ${most}`}, each ${of.wanted}`,
    value => Array.isArray(value) && value.length >= least && value.length <= most && value.every(of.holds),
  )

export const optional = ({ wanted, holds }: Rule): Rule =>
  rule(`${wanted}, or left out`, value => value === undefined || holds(value))

export const text = rule('a text', value => typeof value === 'string')
export const truth = rule('true or false', value => typeof value === 'boolean')
export const record = rule(
  'an object',
  value => typeof value === 'object' && value !== null && !Array.isArray(value),
)
export const positive = number('a number above 0', n => n > 0)
export const nonNegative = number('a number of at least 0', n => n >= 0)
export const share = number('a number from 0 to 1', n => n >= 0 && n <= 1)

export const oneOf = (words: readonly string[]): Rule =>
  rule(`one of ${words.join(', ')}`, value => words.includes(value as string))

/** Refuses what a description says. @throws SyntaxError naming the file and the path of the value */
export function demandThat(
  holds: boolean,
  file: string,
  { thing, wanted, got }: { thing: string; wanted: string; got: unknown },
): void {
  if (!holds) throw malformed(file, `the ${thing} of its description`, wanted, brief(got))
}

/** Reads JSON and checks every rule, by the path of its value. @throws SyntaxError at the first that does not hold */
export function ruled(text: string, rules: Readonly<Record<string, Rule>>, file: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw malformed(file, 'its description', 'JSON', brief(text))
  }
  for (const [path, { wanted, holds }] of Object.entries(rules)) {
    const got = path.split('.').reduce<unknown>(property, value)
    demandThat(holds(got), file, { thing: path, wanted, got })
  }
  return value
}

function property(of: unknown, key: string): unknown {
  return typeof of === 'object' && of !== null && Object.hasOwn(of, key)
    ? of[key as keyof typeof of]
    : undefined
}

/** A value of a stranger's, short enough for one line. */
function brief(value: unknown): unknown {
  const all = typeof value === 'object' && value !== null ? JSON.stringify(value) : value
  return typeof all === 'string' && all.length > 60 ? `${all.slice(0, 60)}…` : all
}
