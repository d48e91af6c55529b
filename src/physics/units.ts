/** Times and lengths with their units: parsed from texts and from the heads of columns. */
import { cannot } from '../base/errors.ts'

const seconds: Readonly<Record<string, number>> = {
  ms: 1e-3,
  s: 1,
  sec: 1,
  seconds: 1,
  min: 60,
  minutes: 60,
  h: 3600,
  hours: 3600,
  d: 86_400,
  days: 86_400,
}

const metres: Readonly<Record<string, number>> = {
  m: 1,
  cm: 1e-2,
  mm: 1e-3,
  um: 1e-6,
  µm: 1e-6,
  μm: 1e-6,
  nm: 1e-9,
}

export type Dimension = 'time' | 'length'

const known = (dimension: Dimension) => (dimension === 'time' ? seconds : metres)

/** Seconds or metres in a unit; undefined for a unit that is not known. */
export function unitOf(dimension: Dimension, unit: string): number | undefined {
  return Object.hasOwn(known(dimension), unit) ? known(dimension)[unit] : undefined
}

/** A quantity like 1000h or 4um in seconds or metres. Throws RangeError where its unit is missing or unknown. */
export function quantity(dimension: Dimension, text: string): number {
  const [, number, unit] = /^\s*([-+.\deE]*[\d.])\s*([a-zµμ]*)\s*$/.exec(text) ?? ['', '', '']
  const factor = unitOf(dimension, unit)
  if (factor === undefined || !Number.isFinite(Number(number)) || number === '')
    throw new RangeError(
      cannot(
        `read a ${dimension}`,
        'it',
        `a number with its unit (${Object.keys(known(dimension)).join(', ')})`,
        text,
      ),
    )
  return Number(number) * factor
}

/** The unit that the head of a column names: `time [s]`, `x (um)`, `t_s`, `minutes`. */
export function headUnit(dimension: Dimension, head: string): string | undefined {
  const words = head.split(/[\s[\](){}_/,]+/).filter(word => word !== '')
  return words
    .reverse()
    .find(word => unitOf(dimension, word) !== undefined && (words.length > 1 || word.length > 1))
}

/** The factor of a column: from its head, else from `given`. Throws RangeError where neither names a unit. */
export function columnUnit(
  dimension: Dimension,
  head: string,
  given?: string,
): { unit: string; factor: number } {
  const unit = given ?? headUnit(dimension, head)
  const factor = unit === undefined ? undefined : unitOf(dimension, unit)
  if (unit === undefined || factor === undefined)
    throw new RangeError(
      cannot(
        'read the table',
        `the unit of the ${dimension} column`,
        `named in its head or by a flag (${Object.keys(known(dimension)).join(', ')})`,
        given ?? head,
      ),
    )
  return { unit, factor }
}
