/**
 * Animated GIF: pictures of one size after each other, in their own colours where these are 256 or fewer.
 */
import * as gifenc from 'gifenc'
import { demand } from '../base/errors.ts'
import { type NdArray, sizeOf } from './array.ts'

/** Node takes gifenc for CommonJS and hands all of it over as the default; bundlers take it for a module. */
const { GIFEncoder, quantize, applyPalette } = 'GIFEncoder' in gifenc ? gifenc : (gifenc as Packed).default

type Packed = { readonly default: typeof gifenc.default }

/** Most colours of a GIF. */
const colours = 256

/** Most pixels, of all frames together, that colours are chosen by where there are more of them. */
const looked = 2 ** 20

/** One picture and for how long it is shown. */
export interface GifFrame {
  /** [1 (grey) or 3 (RGB), H, W], 8 bits each; the same shape for all. */
  readonly picture: NdArray
  /** In ms; GIF keeps it in steps of 10 ms. */
  readonly delay: number
}

/** Writes frames that are shown over and over, as GIF89a. Throws RangeError for frames that are not alike. */
export function writeGif(frames: readonly GifFrame[]): Uint8Array {
  const what = 'write a GIF'
  demand(frames.length > 0, what, 'the frames', 'one at least', frames.length)
  const [{ picture: first }] = frames
  const [planes, height, width] = first.shape
  const fits = first.shape.length === 3 && (planes === 1 || planes === 3) && sizeOf(first.shape) > 0
  demand(fits, what, 'the shape', '[1 or 3, H, W]', first.shape)
  demand(Math.max(height, width) < 65536, what, 'the sides', 'below 65536', [height, width])
  for (const { picture, delay } of frames) {
    const alike = picture.data instanceof Uint8Array && String(picture.shape) === String(first.shape)
    demand(alike, what, 'every frame', `8 bits of ${first.shape.join('×')}`, picture.shape)
    demand(delay >= 0 && delay < 655_360, what, 'the delay', 'from 0 to 655 s', delay)
  }
  const { palette, index } = indexed(frames.map(frame => frame.picture))
  const encoder = GIFEncoder()
  frames.forEach(({ picture, delay }, k) => {
    encoder.writeFrame(index(picture), width, height, { delay, repeat: 0, ...(k === 0 && { palette }) })
  })
  encoder.finish()
  return encoder.bytes()
}

interface Indexed {
  readonly palette: number[][]
  /** The colour of each pixel, by its number in the palette. */
  index(picture: NdArray): Uint8Array
}

/** One palette for all pictures, so that no colour flickers. */
function indexed(pictures: readonly NdArray[]): Indexed {
  const grey = pictures[0].shape[0] === 1
  if (grey)
    return {
      palette: Array.from({ length: colours }, (_, light) => [light, light, light]),
      index: ({ data }) => data as Uint8Array,
    }
  return exact(pictures) ?? nearest(pictures)
}

/** The colours themselves; undefined where they are too many. */
function exact(pictures: readonly NdArray[]): Indexed | undefined {
  const numbers = new Map<number, number>()
  for (const picture of pictures) {
    const [pixels, colour] = colourOf(picture)
    for (let i = 0; i < pixels; i++) {
      const key = colour(i)
      if (!numbers.has(key)) numbers.set(key, numbers.size)
    }
    if (numbers.size > colours) return undefined
  }
  return {
    palette: [...numbers.keys()].map(key => [key >> 16, (key >> 8) & 255, key & 255]),
    index(picture) {
      const [pixels, colour] = colourOf(picture)
      const index = new Uint8Array(pixels)
      for (let i = 0; i < pixels; i++) index[i] = numbers.get(colour(i)) as number
      return index
    },
  }
}

/** How many pixels a picture has, and the colour of one as 0xRRGGBB. */
function colourOf({ data, shape: [, height, width] }: NdArray): [number, (i: number) => number] {
  const pixels = height * width
  return [pixels, i => (data[i] << 16) | (data[pixels + i] << 8) | data[2 * pixels + i]]
}

/** 256 colours chosen by all pictures alike, and of these the nearest. */
function nearest(pictures: readonly NdArray[]): Indexed {
  const size = pictures.length * pictures[0].shape[1] * pictures[0].shape[2]
  const stride = Math.ceil(size / looked)
  const some = pictures.map(picture => rgba(picture, stride))
  const together = new Uint8Array(some.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of some) {
    together.set(part, at)
    at += part.length
  }
  const palette = quantize(together, colours).map(colour => colour.slice(0, 3))
  return { palette, index: picture => applyPalette(rgba(picture), palette) }
}

/** Every so-many-th pixel as [R, G, B, 255]. */
function rgba(picture: NdArray, stride = 1): Uint8Array {
  const [pixels, colour] = colourOf(picture)
  const out = new Uint8Array(4 * Math.ceil(pixels / stride))
  for (let i = 0, at = 0; i < pixels; i += stride, at += 4) {
    const key = colour(i)
    out.set([key >> 16, (key >> 8) & 255, key & 255, 255], at)
  }
  return out
}
