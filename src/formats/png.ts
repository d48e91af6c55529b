/**
 * PNG pictures to and from arrays [C, H, W].
 */
import { convertIndexedToRgb, type DecodedPng, decode, encode, hasPngSignature } from 'fast-png'
import { unzlibSync } from 'fflate'
import { demand } from '../base/errors.ts'
import { type NdArray, sizeOf } from './array.ts'
import { mostGrowth } from './gzip.ts'
import { malformed } from './malformed.ts'

// PNG (ISO 15948) §11.2.2: the colour types, their samples per pixel and the bits a sample may have.
const colours: Record<number, { samples: number; bits: number[] }> = {
  0: { samples: 1, bits: [1, 2, 4, 8, 16] },
  2: { samples: 3, bits: [8, 16] },
  3: { samples: 1, bits: [1, 2, 4, 8] },
  4: { samples: 2, bits: [8, 16] },
  6: { samples: 4, bits: [8, 16] },
}

export function isPng(bytes: Uint8Array): boolean {
  return bytes.length >= 8 && hasPngSignature(bytes.subarray(0, 8))
}

/**
 * Reads a picture as counts [C, H, W], the samples as stored: 0 to 2^bits - 1. Grey has C = 1, RGB 3.
 * A palette gives C = 1 where all its colours are grey, else 3. An alpha channel must be opaque throughout.
 * @param name what the errors call the file
 * @throws SyntaxError if the file is truncated, damaged, transparent or not a PNG picture
 */
export function readPng(bytes: Uint8Array, name: string): NdArray {
  const header = headerOf(bytes, name)
  const { width, height, depth, colour } = header
  let image: DecodedPng
  let samples: NdArray['data']
  try {
    checkRows(bytes, header)
    image = decode(bytes.slice(), { checkCrc: true })
    samples = colour === 3 ? convertIndexedToRgb(image) : Uint16Array.from(unpacked(image))
  } catch (error) {
    throw malformed(name, 'the picture', 'whole', error instanceof Error ? error.message : error)
  }
  if (image.width !== width || image.height !== height)
    throw malformed(name, 'the header', 'there once', 'two')
  if (image.transparency) throw malformed(name, 'the picture', 'opaque', 'a transparent colour')
  const pixels = width * height
  const stored = samples.length / pixels
  // Grey with alpha has 2 samples per pixel, colour with alpha 4.
  let channels = stored === 2 ? 1 : Math.min(stored, 3)
  if (stored % 2 === 0)
    demandOpaque(samples, { stored, opaque: 2 ** (colour === 3 ? 8 : depth) - 1, width, name })
  if (colour === 3 && image.palette!.every(([r, g, b]) => r === g && g === b)) channels = 1
  const data = depth === 16 ? new Uint16Array(channels * pixels) : new Uint8Array(channels * pixels)
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < pixels; i++) data[c * pixels + i] = samples[i * stored + c]
  }
  return { data, shape: [channels, height, width] }
}

/** Writes [C, H, W] with C = 1 (grey) or 3 (RGB), 8 or 16 bits a sample as the array has. */
export function writePng(image: NdArray): Uint8Array {
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
  return encode({ width, height, channels, depth, data: samples }, { zlib: { level: 6 } })
}

interface Header {
  width: number
  height: number
  depth: number
  colour: number
  interlaced: boolean
}

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
 * Unpacks the pixels into no more memory than the header asks for. Deviation from fast-png, which takes
 * any amount, and fills up a row that is cut off with zeros.
 */
function checkRows(bytes: Uint8Array, header: Header): void {
  const { width, height, depth, colour, interlaced } = header
  let size = 0
  for (const [x, y, across, down] of interlaced ? passes : [[0, 0, 1, 1]]) {
    const [columns, rows] = [Math.ceil((width - x) / across), Math.ceil((height - y) / down)]
    if (columns > 0 && rows > 0)
      size += rows * (1 + Math.ceil((columns * colours[colour].samples * depth) / 8))
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const parts: Uint8Array[] = []
  for (let at = 8; at + 8 <= bytes.length; ) {
    const end = at + 8 + view.getUint32(at)
    // "IDAT"
    if (view.getUint32(at + 4) === 0x49444154) parts.push(bytes.subarray(at + 8, end))
    at = end + 4
  }
  const packed = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let start = 0
  for (const part of parts) {
    packed.set(part, start)
    start += part.length
  }
  const found = unzlibSync(packed, { out: new Uint8Array(size + 1) }).length
  if (found !== size) throw new SyntaxError(`${found > size ? 'more' : 'less'} than ${size} bytes of pixels`)
}

function headerOf(bytes: Uint8Array, name: string): Header {
  if (!isPng(bytes)) throw malformed(name, 'the first bytes', 'those of PNG', [...bytes.subarray(0, 8)])
  if (bytes.length < 33) throw malformed(name, 'the file', 'at least 33 bytes', bytes.length)
  const view = new DataView(bytes.buffer, bytes.byteOffset, 33)
  if (view.getUint32(8) !== 13 || view.getUint32(12) !== 0x49484452) {
    throw malformed(name, 'the first part', 'IHDR', [...bytes.subarray(8, 16)])
  }
  const [width, height] = [view.getUint32(16), view.getUint32(20)]
  const [depth, colour, , , interlace] = bytes.subarray(24, 29)
  const kind = colours[colour]
  if (!kind?.bits.includes(depth))
    throw malformed(name, 'the colour type and depth', 'of PNG', [colour, depth])
  if (depth < 8 && interlace !== 0)
    throw malformed(name, `${depth}-bit samples`, 'without interlace', interlace)
  const size = height * Math.ceil((width * kind.samples * depth) / 8)
  const most = mostGrowth * bytes.length
  if (!(size > 0 && size <= most))
    throw malformed(name, `${width} x ${height} pixels`, `1 to ${most} bytes`, size)
  return { width, height, depth, colour, interlaced: interlace !== 0 }
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
