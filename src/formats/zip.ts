/**
 * Reads zip archives of a few plain members by their central directory (PKZIP application note, §4.3).
 *
 * Every offset and size is checked against the archive before it is followed, every member against its
 * checksum. Encrypted and split archives, those above 4 GiB, and members that share their bytes are refused.
 */
import { crc32, inflate } from './gzip.ts'
import { malformed } from './malformed.ts'
import { partOf, type Source, sourceOf } from './source.ts'

const endSignature = 0x06054b50
const entrySignature = 0x02014b50
const memberSignature = 0x04034b50

export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5)
}

/**
 * Lists the members of an archive by name, each with a function that unpacks it.
 * @throws SyntaxError if the archive is truncated, damaged, or uses what is not read here
 */
export function readZip(bytes: Uint8Array, source: string | Source): Map<string, () => Uint8Array> {
  const of = sourceOf(source, bytes)
  const { name } = of
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = endOf(view, name)
  const count = view.getUint16(end + 10, true)
  let at = view.getUint32(end + 16, true)
  if (view.getUint16(end + 4, true) !== 0) throw malformed(name, 'the archive', 'in one piece', 'a split one')
  if (count === 0xffff || at === 0xffffffff) throw malformed(name, 'the archive', 'below 4 GiB', 'zip64')
  const members = new Map<string, () => Uint8Array>()
  const places: { member: string; place: Place }[] = []
  for (let i = 0; i < count; i++) {
    if (at + 46 > end || view.getUint32(at, true) !== entrySignature) {
      throw malformed(name, `entry ${i} of the directory`, `at byte ${at}, before byte ${end}`, 'none')
    }
    const length = view.getUint16(at + 28, true)
    const next = at + 46 + length + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
    if (next > end) throw malformed(name, `entry ${i} of the directory`, `before byte ${end}`, next)
    const member = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + length))
    if (members.has(member)) throw malformed(name, 'the names of members', 'distinct', member)
    const part = partOf(of, member)
    const place = placeOf(view, at, part.name)
    places.push({ member, place })
    members.set(member, () => unpack(view, place, part))
    at = next
  }
  places.sort((a, b) => a.place.start - b.place.start)
  for (const [i, { member, place }] of places.entries())
    if (i > 0 && place.start < places[i - 1].place.end)
      throw malformed(name, 'the members', 'apart', `${member} among the bytes of ${places[i - 1].member}`)
  return members
}

/** Where the bytes of a member are, and what they must give. */
interface Place {
  readonly start: number
  readonly end: number
  readonly method: number
  readonly crc: number
  readonly size: number
}

/** Where the end record is: it closes the file, but for a comment whose length it states. */
function endOf(view: DataView, name: string): number {
  for (let at = view.byteLength - 22; at >= 0 && at > view.byteLength - 22 - 65536; at--) {
    const whole = view.getUint32(at, true) === endSignature
    if (whole && at + 22 + view.getUint16(at + 20, true) === view.byteLength) return at
  }
  throw malformed(name, 'the archive', 'closed by a directory', `${view.byteLength} bytes without one`)
}

function placeOf(view: DataView, entry: number, name: string): Place {
  const flags = view.getUint16(entry + 8, true)
  const method = view.getUint16(entry + 10, true)
  const crc = view.getUint32(entry + 16, true)
  const packed = view.getUint32(entry + 20, true)
  const size = view.getUint32(entry + 24, true)
  const at = view.getUint32(entry + 42, true)
  if (flags & 1) throw malformed(name, 'the member', 'unencrypted', 'an encrypted one')
  if (at + 30 > entry || view.getUint32(at, true) !== memberSignature)
    throw malformed(name, 'the member', `at byte ${at}, before the directory`, 'none')
  const start = at + 30 + view.getUint16(at + 26, true) + view.getUint16(at + 28, true)
  const end = start + packed
  if (end > entry) throw malformed(name, 'the packed size', `at most ${entry - start}`, packed)
  return { start, end, method, crc, size }
}

function unpack(view: DataView, place: Place, source: Source): Uint8Array {
  const { start, end, method, crc, size } = place
  const { name } = source
  if (method !== 0 && method !== 8)
    throw malformed(name, 'the compression', '0 (none) or 8 (deflate)', method)
  const data = new Uint8Array(view.buffer, view.byteOffset + start, end - start)
  if (method === 8) return inflate(data, { size, crc, name, source })
  if (data.length !== size || crc32(data) !== crc)
    throw malformed(name, 'the stored data', 'intact', 'other bytes')
  return data
}
