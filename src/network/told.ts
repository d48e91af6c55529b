/**
 * What a network can be told of an image beside its counts, its time and its class: numbers, images, texts. The model file
 * declares it; a row of the input `told.NAME` says it, and a row of zeros that it is not told.
 */
import { add, concat, constant, input, matmul, multiply, sizeOf, type Tensor } from '../tensor/index.ts'
import { inside, linear, type Place } from './layers.ts'

interface Named {
  /** What people call it by; without `=`, commas and blanks. */
  readonly name: string
}

/** Numbers: its row holds (number - mean) / scale of each, and 1 where they are told. */
export interface ToldNumbers extends Named {
  readonly kind: 'numbers'
  readonly names: readonly string[]
  readonly mean: readonly number[]
  readonly scale: readonly number[]
  /** The least and the greatest of the data. */
  readonly range: readonly (readonly [number, number])[]
}

/** An image on the lattice: its row holds [channels + 1, ...sites], values / scale, and ones in the last channel. */
export interface ToldImage extends Named {
  readonly kind: 'image'
  readonly channels: number
  /** Greatest absolute value of the data. */
  readonly scale: number
  /** The axis of the sites along which it is the same everywhere: its own sites have length 1 there. */
  readonly axis?: number
  /** Whether the image becomes it: the process is the one towards it. It is always told. */
  readonly end?: true
}

/** Words without their order: its row holds the share that each word of the vocabulary has in the text, and 1. */
export interface ToldText extends Named {
  readonly kind: 'text'
  readonly vocabulary: readonly string[]
}

export type Told = ToldNumbers | ToldImage | ToldText

/** What is told of an image that is its other end, and where it begins in the row of all that is told, if any is. */
export function endAmong(
  told: readonly Told[],
  lengths: readonly number[],
): { readonly one: ToldImage; readonly at: number } | undefined {
  let at = 0
  for (const one of told) {
    if (one.kind === 'image' && one.end) return { one, at }
    at += sizeOf(toldShape(one, lengths))
  }
  return undefined
}

/** The shape of what is told of one image with sites of these lengths. */
export function toldShape(told: Told, lengths: readonly number[]): number[] {
  switch (told.kind) {
    case 'numbers':
      return [told.names.length + 1]
    case 'text':
      return [told.vocabulary.length + 1]
    case 'image':
      return [told.channels + 1, ...lengths.map((length, axis) => (axis === told.axis ? 1 : length))]
  }
}

/** The numbers among the rows [...] of all that is told of one image with sites of these lengths, one after the other. */
export function numbersIn(
  told: readonly Told[],
  rows: ArrayLike<number>,
  lengths: readonly number[],
): number[] {
  let at = 0
  return told.flatMap(one => {
    const from = at
    at += sizeOf(toldShape(one, lengths))
    return one.kind === 'numbers' ? one.names.map((_, k) => rows[from + k]) : []
  })
}

/** The name of its input. */
export const toldInput = ({ name }: Told): string => `told.${name}`

/** The inputs [N, ...] by name. */
export const toldInputs = (
  told: readonly Told[],
  { batch, lengths }: { readonly batch: number; readonly lengths: readonly number[] },
): Record<string, Tensor> =>
  Object.fromEntries(told.map(one => [one.name, input(toldInput(one), [batch, ...toldShape(one, lengths)])]))

/** What numbers and texts add to an embedding [N, size]. */
export function embedTold(
  place: Place,
  embedding: Tensor,
  { told, inputs }: { readonly told: readonly Told[]; readonly inputs: Readonly<Record<string, Tensor>> },
): Tensor {
  const size = embedding.shape[1]
  return told.reduce((sum, one) => {
    if (one.kind === 'image') return sum
    const row = inputs[one.name]
    const at = inside(place, `told/${one.name}`)
    if (one.kind === 'numbers') return add(sum, linear(at, row, { out: size }))
    const table = place.parameters.get(`${at.name}.words`, [row.shape[1], size], { bound: 1 })
    return add(sum, matmul(row, table))
  }, embedding)
}

/** What images add to the fields [N, C, ...sites] that the network sees. */
export function withImages(
  x: Tensor,
  { told, inputs }: { readonly told: readonly Told[]; readonly inputs: Readonly<Record<string, Tensor>> },
): Tensor {
  const [, , ...lengths] = x.shape
  const images = told.flatMap(one => {
    if (one.kind !== 'image') return []
    if (one.axis === undefined) return [inputs[one.name]]
    const along = [1, 1, ...lengths.map((length, axis) => (axis === one.axis ? length : 1))]
    return [multiply(inputs[one.name], constant(new Float32Array(sizeOf(along)).fill(1), along))]
  })
  return images.length === 0 ? x : concat([x, ...images], 1)
}
