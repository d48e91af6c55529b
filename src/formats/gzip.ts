/**
 * Inflating with a bound on memory and a checksum: gzip files, zlib streams, and the members of zip archives.
 */
import { Gunzip, gunzipSync, Inflate, inflateSync } from 'fflate'
import { adler32, crc32, hex } from './checksums.ts'
import { malformed } from './malformed.ts'
import { type Source, sourceOf } from './source.ts'

export { crc32 } from './checksums.ts'

/** Deflate (RFC 1951) makes at most 258 bytes out of 2 bits, so no stream grows more than this. */
export const mostGrowth = 1032

export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8
}

/**
 * Unpacks a gzip file: its members one behind the other, zeros after the last one are padding. Bytes that are not
 * gzip are returned as they are.
 * @throws SyntaxError if the file is truncated, damaged, or ends with other bytes; RangeError beyond the budget
 */
export function gunzip(bytes: Uint8Array, source: string | Source): Uint8Array {
  if (!isGzip(bytes)) return bytes
  const of = sourceOf(source, bytes)
  const { name } = of
  if (bytes.length < 18) throw malformed(name, 'the gzip file', 'of at least 18 bytes', bytes.length)
  checkHeader(bytes, name)
  const view = viewOf(bytes)
  const claim = { crc: view.getUint32(bytes.length - 8, true), size: view.getUint32(bytes.length - 4, true) }
  const packed = bytes.length
  // Mostly the file is one member, and its end says how much memory is needed.
  const one = bounded(out => gunzipSync(bytes, { out }), { packed, ...claim, source: of })
  if (one instanceof Uint8Array && crc32(one) === claim.crc && !endsTwice(bytes)) return one
  return unpackMembers(bytes, of)
}

/** Whether a member before the last one may end with the same checksum and size: the first one alone says not that it is all. */
function endsTwice(bytes: Uint8Array): boolean {
  const end = bytes.subarray(-8)
  for (
    let at = bytes.indexOf(end[0], 10);
    at >= 0 && at < bytes.length - 8;
    at = bytes.indexOf(end[0], at + 1)
  )
    if (isGzip(bytes.subarray(at + 8, at + 11)) && end.every((byte, i) => bytes[at + i] === byte)) return true
  return false
}

/** Unpacks a raw deflate stream that must give `size` bytes with the checksum `crc`. */
export function inflate(
  bytes: Uint8Array,
  claim: { size: number; crc: number; name: string; source?: Source },
): Uint8Array {
  const { size, crc, name } = claim
  const source = claim.source ?? sourceOf(name, bytes)
  const found = bounded(out => inflateInto(bytes, out), { packed: bytes.length, size, source })
  if (!(found instanceof Uint8Array)) throw found
  const sum = crc32(found)
  if (sum !== crc) throw malformed(name, 'the checksum', hex(crc), hex(sum))
  return found
}

/**
 * Unpacks a zlib stream (RFC 1950) that must give `size` bytes, its checksum right. The caller has paid for them.
 * @param least fewer bytes than `size` that will do
 */
export function unzlib(
  bytes: Uint8Array,
  { size, source, least = size }: { size: number; source: Source; least?: number },
): Uint8Array {
  const { name } = source
  const [method = 0, flags = 0] = bytes
  const right = bytes.length >= 6 && (method & 15) === 8 && ((method << 8) | flags) % 31 === 0
  if (!right || flags & 32) throw malformed(name, 'the packed data', 'a zlib stream', bytes)
  const body = bytes.subarray(2, -4)
  const found = bounded(out => inflateInto(body, out), {
    packed: bytes.length,
    size,
    source,
    least,
    paid: true,
  })
  if (!(found instanceof Uint8Array)) throw found
  const [sum, wanted] = [adler32(found), viewOf(bytes).getUint32(bytes.length - 4)]
  if (sum !== wanted) throw malformed(name, 'the checksum', hex(wanted), hex(sum))
  return found
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array) =>
  new DataView(buffer, byteOffset, byteLength)

interface Claim {
  readonly packed: number
  readonly size: number
  readonly source: Source
  readonly least?: number
  /** Whoever asks has spent it. */
  readonly paid?: boolean
}

/** What is unpacked into the memory that is claimed, or the error that says why not. */
function bounded(
  unpack: (out: Uint8Array) => Uint8Array,
  { packed, size, source, least = size, paid }: Claim,
): Uint8Array | SyntaxError {
  const { name } = source
  const most = mostGrowth * packed
  if (size > most) throw malformed(name, 'the unpacked size', `at most ${most}`, size)
  if (paid !== true) source.budget.spend(size, name)
  let bytes: Uint8Array
  try {
    // One byte more: what is beyond the end is left out silently.
    bytes = unpack(new Uint8Array(size + 1))
  } catch (error) {
    return malformed(name, 'the packed data', 'whole', error instanceof Error ? error.message : error)
  }
  if (bytes.length <= size && bytes.length >= least) return bytes
  const got = bytes.length > size ? 'more' : bytes.length
  return malformed(name, 'the unpacked data', `${size} bytes`, got)
}

/** Inflates into given memory; what would go beyond it ends the work, however much were to come. */
function inflateInto(packed: Uint8Array, out: Uint8Array): Uint8Array {
  if (packed.length <= small) return inflateSync(packed, { out })
  let length = 0
  const stream = new Inflate(chunk => {
    const room = out.length - length
    out.set(chunk.subarray(0, room), length)
    length += Math.min(room, chunk.length)
  })
  // The last byte of the memory is beyond what was claimed.
  for (let at = 0; at < packed.length && length < out.length; at += piece)
    stream.push(packed.subarray(at, at + piece), at + piece >= packed.length)
  return out.subarray(0, length)
}

/** Checks the head of a member and, where it has one, its checksum (RFC 1952 §2.3); where the packed data begin. */
function checkHeader(member: Uint8Array, name: string): void {
  const flags = member[3]
  if (flags & 0xe0) throw malformed(name, 'the flags of the gzip file', 'those that are known', flags)
  let at = 10
  if (flags & 4) at += 2 + (member[10] | (member[11] << 8))
  // Its name and its comment end with a zero.
  for (const text of [8, 16]) {
    if (!(flags & text)) continue
    const end = member.indexOf(0, at)
    if (end < 0) throw malformed(name, 'the gzip file', 'whole', 'an early end')
    at = end + 1
  }
  if (!(flags & 2)) return
  const [sum, wanted] = [crc32(member.subarray(0, at)) & 0xffff, member[at] | (member[at + 1] << 8)]
  if (sum !== wanted) throw malformed(name, 'the checksum of the gzip header', hex(wanted), hex(sum))
}

/** Bytes that cannot make more than 4 MiB. */
const small = 2 ** 12

/** Bytes that are pushed at a time: they cannot make more than 64 MiB. */
const piece = 2 ** 16

/** Unpacks members one after the other, each with its checksum. */
function unpackMembers(bytes: Uint8Array, { name, budget }: Source): Uint8Array {
  const [chunks, view]: [Uint8Array[], DataView] = [[], viewOf(bytes)]
  let [crc, size, total, stopped] = [0, 0, 0, false]
  const ends = (at: number) =>
    at >= 18 && view.getUint32(at - 8, true) === crc && view.getUint32(at - 4, true) === size % 2 ** 32
  const stream = new Gunzip(chunk => {
    budget.spend(chunk.length, name)
    crc = crc32(chunk, crc)
    size += chunk.length
    total += chunk.length
    if (chunk.length > 0) chunks.push(chunk)
  })
  stream.onmember = at => {
    if (!ends(at)) throw malformed(name, 'the checksum of a member', 'right', hex(crc))
    checkHeader(bytes.subarray(at), name)
    ;[crc, size] = [0, 0]
  }
  for (let at = 0; at < bytes.length && !stopped; at += piece)
    try {
      stream.push(bytes.subarray(at, at + piece), false)
    } catch (error) {
      if (error instanceof RangeError || error instanceof SyntaxError) throw error
      // Padding, or damage: the end of the last member tells.
      stopped = true
    }
  const last = bytes.findLastIndex(byte => byte !== 0) + 1
  // The last bytes of a member may be zeros themselves.
  const end = Array.from({ length: 9 }, (_, i) => last + i).find(at => at <= bytes.length && ends(at))
  if (end === undefined)
    throw malformed(name, 'the gzip file', 'whole, with nothing but zeros behind it', 'other bytes')
  return joined(chunks, total)
}

/** Pieces one behind the other. */
export function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length)
  let at = 0
  for (const one of pieces) {
    whole.set(one, at)
    at += one.length
  }
  return whole
}
