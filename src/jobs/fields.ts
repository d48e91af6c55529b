/** Fields of every kind: whole numbers, decimals, words, lists of them. */
import type { Field, Settled } from './schema.ts'

export interface Bounds {
  readonly least?: number
  readonly most?: number
}

const within = (value: number, { least = -Infinity, most = Infinity }: Bounds) =>
  value >= least && value <= most

const boundsText = ({ least, most }: Bounds): string =>
  [
    least === undefined ? '' : ` of at least ${least}`,
    most === undefined ? '' : `${least === undefined ? ' of' : ' and'} at most ${most}`,
  ].join('')

/** The words of a field, and how its value is called. */
interface Words {
  readonly help: string
  readonly argument?: string
  readonly aliases?: readonly string[]
  readonly short?: string
}

/** A whole number, in words `1000` or `1e3`. */
export function whole({
  help,
  argument = '<n>',
  aliases,
  short,
  ...bounds
}: Words & Bounds): Field<number, number | string> {
  return {
    ...{ help, argument, aliases, short },
    wanted: `a whole number${boundsText(bounds)}`,
    read(value) {
      const number = typeof value === 'string' && /^[+-]?\d+(e\+?\d+)?$/i.test(value) ? Number(value) : value
      return Number.isSafeInteger(number) && within(number as number, bounds) ? (number as number) : undefined
    },
  }
}

/** A number; `above` excludes the lower bound. */
export function decimal({
  help,
  argument = '<x>',
  aliases,
  short,
  above,
  ...bounds
}: Words & Bounds & { readonly above?: number }): Field<number, number | string> {
  const most = bounds.most === undefined ? '' : ` and at most ${bounds.most}`
  return {
    ...{ help, argument, aliases, short },
    wanted: `a number${above === undefined ? boundsText(bounds) : ` above ${above}${most}`}`,
    read(value) {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
      const right = typeof number === 'number' && Number.isFinite(number) && within(number, bounds)
      return right && (above === undefined || number > above) ? number : undefined
    },
  }
}

/** One word out of a few. */
export function oneOf<T extends string>(
  words: readonly T[],
  { help, argument = '<name>', aliases, short }: Words,
): Field<T, T> {
  return {
    ...{ help, argument, aliases, short },
    wanted: `one of ${words.join(', ')}`,
    read: value => words.find(word => word === value),
  }
}

/** A text that is not empty. */
export function text({ help, argument = '<text>', aliases, short }: Words): Field<string> {
  return {
    ...{ help, argument, aliases, short },
    wanted: 'a text',
    read: value => (typeof value === 'string' && value !== '' ? value : undefined),
  }
}

/** A switch: on where it is named, or with `usual` on, off where it is named with `no`. */
export function truth({ help, usual = false }: Words & { readonly usual?: boolean }): Settled<boolean> {
  return {
    help,
    wanted: 'true or false',
    fallback: usual,
    read: value => (typeof value === 'boolean' ? value : undefined),
  }
}

/** Several values: a list, a text of them with commas between, or one alone. */
export function several<T, In>(
  field: Field<T, In>,
  { wanted = `${field.wanted}, or several with commas`, empty = false } = {},
): Field<readonly T[], string | In | readonly In[]> {
  return {
    ...field,
    understood: undefined,
    fallback: undefined,
    wanted,
    read(value) {
      const parts =
        typeof value === 'string'
          ? value.split(',').map(part => part.trim())
          : Array.isArray(value)
            ? value
            : [value]
      const read = parts.map(part => field.read(part))
      return read.includes(undefined) || (read.length === 0 && !empty) ? undefined : (read as T[])
    },
  }
}

export type Range = readonly [least: number, most: number]

/** What is understood as a range: M, [least, most], or a text `MIN:MAX`. */
export type RangeLike = number | string | Range

/** A number or the two ends of a range, each as `of` reads it. */
export function range(of: Field<number, unknown>, wanted: string): Field<Range, RangeLike> {
  return {
    ...of,
    understood: undefined,
    fallback: undefined,
    wanted,
    read(value) {
      const parts =
        typeof value === 'string' ? value.trim().split(':') : Array.isArray(value) ? value : [value]
      const [low, high = low, ...more] = parts.map(part => of.read(part))
      return low === undefined || high === undefined || more.length > 0 || high < low || parts.length > 2
        ? undefined
        : [low, high]
    },
  }
}
