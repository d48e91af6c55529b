/**
 * What the values of a file mean: labels of phases out of numbers, only where that is clear or told.
 */

import { cannot, demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import type { TypedArray } from '../formats/array.ts'
import { outside } from './labels.ts'
import { otsu } from './otsu.ts'

/** What the values of a file mean; at most one of the two. */
export interface Coding {
  /** Values of at least this are label 1, others 0. */
  readonly threshold?: number
  /** The value of label 0, of label 1, …. */
  readonly levels?: readonly number[]
  /** How many labels the file says there are: then values are those labels, also where it holds none of some. */
  readonly labels?: number
  /** Sites of this value, and those that are NaN, are no part of the sample: they get the label `outside`. */
  readonly ignore?: number
}

export interface Coded {
  readonly data: Uint8Array
  /** The value in the file of label 0, 1, …, where labels are not their own values (and no threshold made them). */
  readonly values?: readonly number[]
  /** A sentence on what was understood. */
  readonly words?: string
}

/** Labels that are taken for such without being told. */
const mostLabels = 16

/**
 * Labels out of values. Values 0 to 15 are labels; where the least of several is 1, labels are counted from 1, which
 * is said; 0 and 255 (or 65,535 in 16 bits) alone are 0 and 1; all others need a coding.
 * @param what what is being done, for the errors: `read rock.tif`
 * @throws RangeError if the values are no labels, with Otsu's threshold as an offer
 */
export function labelsOf(data: TypedArray, options: Coding, what: string): Coded {
  demandGiven('tell labels', { data, options, what }, { data: 'list', options: 'object', what: 'text' })
  const { ignore, ...coding } = options
  const ignored = (value: number) => value === ignore || Number.isNaN(value)
  const first = ignore === undefined ? -1 : data.findIndex(ignored)
  if (first < 0) return coded(data, coding, what)
  const kept = data.find(value => !ignored(value))
  demand(kept !== undefined, what, 'its values', 'not all ignored', ignore)
  // What is ignored takes a value that means something, and its label is then replaced.
  const found = coded(
    data.map(value => (ignored(value) ? kept : value)),
    coding,
    what,
  )
  return { ...found, data: found.data.map((label, i) => (ignored(data[i]) ? outside : label)) }
}

function coded(data: TypedArray, { threshold, levels, labels: told }: Coding, what: string): Coded {
  if (threshold !== undefined) return { data: parted(data, threshold, what) }
  const present = distinct(data)
  const meaning = levels ?? fromOne(present, told) ?? guessed(data, present)
  if (levels && !present.every(value => levels.includes(value))) {
    const wanted = `among those of --levels (${levels.join(', ')})`
    throw new RangeError(cannot(what, 'its values', wanted, described(present)))
  }
  if (!meaning) throw new RangeError(cannot(what, 'its values', offer(data), described(present)))
  const own = meaning.every((value, label) => value === label)
  if (own) return { data: data instanceof Uint8Array ? data : Uint8Array.from(data) }
  const labels = new Uint8Array(data.length)
  // One value at a time: they are few.
  for (const value of present) {
    const label = meaning.indexOf(value)
    if (label > 0) for (let i = 0; i < data.length; i++) if (data[i] === value) labels[i] = label
  }
  const words = !levels && meaning[0] === 1 ? sentence(meaning) : undefined
  return { data: labels, values: [...meaning], ...(words && { words }) }
}

const sentence = (values: readonly number[]) =>
  `labels ${values[0]} to ${values.at(-1)} are taken for 0 to ${values.length - 1}, so that 1 is the pore ` +
  `(--levels ${[0, ...values].join(',')} keeps them as they are)`

/** The values of labels that are counted from 1; undefined where they are not, or the file says otherwise. */
function fromOne(present: readonly number[], told = 0): number[] | undefined {
  const last = present.at(-1) ?? 0
  const right =
    present.length > 1 && present[0] === 1 && last <= mostLabels && present.every(Number.isInteger)
  return right && last >= told ? Array.from({ length: last }, (_, i) => i + 1) : undefined
}

function parted(data: TypedArray, threshold: number, what: string): Uint8Array {
  const labels = new Uint8Array(data.length)
  for (let i = 0; i < data.length; i++) {
    if (data[i] >= threshold) labels[i] = 1
    else if (Number.isNaN(data[i])) throw new RangeError(cannot(what, `value ${i}`, 'a number', data[i]))
  }
  return labels
}

function offer(data: TypedArray): string {
  const found = otsu(data)
  const hint = found === undefined ? '' : `, Otsu's would be ${found},`
  return `labels (0 to ${mostLabels - 1}, or 0 and 255; for others --threshold T${hint} or --levels A,B,… says what they mean)`
}

/** The values of labels 0, 1, … where they go without saying. */
function guessed(data: TypedArray, present: readonly number[]): number[] | undefined {
  const whole = (value: number) => Number.isInteger(value) && value >= 0 && value < mostLabels
  if (present.every(whole)) return Array.from({ length: mostLabels }, (_, label) => label)
  const whites = data instanceof Uint16Array ? [65535, 255] : [255]
  const white = whites.find(one => present.every(value => value === 0 || value === one))
  return white === undefined ? undefined : [0, white]
}

/** The different values in rising order; of others than bytes the first 257 that are met. */
function distinct(data: TypedArray): number[] {
  const found = new Set<number>()
  if (data instanceof Uint8Array) {
    const met = new Uint8Array(256)
    for (let i = 0; i < data.length; i++) met[data[i]] = 1
    for (let value = 0; value < 256; value++) if (met[value]) found.add(value)
  } else {
    // Neighbours are mostly equal: what was met last is not looked up again.
    let last: number | undefined
    for (let i = 0; i < data.length && found.size <= 256; i++) {
      if (data[i] === last) continue
      last = data[i]
      found.add(last)
    }
  }
  return [...found].sort((a, b) => a - b)
}

function described(present: readonly number[]): string {
  if (present.length <= 5) return present.join(', ')
  const many = present.length > 256 ? 'more than 256' : String(present.length)
  return `${many} different values from ${present[0]} to ${present.at(-1)}`
}

/** The labels that there are, each with its value in the file where that is another: "0 (0), 1 (255)". */
export function labelsThere(options: Pick<Coded, 'data' | 'values'>): string {
  demandGiven('list the labels', { options }, { options: { data: 'list' } })
  const { data, values } = options
  const present = distinct(data)
  return present.map(label => (values ? `${label} (${values[label]})` : String(label))).join(', ')
}
