/**
 * PNG pictures read as arrays [C, H, W].
 */

import { type DecodedPng, decode } from 'fast-png'
import type { NdArray } from './array.ts'
import { joined, mostGrowth, unzlib } from './gzip.ts'
import { malformed } from './malformed.ts'
import { colourTypes, type PngHeader, pngChunks } from './png-chunks.ts'
import { type Source, sourceOf } from './source.ts'

export { isPng } from './png-chunks.ts'

/** A picture with what its samples are. */
export interface PngPicture extends NdArray {
  /** [C, H, W]; C = 1 for the indices of a palette. */
  shape: [number, number, number]
  /** Bits of a sample in the file. */
  readonly bits: number
  /** [R, G, B] of index 0, 1, …. */
  readonly palette?: readonly (readonly [number, number, number])[]
}

/**
 * Reads a picture as counts [C, H, W], the samples as stored: 0 to 2^bits - 1. Grey has C = 1, RGB 3.
 * A palette gives C = 1 where all its colours are grey, else 3. An alpha channel must be opaque throughout.
 * @throws SyntaxError if the file is truncated, damaged, transparent or not a PNG picture; RangeError beyond the budget
 */
export function readPng(bytes: Uint8Array, source: string | Source): NdArray {
  const { data, shape, palette } = readIndexedPng(bytes, source)
  if (!palette) return { data, shape }
  const [, height, width] = shape
  const pixels = height * width
  const channels = palette.every(([r, g, b]) => r === g && g === b) ? 1 : 3
  const colours = new Uint8Array(channels * pixels)
  for (let c = 0; c < channels; c++)
    for (let i = 0; i < pixels; i++) colours[c * pixels + i] = palette[data[i]][c]
  return { data: colours, shape: [channels, height, width] }
}

/** The same, but of a palette the indices. */
export function readIndexedPng(bytes: Uint8Array, source: string | Source): PngPicture {
  const of = sourceOf(source, bytes)
  const { name } = of
  const { header, pixels: packed, plain, animated } = pngChunks(bytes, name)
  const { width, height, depth, colour } = header
  checkRows(joined(packed, lengthOf(packed)), header, of)
  if (animated) of.say('it is an animation: its first picture is read')
  let image: DecodedPng
  try {
    image = decode(joined(plain, lengthOf(plain)), { checkCrc: false })
  } catch (error) {
    throw malformed(name, 'the picture', 'whole', error instanceof Error ? error.message : error)
  }
  if (image.transparency) throw malformed(name, 'the picture', 'opaque', 'a transparent colour')
  const pixels = width * height
  const { samples: stored } = colourTypes[colour]
  const samples = unpacked(image)
  // Grey with alpha has 2 samples per pixel, colour with alpha 4.
  if (stored % 2 === 0) demandOpaque(samples, { stored, opaque: 2 ** depth - 1, width, name })
  const channels = stored % 2 === 0 ? stored - 1 : stored
  const data = depth === 16 ? new Uint16Array(channels * pixels) : new Uint8Array(channels * pixels)
  for (let c = 0; c < channels; c++)
    for (let i = 0; i < pixels; i++) data[c * pixels + i] = samples[i * stored + c]
  const picture = { data, shape: [channels, height, width] as [number, number, number], bits: depth }
  return colour === 3 ? { ...picture, palette: paletteOf(image, data, name) } : picture
}

const lengthOf = (parts: readonly Uint8Array[]) => parts.reduce((sum, part) => sum + part.length, 0)

// Adam7 (PNG §8.2): the first column and row of each pass, and the steps between columns and rows.
const passes = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
]

/**
 * Unpacks the pixels into no more memory than the header asks for, after what all of it costs is paid. Deviation from
 * fast-png, which takes any amount, knows no checksum, and fills up a row that is cut off with zeros.
 */
function checkRows(packed: Uint8Array, header: PngHeader, source: Source): void {
  const { width, height, depth, colour, interlaced } = header
  const { name, budget } = source
  const { samples } = colourTypes[colour]
  let size = 0
  for (const [x, y, across, down] of interlaced ? passes : [[0, 0, 1, 1]]) {
    const [columns, rows] = [Math.ceil((width - x) / across), Math.ceil((height - y) / down)]
    if (columns > 0 && rows > 0) size += rows * (1 + Math.ceil((columns * samples * depth) / 8))
  }
  const most = mostGrowth * packed.length
  if (!(size > 0 && size <= most))
    throw malformed(name, `${width} x ${height} pixels`, `1 to ${most} bytes`, size)
  // The pixels as they are, and one by one.
  budget.spend(width * height * samples * (depth === 16 ? 2 : 1) + size, name)
  try {
    unzlib(packed, { size, source })
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    const length = /the unpacked data must be .*, got (.*)$/.exec(error.message)?.[1]
    const words = length && `${length === '"more"' ? 'more' : 'less'} than ${size} bytes of pixels`
    throw malformed(name, 'the picture', 'whole', words ?? error.message.replace(/^Cannot read .*?: /, ''))
  }
}

/** Samples of 1, 2 and 4 bits lie packed in bytes, the first in the highest bits; every row starts a byte. */
function unpacked({ data, depth, width, height }: DecodedPng): ArrayLike<number> {
  if (depth >= 8) return data
  const row = Math.ceil((width * depth) / 8)
  const samples = new Uint8Array(width * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const bit = x * depth
      const shift = 8 - depth - (bit % 8)
      samples[y * width + x] = (data[y * row + (bit >> 3)] >> shift) & (2 ** depth - 1)
    }
  }
  return samples
}

/** The colours that the indices stand for: all of them there, none that is used transparent. */
function paletteOf({ palette = [] }: DecodedPng, indices: ArrayLike<number>, name: string) {
  const used = new Uint8Array(256)
  for (let i = 0; i < indices.length; i++) used[indices[i]] = 1
  const last = used.lastIndexOf(1)
  if (last >= palette.length)
    throw malformed(name, 'every index', `below ${palette.length}, the colours of its palette`, last)
  const through = palette.findIndex(([, , , alpha = 255], i) => used[i] === 1 && alpha !== 255)
  if (through >= 0)
    throw malformed(name, `the alpha of colour ${through}`, 'opaque (255)', palette[through][3])
  return palette.map(([r, g, b]) => [r, g, b] as const)
}

function demandOpaque(
  samples: ArrayLike<number>,
  options: { stored: number; opaque: number; width: number; name: string },
): void {
  const { stored, opaque, width, name } = options
  for (let i = stored - 1; i < samples.length; i += stored) {
    if (samples[i] === opaque) continue
    const pixel = (i - stored + 1) / stored
    const where = `row ${Math.floor(pixel / width)}, column ${pixel % width}`
    throw malformed(name, `the alpha at ${where}`, `opaque (${opaque})`, samples[i])
  }
}
