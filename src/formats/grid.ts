/**
 * Numbers on a grid as files hold them, with the names of its axes and what else a file says about them.
 */
import type { NdArray } from './array.ts'
import type { Scale } from './scale.ts'

/** A colour [R, G, B], 0 to 255. */
export type Rgb = readonly [number, number, number]

/**
 * What an axis is: X, Y, Z of space, T times, C channels, S samples of a pixel (colours), N images or slices of which
 * nobody says what they are.
 */
export type AxisLetter = 'X' | 'Y' | 'Z' | 'T' | 'C' | 'S' | 'N'

export interface Grid extends NdArray {
  /** A letter for every axis of the shape, none twice. */
  readonly axes: string
  readonly scale?: Scale
  /** The colours of indices 0, 1, …, where the values are such. */
  readonly palette?: readonly Rgb[]
  /** Bits of a sample of a picture. */
  readonly bits?: number
  /** How many labels the file says there are: then its values are those labels, also where it holds none of some. */
  readonly labels?: number
}

/** The largest number of samples of a pixel: red, green, blue and alpha. */
const mostSamples = 4

/** Axes of space are longer than that where the last axis is taken for samples. */
const isSpace = (length: number) => length > mostSamples

/** Whether the last axis is one of samples: up to four of them, behind two axes that are longer. */
export const samplesLast = (shape: readonly number[]): boolean =>
  shape.length >= 3 && shape.at(-1)! <= mostSamples && isSpace(shape.at(-2)!) && isSpace(shape.at(-3)!)

/**
 * The axes of an array of which nothing is known but its shape: [H, W], [N, H, W] or [N, D, H, W], each with samples
 * of a pixel behind it where `samplesLast()`; undefined where it has more axes, or fewer.
 */
export function axesOf(shape: readonly number[]): string | undefined {
  const behind = samplesLast(shape)
  const space = shape.length - (behind ? 1 : 0)
  const axes = ({ 2: 'YX', 3: 'NYX', 4: 'NZYX' } as Record<number, string>)[space]
  return axes && axes + (behind ? 'S' : '')
}
