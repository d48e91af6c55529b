/** Damage to files: bytes, the numbers in their headers, their pieces; and packed again, so that it is not the checksum that is noticed. */
import { gunzipSync, gzipSync, unzipSync, zipSync } from 'fflate'
import { below, type Random } from '../../src/base/random.ts'
import { crc32 } from '../../src/formats/checksums.ts'

/** Numbers at which readers go wrong. */
const odd = [
  0,
  1,
  2,
  3,
  4,
  7,
  8,
  16,
  127,
  128,
  255,
  256,
  32767,
  32768,
  65535,
  65536,
  2 ** 24,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
]

const oddTexts = [
  ...[
    '0',
    '-1',
    '1',
    '2',
    '3',
    '5',
    '255',
    '65536',
    '4294967295',
    '4294967296',
    '9007199254740993',
    '1e9',
    '1e308',
  ],
  ...[
    '1e999',
    '-1e-999',
    'NaN',
    'Infinity',
    '0x10',
    '9'.repeat(400),
    '',
    ' ',
    '"',
    "'",
    '<',
    '>',
    '[',
    '{',
    '\0',
    'é',
  ],
]

type Mutation = (bytes: Uint8Array<ArrayBuffer>, rng: Random, other: Uint8Array) => Uint8Array<ArrayBuffer>

const copy = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes)

const glued = (...parts: readonly Uint8Array[]) => copy(Buffer.concat(parts))

/** A place; headers stand in front, so these are met more often. */
function place(rng: Random, length: number): number {
  const within = rng.uniform() < 0.6 ? Math.min(length, 400) : length
  return length === 0 ? 0 : below(rng, within)
}

const piece = (rng: Random, length: number): [number, number] => {
  const from = place(rng, length)
  return [from, Math.min(length, from + 1 + below(rng, rng.uniform() < 0.7 ? 16 : Math.max(1, length)))]
}

const mutations: readonly Mutation[] = [
  function bit(bytes, rng) {
    if (bytes.length > 0) bytes[place(rng, bytes.length)] ^= 1 << below(rng, 8)
    return bytes
  },
  function byte(bytes, rng) {
    if (bytes.length > 0)
      bytes[place(rng, bytes.length)] = rng.uniform() < 0.5 ? odd[below(rng, 11)] : below(rng, 256)
    return bytes
  },
  function number(bytes, rng) {
    const width = [2, 4, 8][below(rng, 3)]
    if (bytes.length < width) return bytes
    const at = Math.min(place(rng, bytes.length), bytes.length - width)
    const view = new DataView(bytes.buffer, at, width)
    const little = rng.uniform() < 0.5
    const value = rng.uniform() < 0.2 ? bytes.length + below(rng, 9) - 4 : odd[below(rng, odd.length)]
    if (width === 2) view.setUint16(0, value, little)
    else if (width === 4) view.setUint32(0, value, little)
    else view.setBigUint64(0, BigInt(Math.max(0, value)) << (rng.uniform() < 0.3 ? 32n : 0n), little)
    return bytes
  },
  function text(bytes, rng) {
    // A number or a word, where the file has texts.
    const read = Buffer.from(bytes).toString('latin1').slice(0, 20_000)
    const found = [...read.matchAll(rng.uniform() < 0.7 ? /-?\d[\d.e+]*/g : /[A-Za-z_]{2,}/g)]
    if (found.length === 0) return bytes
    const { index, 0: old } = found[below(rng, found.length)]
    const word =
      rng.uniform() < 0.8 ? oddTexts[below(rng, oddTexts.length)] : found[below(rng, found.length)][0]
    return glued(bytes.subarray(0, index), Buffer.from(word, 'latin1'), bytes.subarray(index + old.length))
  },
  function cut(bytes, rng) {
    return bytes.slice(0, rng.uniform() < 0.5 ? place(rng, bytes.length) : below(rng, bytes.length + 1))
  },
  function longer(bytes, rng) {
    return glued(bytes, new Uint8Array(1 + below(rng, 64)).fill(below(rng, 256)))
  },
  function dropped(bytes, rng) {
    const [from, to] = piece(rng, bytes.length)
    return glued(bytes.subarray(0, from), bytes.subarray(to))
  },
  function doubled(bytes, rng) {
    const [from, to] = piece(rng, bytes.length)
    const times = rng.uniform() < 0.1 ? 50 : 1
    const part = bytes.subarray(from, to)
    return glued(bytes.subarray(0, to), ...new Array<Uint8Array>(times).fill(part), bytes.subarray(to)).slice(
      0,
      200_000,
    )
  },
  function spliced(bytes, rng, other) {
    const at = place(rng, Math.min(bytes.length, other.length))
    return glued(bytes.subarray(0, at), other.subarray(at))
  },
  function moved(bytes, rng) {
    const [from, to] = piece(rng, bytes.length)
    bytes.copyWithin(place(rng, bytes.length), from, to)
    return bytes
  },
]

/** A few mutations one upon the other. */
function damaged(bytes: Uint8Array, rng: Random, other: Uint8Array): Uint8Array<ArrayBuffer> {
  let out = copy(bytes)
  for (let i = 0, times = 1 + below(rng, 4); i < times; i++)
    out = mutations[below(rng, mutations.length)](out, rng, other)
  return out
}

/** The checksums of the chunks of a PNG as they should be. */
function checked(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer)
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at)
    if (at + 12 + length > bytes.length) break
    view.setUint32(at + 8 + length, crc32(bytes.subarray(at + 4, at + 8 + length)))
    at += 12 + length
  }
  return bytes
}

/** Damages a file; half of the time what is packed in it, and what is checked is made right again. */
export function mutated(bytes: Uint8Array, rng: Random, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = rng.uniform() < 0.5
  try {
    if (!whole && bytes[0] === 0x1f && bytes[1] === 0x8b)
      return copy(gzipSync(damaged(gunzipSync(bytes), rng, other), { mtime: 0 }))
    if (!whole && bytes[0] === 0x50 && bytes[1] === 0x4b) {
      const members = Object.entries(unzipSync(bytes))
      const [name, content] = members[below(rng, members.length)]
      const changed = Object.fromEntries(
        members.map(([key, own]) => [key, key === name ? damaged(content, rng, other) : own]),
      )
      return copy(zipSync(changed, { mtime: new Date(1980, 0, 1), level: rng.uniform() < 0.5 ? 0 : 6 }))
    }
  } catch {}
  const out = damaged(bytes, rng, other)
  return bytes[0] === 0x89 && bytes[1] === 0x50 && !whole ? checked(out) : out
}
