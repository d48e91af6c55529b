/** PNG pictures of arrays [C, H, W]. */
import { encode } from 'fast-png'
import { demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { type NdArray, sizeOf } from './array.ts'

/** Writes [C, H, W] with C = 1 (grey) or 3 (RGB), 8 or 16 bits a sample as the array has, and texts in Latin-1. */
export function writePng(
  image: NdArray,
  options: { readonly text?: Readonly<Record<string, string>> } = {},
): Uint8Array {
  demandGiven(
    'write the picture',
    { image, options },
    { image: { data: 'list', shape: 'list' }, options: 'object' },
  )
  const { text = {} } = options
  const { data, shape } = image
  const what = 'write a PNG picture'
  demand(shape.length === 3 && (shape[0] === 1 || shape[0] === 3), what, 'the shape', '[1 or 3, H, W]', shape)
  demand(
    data.length === sizeOf(shape) && data.length > 0,
    what,
    'the data',
    `${sizeOf(shape)} elements`,
    data.length,
  )
  const [channels, height, width] = shape
  const pixels = height * width
  if (!(data instanceof Uint8Array || data instanceof Uint16Array)) {
    throw new TypeError(
      `Cannot ${what}: the data must be of 8 or 16 unsigned bits, got ${data.constructor.name}`,
    )
  }
  const samples = data.slice()
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < pixels; i++) samples[i * channels + c] = data[c * pixels + i]
  }
  const depth = data instanceof Uint8Array ? 8 : 16
  return encode({ width, height, channels, depth, data: samples, text: { ...text } }, { zlib: { level: 6 } })
}
