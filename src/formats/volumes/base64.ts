/** Base64 (RFC 4648 §4) out of bytes, without a text in between: arrays may be longer than a text can be. */
import { malformed } from '../malformed.ts'

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const values = new Int8Array(256).fill(-1)
for (let i = 0; i < 64; i++) values[letters.charCodeAt(i)] = i

/** `=`, behind what does not fill a group. */
export const pad = 0x3d

/** Letters of so many bytes, padded. */
export const lengthOfBase64 = (bytes: number): number => 4 * Math.ceil(bytes / 3)

/** The first `length` bytes of a piece. @throws SyntaxError for other letters */
export function fromBase64(
  text: Uint8Array,
  { length, name }: { readonly length: number; readonly name: string },
): Uint8Array {
  const out = new Uint8Array(length)
  for (let from = 0, to = 0; to < length; from += 4, to += 3) {
    const [a, b] = [values[text[from]], values[text[from + 1]]]
    const c = text[from + 2] === pad ? 0 : values[text[from + 2]]
    const d = text[from + 3] === pad ? 0 : values[text[from + 3]]
    if ((a | b | c | d) < 0) throw malformed(name, 'its data', 'base64', [...text.subarray(from, from + 4)])
    const bits = (a << 18) | (b << 12) | (c << 6) | d
    out[to] = bits >> 16
    // Beyond the end of the array nothing is written.
    out[to + 1] = bits >> 8
    out[to + 2] = bits
  }
  return out
}

/** Bytes as base64 (RFC 4648, §4). */
export function toBase64(bytes: Uint8Array): string {
  const pieces: string[] = []
  // Three bytes make four letters: pieces of a multiple of three can be joined.
  for (let at = 0; at < bytes.length; at += 3 * 8192)
    pieces.push(btoa(String.fromCharCode(...bytes.subarray(at, at + 3 * 8192))))
  return pieces.join('')
}
