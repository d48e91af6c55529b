/**
 * Safe reading of protocol buffers: messages as tables from field number to action.
 *
 * Every length is checked against the message around it before anything is read or allocated, and
 * every wire type against the field. Whatever the bytes are, reading ends, with a SyntaxError if bad.
 */
import type { PbfReader } from 'pbf'
import { malformed } from './malformed.ts'

/** Where the reading stands: `limit` is the end of the message being read. */
export interface Source {
  pbf: PbfReader
  name: string
  limit: number
}

/** What to do at each field number of a message; a field that is not here is skipped. */
export type Fields = Record<number, () => unknown>

// Wire types of protocol buffers.
export const varint = 0
export const fixed64 = 1
const block = 2
export const fixed32 = 5

/** Reads the fields of the message that ends at `source.limit`. */
export function each(source: Source, fields: Fields): void {
  const { pbf, name, limit } = source
  while (pbf.pos < limit) {
    const at = pbf.pos
    const field = pbf.nextField(limit)
    if (field === 0) throw malformed(name, `the field number at byte ${at}`, 'positive', 0)
    const start = pbf.pos
    fields[field]?.()
    if (pbf.pos === start) pbf.skip(pbf.type)
    if (pbf.pos > limit)
      throw malformed(name, `field ${field} at byte ${at}`, `inside its ${limit} bytes`, pbf.pos)
  }
}

export function nested(source: Source, fields: Fields): void {
  const { limit } = source
  source.limit = endOf(source)
  each(source, fields)
  source.limit = limit
}

/** Reads the length of a block; returns the byte where it ends, which is inside the message. */
function endOf(source: Source): number {
  const { pbf, name, limit } = source
  expect(source, block)
  const end = pbf.readVarint() + pbf.pos
  if (end > limit)
    throw malformed(name, `the block at byte ${pbf.pos}`, `whole before byte ${limit}`, `end ${end}`)
  return end
}

function expect(source: Source, wire: number): void {
  const { pbf, name } = source
  if (pbf.type !== wire) throw malformed(name, `the wire type at byte ${pbf.pos}`, wire.toString(), pbf.type)
}

export function bytesOf(source: Source): Uint8Array {
  const end = endOf(source)
  const { pbf } = source
  const bytes = pbf.buf.subarray(pbf.pos, end)
  pbf.pos = end
  return bytes
}

export function text(source: Source): string {
  const { pos } = source.pbf
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytesOf(source))
  } catch (error) {
    if (error instanceof SyntaxError) throw error
    throw malformed(source.name, `the text at byte ${pos}`, 'UTF-8', 'other bytes')
  }
}

export function integer(source: Source): number {
  expect(source, varint)
  return element(source, varint)
}

/** Hands over the numbers of a repeated field, packed into one block or not. */
export function repeated(source: Source, wire: number, take: (value: number) => void): void {
  const { pbf } = source
  if (pbf.type === wire) {
    take(element(source, wire))
    return
  }
  const end = endOf(source)
  while (pbf.pos < end) take(element(source, wire))
  if (pbf.pos > end) throw malformed(source.name, `the packed numbers before byte ${end}`, 'whole', 'a part')
}

function element(source: Source, wire: number): number {
  const { pbf } = source
  if (wire === fixed32) return pbf.readFloat()
  if (wire === fixed64) return pbf.readDouble()
  const value = pbf.readVarint(true)
  if (!Number.isSafeInteger(value)) {
    throw malformed(source.name, `the integer before byte ${pbf.pos}`, 'between -2^53 and 2^53', value)
  }
  return value
}
