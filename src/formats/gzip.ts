/**
 * Inflating with a bound on memory and a checksum: gzip files, and the members of zip archives.
 */
import { gunzipSync, inflateSync } from 'fflate'
import { malformed } from './malformed.ts'

/** Deflate (RFC 1951) makes at most 258 bytes out of 2 bits, so no stream grows more than this. */
export const mostGrowth = 1032

// CRC-32 (RFC 1952 §8): the remainder of every byte.
const remainders = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte
  for (let bit = 0; bit < 8; bit++)
    remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1
  return remainder
})

/** CRC-32 as gzip, zip and PNG use it, in [0, 2^32). */
export function crc32(bytes: Uint8Array): number {
  let crc = -1
  for (let i = 0; i < bytes.length; i++) crc = (crc >>> 8) ^ remainders[(crc ^ bytes[i]) & 255]
  return ~crc >>> 0
}

export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8
}

/**
 * Unpacks a gzip file of one member; bytes that are not gzip are returned as they are.
 * @param name what the errors call the file
 * @throws SyntaxError if the file is truncated, damaged, or more than one member
 */
export function gunzip(bytes: Uint8Array, name: string): Uint8Array {
  if (!isGzip(bytes)) return bytes
  if (bytes.length < 18) throw malformed(name, 'the gzip file', 'of at least 18 bytes', bytes.length)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const crc = view.getUint32(bytes.length - 8, true)
  const size = view.getUint32(bytes.length - 4, true)
  return checked(out => gunzipSync(bytes, { out }), { packed: bytes.length, size, crc, name })
}

/** Unpacks a raw deflate stream that must give `size` bytes with the checksum `crc`. */
export function inflate(bytes: Uint8Array, claim: { size: number; crc: number; name: string }): Uint8Array {
  return checked(out => inflateSync(bytes, { out }), { packed: bytes.length, ...claim })
}

interface Claim {
  packed: number
  size: number
  crc: number
  name: string
}

function checked(unpack: (out: Uint8Array) => Uint8Array, claim: Claim): Uint8Array {
  const { packed, size, crc, name } = claim
  const most = mostGrowth * packed
  if (size > most) throw malformed(name, 'the unpacked size', `at most ${most}`, size)
  let bytes: Uint8Array
  try {
    bytes = unpack(new Uint8Array(size))
  } catch (error) {
    throw malformed(name, 'the packed data', 'whole', error instanceof Error ? error.message : error)
  }
  if (bytes.length !== size) throw malformed(name, 'the unpacked data', `${size} bytes`, bytes.length)
  const found = crc32(bytes)
  if (found !== crc) throw malformed(name, 'the checksum', hex(crc), hex(found))
  return bytes
}

function hex(crc: number): string {
  return `0x${crc.toString(16).padStart(8, '0')}`
}
