/**
 * How the strips and tiles of a TIFF file are packed: unpacked into as many bytes as they declare, and no more.
 */
import { unzlib } from '../gzip.ts'
import { malformed } from '../malformed.ts'
import type { Source } from '../source.ts'

/** Unpacks into at most `most` bytes; at least `least` must come of it. */
export type Unpack = (
  packed: Uint8Array,
  options: { readonly most: number; readonly least: number; readonly source: Source },
) => Uint8Array

/** Numbers of compressions (TIFF 6.0, §3, and those that were registered since) that are refused by their names. */
const names: Record<number, string> = {
  ...{ 2: 'CCITT (fax)', 3: 'CCITT group 3 (fax)', 4: 'CCITT group 4 (fax)', 6: 'JPEG', 7: 'JPEG' },
  ...{ 33003: 'JPEG 2000', 33005: 'JPEG 2000', 34712: 'JPEG 2000', 34887: 'LERC', 34925: 'LZMA' },
  ...{ 50001: 'WebP', 50002: 'JPEG XL', 52546: 'JPEG XL' },
}

/** How to unpack a compression. @throws SyntaxError that names it where it is not known */
export async function packing(compression: number, name: string): Promise<Unpack> {
  switch (compression) {
    case 1:
      return (packed, { least, source }) => {
        if (packed.length >= least) return packed.subarray(0, least)
        throw malformed(source.name, 'a strip or tile', `${least} bytes`, packed.length)
      }
    case 5:
      return whole(lzw)
    case 8:
    case 32946:
      return (packed, { most, least, source }) => unzlib(packed, { size: most, least, source })
    case 32773:
      return whole(packBits)
    case 50000:
      return zstandard()
  }
  const wanted = 'none, LZW, deflate, PackBits or Zstandard (save it anew with one of them)'
  throw malformed(name, 'the compression', wanted, names[compression] ?? compression)
}

/** Returns how many bytes were written, or -1 for damage. */
type Filler = (packed: Uint8Array, out: Uint8Array) => number

function whole(fill: Filler): Unpack {
  return (packed, { most, least, source }) => {
    const out = new Uint8Array(most)
    const length = fill(packed, out)
    if (length >= least && length <= most) return out.subarray(0, length)
    const got = length < 0 ? 'damaged ones' : length > most ? 'more' : length
    throw malformed(source.name, 'the unpacked bytes of a strip or tile', String(most), got)
  }
}

/** PackBits (TIFF 6.0, §9): runs of a byte, and bytes as they are. */
function packBits(packed: Uint8Array, out: Uint8Array): number {
  let at = 0
  for (let i = 0; i < packed.length; ) {
    const head = packed[i++]
    if (head === 128) continue
    const length = head < 128 ? head + 1 : 257 - head
    if (i + (head < 128 ? length : 1) > packed.length) return -1
    if (at + length > out.length) return out.length + 1
    if (head < 128) {
      out.set(packed.subarray(i, i + length), at)
      i += length
    } else out.fill(packed[i++], at, at + length)
    at += length
  }
  return at
}

const [clear, end] = [256, 257]

/**
 * LZW (TIFF 6.0, §13): codes of 9 to 12 bits, the highest bit first, one bit longer as soon as the table has one
 * entry less than they could name.
 */
function lzw(packed: Uint8Array, out: Uint8Array): number {
  const prefix = new Uint16Array(4096)
  const last = new Uint8Array(4096)
  const lengths = new Uint16Array(4096)
  for (let code = 0; code < 256; code++) {
    last[code] = code
    lengths[code] = 1
  }
  let [at, free, width, before] = [0, 258, 9, -1]
  /** Writes the string of a code, from its end to its begin; its first byte. */
  const write = (code: number): number => {
    let place = at + lengths[code]
    at = place
    let one = code
    for (; lengths[one] > 1; one = prefix[one]) out[--place] = last[one]
    out[--place] = last[one]
    return last[one]
  }
  let [held, bits] = [0, 0]
  for (let i = 0; ; ) {
    while (bits < width && i < packed.length) {
      held = ((held << 8) | packed[i++]) & 0xffffff
      bits += 8
    }
    if (bits < width) return at
    bits -= width
    const code = (held >> bits) & ((1 << width) - 1)
    if (code === end) return at
    if (code === clear) {
      ;[free, width, before] = [258, 9, -1]
      continue
    }
    if (before < 0 ? code > 255 : code > free || (code === free && free >= 4096)) return -1
    if (at + (code === free ? lengths[before] + 1 : lengths[code]) > out.length) return out.length + 1
    if (before >= 0 && free < 4096) {
      prefix[free] = before
      lengths[free] = lengths[before] + 1
      if (code < free) last[free] = write(code)
      else {
        // The string that is just being made: that before, with its own first byte behind it.
        let first = before
        while (lengths[first] > 1) first = prefix[first]
        last[free] = last[first]
        write(code)
      }
      free++
      if (free >= (1 << width) - 1 && width < 12) width++
    } else write(code)
    before = code
  }
}

async function zstandard(): Promise<Unpack> {
  // Loaded where it is needed: it brings its own machine code.
  const { ZSTDDecoder } = await import('zstddec')
  const decoder = new ZSTDDecoder()
  await decoder.init()
  return (packed, { most, least, source }) => {
    // Of what does not fit it gives nothing.
    const out = decoder.decode(packed, most)
    if (out.length >= least) return out
    throw malformed(source.name, 'the unpacked bytes of a strip or tile', String(most), out.length)
  }
}
