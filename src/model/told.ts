/** What is told of an image as the row of numbers that the network takes: see `Told`. */
import { cannot, demand } from '../base/errors.ts'
import { type Told, type ToldImage, type ToldNumbers, toldInput, toldShape } from '../network/told.ts'
import type { Task } from '../network/unet.ts'
import { sizeOf } from '../tensor/index.ts'
import type { Condition } from './conditions.ts'

/** What can be told: numbers, the values [channels, ...sites] of an image, or a text. */
export type ToldValue = number | ArrayLike<number> | string

/** The words of a text, in small letters. */
export const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []

/** The words of a text that a vocabulary does not have, each once. */
export const unknownWords = (text: string, vocabulary: readonly string[]): string[] => [
  ...new Set(wordsOf(text).filter(word => !vocabulary.includes(word))),
]

/** Numbers that lie further from those of the data than these lie from each other. */
export const farOff = ({ names, range }: ToldNumbers, values: ArrayLike<number>): string[] =>
  names.filter((_, i) => {
    const [least, most] = range[i]
    return values[i] > most + (most - least) || values[i] < least - (most - least)
  })

/**
 * The row of what is told of an image with sites of these lengths. @throws RangeError for numbers that are not as many, or not
 * finite, TypeError for a text in place of numbers
 */
export function toldRow(told: Told, value: ToldValue, lengths: readonly number[]): Float32Array {
  const what = `tell ${told.name}`
  const row = new Float32Array(sizeOf(toldShape(told, lengths)))
  if (told.kind === 'text') {
    if (typeof value !== 'string') throw new TypeError(cannot(what, 'it', 'a text', value))
    const known = wordsOf(value).flatMap(word => {
      const place = told.vocabulary.indexOf(word)
      return place < 0 ? [] : [place]
    })
    for (const place of known) row[place] += 1 / known.length
    row[row.length - 1] = 1
    return row
  }
  if (typeof value === 'string') throw new TypeError(cannot(what, 'it', 'numbers', value))
  const values = typeof value === 'number' ? [value] : value
  const ones = told.kind === 'numbers' ? 1 : row.length / (told.channels + 1)
  const size = row.length - ones
  const of = told.kind === 'numbers' ? `number${size > 1 ? 's' : ''} (${told.names.join(', ')})` : 'values'
  demand(values.length === size, what, 'it', `${size} ${of}`, values.length)
  const shared = told.kind === 'image' ? told.scale : 1
  for (let i = 0; i < size; i++) {
    if (!Number.isFinite(values[i])) throw new RangeError(cannot(what, 'it', 'of finite numbers', values[i]))
    row[i] = told.kind === 'numbers' ? (values[i] - told.mean[i]) / told.scale[i] : values[i] / shared
  }
  return row.fill(1, size)
}

/** The image [channels, ...sites] that a row tells, as it was before it was scaled. */
export const imageIn = ({ channels, scale }: ToldImage, row: Float32Array): Float64Array =>
  Float64Array.from(row.subarray(0, (row.length * channels) / (channels + 1)), value => value * scale)

/** @throws RangeError for a model whose images each go towards what was seen of them, where nothing is */
export function demandAlone(what: string, { told = [] }: Task): void {
  const end = told.find(one => one.kind === 'image' && one.end)
  if (end)
    throw new RangeError(
      cannot(what, 'the model', `one whose images all end alike (saltus restore knows this one)`, end.name),
    )
}

/** The arrays of a tile that the network is fed, by the names of its inputs; all zeros: nothing is told. */
export function toldFeeds(
  { told = [], shape }: Task,
  tile: number,
): Record<string, { readonly shape: number[]; readonly data: Float32Array }> {
  return Object.fromEntries(
    told.map(one => {
      const whole = [tile, ...toldShape(one, shape.slice(1))]
      return [toldInput(one), { shape: whole, data: new Float32Array(sizeOf(whole)) }]
    }),
  )
}

/** The row of image number i, from 0: see `toldRow`; undefined: not told. */
export function told(one: Told, of: (image: number) => Float32Array | undefined): Condition {
  return {
    name: one.name,
    tell({ told: inputs }, { slot, image }) {
      const row = of(image)
      if (row) inputs[toldInput(one)].data.set(row, slot * row.length)
    },
  }
}
