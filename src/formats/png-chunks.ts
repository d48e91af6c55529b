/**
 * The chunks of a PNG file (third edition, §5): their order, their checksums, and those that pixels are made of.
 */
import { crc32, hex } from './checksums.ts'
import { malformed } from './malformed.ts'

export interface PngHeader {
  readonly width: number
  readonly height: number
  /** Bits of a sample. */
  readonly depth: number
  /** The colour type: 0 grey, 2 RGB, 3 a palette, 4 grey and alpha, 6 RGB and alpha. */
  readonly colour: number
  readonly interlaced: boolean
}

export interface PngChunks {
  readonly header: PngHeader
  /** The packed pixels, in order. */
  readonly pixels: readonly Uint8Array[]
  /** A file of these pixels alone, without profiles, texts and frames. */
  readonly plain: readonly Uint8Array[]
  readonly animated: boolean
}

/** Samples per pixel and the bits that one may have, by colour type (§11.2.1). */
export const colourTypes: Record<number, { samples: number; bits: number[] }> = {
  0: { samples: 1, bits: [1, 2, 4, 8, 16] },
  2: { samples: 3, bits: [8, 16] },
  3: { samples: 1, bits: [1, 2, 4, 8] },
  4: { samples: 2, bits: [8, 16] },
  6: { samples: 4, bits: [8, 16] },
}

const signature = [137, 80, 78, 71, 13, 10, 26, 10]

export const isPng = (bytes: Uint8Array): boolean => signature.every((byte, i) => bytes[i] === byte)

/** Chunks without which pixels are not understood; all other names in capitals are not known. */
const critical = ['IHDR', 'PLTE', 'IDAT', 'IEND']

/** @throws SyntaxError if the file is no PNG, truncated, damaged, or its chunks are not in order */
export function pngChunks(bytes: Uint8Array, name: string): PngChunks {
  if (!isPng(bytes)) throw malformed(name, 'the first bytes', 'those of PNG', [...bytes.subarray(0, 8)])
  const header = headerOf(bytes, name)
  const [pixels, plain]: Uint8Array[][] = [[], [bytes.subarray(0, 8)]]
  const seen: string[] = []
  let at = 8
  for (const { type, data, whole } of chunks(bytes, name)) {
    const before = seen.at(-1)
    const again = type !== 'IDAT' && critical.includes(type) && seen.includes(type)
    if (again) throw malformed(name, type === 'IHDR' ? 'the header' : type, 'there once', 'two')
    if (type === 'IDAT' && before !== 'IDAT' && seen.includes('IDAT'))
      throw malformed(name, 'the pixels', 'in one piece', `${before} between them`)
    if (type === 'PLTE' && seen.includes('IDAT')) throw malformed(name, 'PLTE', 'before the pixels', 'behind')
    if (type[0] < 'a' && !critical.includes(type))
      throw malformed(name, 'every critical chunk', 'one that is known', type)
    seen.push(type)
    at += whole.length
    if (type === 'IDAT') pixels.push(data)
    if (critical.includes(type) || type === 'tRNS') plain.push(whole)
    if (type === 'IEND') break
  }
  if (!seen.includes('IEND')) throw malformed(name, 'the picture', 'whole', 'an early end')
  if (at < bytes.length)
    throw malformed(name, 'the picture', 'all of the file', `${bytes.length - at} bytes more`)
  if (pixels.length === 0) throw malformed(name, 'the picture', 'whole', 'no pixels')
  if (header.colour === 3 && !seen.includes('PLTE')) throw malformed(name, 'the palette', 'there', 'none')
  return { header, pixels, plain, animated: seen.includes('acTL') }
}

/** The chunks in order, their checksums right. */
function* chunks(bytes: Uint8Array, name: string) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 8; at < bytes.length; ) {
    const length = at + 12 <= bytes.length ? view.getUint32(at) : Number.POSITIVE_INFINITY
    const end = at + 12 + length
    if (end > bytes.length) throw malformed(name, 'the picture', 'whole', 'an early end')
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8))
    if (!/^[a-z]{4}$/i.test(type)) throw malformed(name, 'the name of a chunk', 'four letters', type)
    const [sum, wanted] = [crc32(bytes.subarray(at + 4, end - 4)), view.getUint32(end - 4)]
    if (sum !== wanted) throw malformed(name, `the checksum of ${type}`, hex(wanted), hex(sum))
    yield { type, data: bytes.subarray(at + 8, end - 4), whole: bytes.subarray(at, end) }
    at = end
  }
}

/** Whether a picture carries a text of that keyword (§11.3.3.2), without a look at anything else. */
export function hasText(bytes: Uint8Array, keyword: string): boolean {
  if (!isPng(bytes)) return false
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const wanted = `tEXt${keyword}\0`
  for (let at = 8; at + 12 <= bytes.length; at += 12 + view.getUint32(at)) {
    const begins = bytes.subarray(at + 4, at + 4 + wanted.length)
    if (String.fromCharCode(...begins) === wanted) return true
  }
  return false
}

function headerOf(bytes: Uint8Array, name: string): PngHeader {
  if (bytes.length < 33) throw malformed(name, 'the file', 'at least 33 bytes', bytes.length)
  const view = new DataView(bytes.buffer, bytes.byteOffset, 33)
  if (view.getUint32(8) !== 13 || view.getUint32(12) !== 0x49484452)
    throw malformed(name, 'the first part', 'IHDR', [...bytes.subarray(8, 16)])
  const [width, height] = [view.getUint32(16), view.getUint32(20)]
  const [depth, colour, , , interlace] = bytes.subarray(24, 29)
  if (!colourTypes[colour]?.bits.includes(depth))
    throw malformed(name, 'the colour type and depth', 'of PNG', [colour, depth])
  if (depth < 8 && interlace !== 0)
    throw malformed(name, `${depth}-bit samples`, 'without interlace', interlace)
  return { width, height, depth, colour, interlaced: interlace !== 0 }
}
