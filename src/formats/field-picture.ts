/**
 * Fields of real numbers as pictures in colours that rise in lightness, and of numbers that name things (clusters) in
 * colours that differ.
 */
import { demand } from '../base/errors.ts'
import { sizeOf } from './array.ts'
import { type PictureOptions, picture } from './picture.ts'

/** From low to high, apart in lightness for every eye. */
const stops = [
  [18, 20, 60],
  [44, 72, 138],
  [36, 128, 142],
  [84, 174, 112],
  [206, 204, 74],
  [255, 248, 214],
] as const

const none = [84, 84, 84] as const

export interface FieldPictureOptions extends Pick<PictureOptions, 'captions' | 'columns' | 'scale'> {
  /** The values of the first and the last colour; default the least and the largest there are. */
  readonly low?: number
  readonly high?: number
  /** Whether values name things: 0 is dark, every other one has a colour of its own. Default false. */
  readonly named?: boolean
}

interface Field {
  readonly data: Float32Array | Int32Array
  readonly shape: readonly number[]
}

/** Draws fields [N, H, W] side by side as one PNG; what is not finite is grey. */
export function fieldPicture({ data, shape }: Field, options: FieldPictureOptions = {}): Uint8Array {
  const what = 'draw a field'
  demand(shape.length === 3 && sizeOf(shape) > 0, what, 'the shape', '[N, H, W], none of them 0', shape)
  demand(data.length === sizeOf(shape), what, 'the values', `${sizeOf(shape)} elements`, data.length)
  const { named = false, captions, columns, scale } = options
  const [count, height, width] = shape
  const [low, high] = rangeOf(data, options)
  const sites = height * width
  const counts = new Uint8Array(3 * data.length)
  const colour: [number, number, number] = [0, 0, 0]
  for (let i = 0; i < data.length; i++) {
    if (named) nameColour(data[i], colour)
    else valueColour((data[i] - low) / (high - low || 1), colour)
    const first = Math.floor(i / sites) * 3 * sites + (i % sites)
    for (let c = 0; c < 3; c++) counts[first + c * sites] = colour[c]
  }
  const drawn = { counts, shape: [count, 3, height, width] }
  const size = scale ?? Math.max(1, Math.ceil(160 / width))
  return picture(drawn, { captions, columns, white: 255, scale: size }).png
}

function rangeOf(data: ArrayLike<number>, { low, high }: FieldPictureOptions): [number, number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (let i = 0; i < data.length; i++) {
    if (!Number.isFinite(data[i])) continue
    if (data[i] < least) least = data[i]
    if (data[i] > most) most = data[i]
  }
  if (least > most) [least, most] = [0, 1]
  return [low ?? least, high ?? most]
}

type Colour = [number, number, number]

function valueColour(share: number, colour: Colour): void {
  if (!Number.isFinite(share)) {
    set(colour, none)
    return
  }
  const at = Math.min(1, Math.max(0, share)) * (stops.length - 1)
  const below = Math.min(stops.length - 2, Math.floor(at))
  for (let c = 0; c < 3; c++)
    colour[c] = Math.round(stops[below][c] + (at - below) * (stops[below + 1][c] - stops[below][c]))
}

/** Hues a golden angle apart, in three lightnesses. */
function nameColour(name: number, colour: Colour): void {
  if (name <= 0) {
    set(colour, [20, 26, 46])
    return
  }
  const hue = (name * 0.6180339887) % 1
  const lightness = 0.5 + 0.14 * (name % 3)
  for (let c = 0; c < 3; c++) {
    const wave = 0.5 + 0.5 * Math.cos(2 * Math.PI * (hue - c / 3))
    colour[c] = Math.round(255 * (lightness * 0.35 + lightness * 0.75 * wave))
  }
}

function set(colour: Colour, to: readonly number[]): void {
  for (let c = 0; c < 3; c++) colour[c] = to[c]
}
