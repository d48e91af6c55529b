/** The checksums of packed files: CRC-32 of gzip, zip and PNG, Adler-32 of zlib. */

// CRC-32 (RFC 1952 §8): the remainder of every byte.
const remainders = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte
  for (let bit = 0; bit < 8; bit++)
    remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1
  return remainder
})

/** CRC-32 in [0, 2^32), of bytes that follow those whose CRC was `before`. */
export function crc32(bytes: Uint8Array, before = 0): number {
  let crc = ~before
  for (let i = 0; i < bytes.length; i++) crc = (crc >>> 8) ^ remainders[(crc ^ bytes[i]) & 255]
  return ~crc >>> 0
}

/** Sums stay below 2^32 for so many bytes (RFC 1950 §9). */
const stretch = 5552

/** Adler-32 in [0, 2^32). */
export function adler32(bytes: Uint8Array): number {
  let [a, b] = [1, 0]
  for (let start = 0; start < bytes.length; start += stretch) {
    const end = Math.min(start + stretch, bytes.length)
    for (let i = start; i < end; i++) {
      a += bytes[i]
      b += a
    }
    a %= 65521
    b %= 65521
  }
  return ((b << 16) | a) >>> 0
}

/** A checksum as errors show it. */
export const hex = (sum: number): string => `0x${sum.toString(16).padStart(8, '0')}`
