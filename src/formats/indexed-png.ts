/**
 * Label images as PNG with a palette: pixels hold the labels themselves, viewers show colours.
 */
import { encode } from 'fast-png'
import { demand } from '../base/errors.ts'
import { sizeOf } from './array.ts'
import { extremes } from './extremes.ts'

/** A colour [R, G, B], 0 to 255. */
export type Colour = readonly [number, number, number]

export interface IndexedPngOptions {
  /** A colour for label 0, 1, …, no two alike. */
  readonly palette: readonly Colour[]
  /** Keywords and texts, kept in the file. */
  readonly text?: Readonly<Record<string, string>>
}

/** Writes labels [H, W], one pixel each. */
export function writeIndexedPng(
  { data, shape }: { readonly data: Uint8Array; readonly shape: readonly number[] },
  { palette, text = {} }: IndexedPngOptions,
): Uint8Array {
  const what = 'write a PNG of labels'
  demand(shape.length === 2 && sizeOf(shape) > 0, what, 'the shape', '[H, W], none of them 0', shape)
  demand(data.length === sizeOf(shape), what, 'the data', `${sizeOf(shape)} elements`, data.length)
  const { largest } = extremes(data)
  demand(largest < palette.length, what, 'every label', `below ${palette.length}, the colours`, largest)
  const [height, width] = shape
  // Texts of PNG are Latin-1.
  const latin = Object.fromEntries(
    Object.entries(text).map(([key, value]) => [key, value.replace(/[^\n -ÿ]/g, '?')]),
  )
  const colours = palette.map(colour => [...colour])
  return encode(
    { width, height, channels: 1, depth: 8, data, palette: colours, text: latin },
    { zlib: { level: 6 } },
  )
}
