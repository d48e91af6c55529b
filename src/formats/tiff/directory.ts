/**
 * The directories of a TIFF file (TIFF 6.0, §2, and BigTIFF): one for each page, with its tags.
 */
import { malformed } from '../malformed.ts'

/** Numbers of the tags that are read (TIFF 6.0, §8, §14, §15, §18; ImageDepth of SGI). */
export const tag = {
  newSubfileType: 254,
  width: 256,
  height: 257,
  bitsPerSample: 258,
  compression: 259,
  photometric: 262,
  fillOrder: 266,
  description: 270,
  stripOffsets: 273,
  samplesPerPixel: 277,
  rowsPerStrip: 278,
  stripByteCounts: 279,
  xResolution: 282,
  yResolution: 283,
  planar: 284,
  resolutionUnit: 296,
  predictor: 317,
  colorMap: 320,
  tileWidth: 322,
  tileLength: 323,
  tileOffsets: 324,
  tileByteCounts: 325,
  sampleFormat: 339,
  imageDepth: 32997,
  tileDepth: 32998,
} as const

export interface Directory {
  readonly little: boolean
  has(which: number): boolean
  /** All numbers of a tag (of rationals numerators and denominators); empty where it is not there. */
  list(which: number): number[]
  /** The first number of a tag, or another one where it is not there. */
  number(which: number, otherwise: number): number
  /** The text of a tag, without the zeros behind it. */
  text(which: number): string | undefined
}

export function isTiff(bytes: Uint8Array): boolean {
  const [a, b, c, d] = bytes
  const little = a === 0x49 && b === 0x49 && (c === 42 || c === 43) && d === 0
  const big = a === 0x4d && b === 0x4d && c === 0 && (d === 42 || d === 43)
  return bytes.length >= 8 && (little || big)
}

interface Layout {
  readonly view: DataView
  readonly bytes: Uint8Array
  readonly name: string
  readonly little: boolean
  readonly big: boolean
}

/**
 * All directories in their order.
 * @throws SyntaxError if the file is no TIFF or cut off, if directories lie in a circle or over each other
 */
export function directories(bytes: Uint8Array, name: string): Directory[] {
  if (!isTiff(bytes)) throw malformed(name, 'the first bytes', 'those of TIFF', [...bytes.subarray(0, 4)])
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const little = bytes[0] === 0x49
  const layout = { view, bytes, name, little, big: bytes[little ? 2 : 3] === 43 }
  const found: Directory[] = []
  const seen = new Set<number>()
  let used = 0
  for (let at = layout.big ? long(layout, 8) : short(layout, 4, 4); at !== 0; ) {
    // A chain that bites its tail would never end.
    if (seen.has(at)) throw malformed(name, 'the list of pages', 'a list', 'a circle')
    seen.add(at)
    const { directory, size, next } = read(layout, at)
    used += size
    if (used > bytes.length) throw malformed(name, 'the list of pages', 'a list', 'pages over each other')
    found.push(directory)
    at = next
  }
  return found
}

function demandIn({ bytes, name }: Layout, end: number): void {
  if (!(end <= bytes.length)) throw malformed(name, 'the file', `at least ${end} bytes`, bytes.length)
}

function short(layout: Layout, at: number, width: number): number {
  demandIn(layout, at + width)
  return width === 2 ? layout.view.getUint16(at, layout.little) : layout.view.getUint32(at, layout.little)
}

function long(layout: Layout, at: number): number {
  demandIn(layout, at + 8)
  return Number(layout.view.getBigUint64(at, layout.little))
}

/** Bytes of the types of values (TIFF 6.0, §2; 16 to 18 of BigTIFF). */
const widths: Record<number, number> = {
  ...{ 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4 },
  ...{ 16: 8, 17: 8, 18: 8 },
}

interface Entry {
  readonly type: number
  readonly count: number
  readonly at: number
}

function read(layout: Layout, at: number): { directory: Directory; size: number; next: number } {
  const { big, little } = layout
  const [head, width] = big ? [8, 20] : [2, 12]
  const count = big ? long(layout, at) : short(layout, at, 2)
  const end = at + head + width * count
  demandIn(layout, end + (big ? 8 : 4))
  const entries = new Map<number, Entry>()
  for (let i = 0; i < count; i++) {
    const entry = at + head + width * i
    const which = short(layout, entry, 2)
    const type = short(layout, entry + 2, 2)
    const values = big ? long(layout, entry + 4) : short(layout, entry + 4, 4)
    const room = big ? 8 : 4
    const place = entry + (big ? 12 : 8)
    const size = (widths[type] ?? 0) * values
    const from = size <= room ? place : big ? long(layout, place) : short(layout, place, 4)
    if (widths[type] && !entries.has(which)) entries.set(which, { type, count: values, at: from })
  }
  const directory: Directory = {
    little,
    has: which => entries.has(which),
    list: which => numbers(layout, entries.get(which)),
    number: (which, otherwise) => numbers(layout, entries.get(which), 1)[0] ?? otherwise,
    text: which => textOf(layout, entries.get(which)),
  }
  return { directory, size: end - at, next: big ? long(layout, end) : short(layout, end, 4) }
}

/** The numbers of an entry, at most `most` of them. */
function numbers(layout: Layout, entry: Entry | undefined, most = Number.POSITIVE_INFINITY): number[] {
  if (!entry) return []
  const { type, count, at } = entry
  demandIn(layout, at + widths[type] * count)
  const { view, little } = layout
  const rational = type === 5 || type === 10
  const width = rational ? 4 : widths[type]
  const readers: Record<number, (at: number) => number> = {
    3: at => view.getUint16(at, little),
    4: at => view.getUint32(at, little),
    5: at => view.getUint32(at, little),
    6: at => view.getInt8(at),
    8: at => view.getInt16(at, little),
    9: at => view.getInt32(at, little),
    10: at => view.getInt32(at, little),
    11: at => view.getFloat32(at, little),
    12: at => view.getFloat64(at, little),
    13: at => view.getUint32(at, little),
    16: at => Number(view.getBigUint64(at, little)),
    17: at => Number(view.getBigInt64(at, little)),
    18: at => Number(view.getBigUint64(at, little)),
  }
  const value = readers[type] ?? ((at: number) => view.getUint8(at))
  const length = Math.min(most, rational ? 2 * count : count)
  return Array.from({ length }, (_, i) => value(at + width * i))
}

/** UTF-8 where it is that, else Latin-1. */
function textOf(layout: Layout, entry: Entry | undefined): string | undefined {
  if (!entry || widths[entry.type] !== 1) return undefined
  demandIn(layout, entry.at + entry.count)
  const bytes = layout.bytes.subarray(entry.at, entry.at + entry.count)
  const end = bytes.findLastIndex(byte => byte !== 0) + 1
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, end))
  } catch {
    return Array.from(bytes.subarray(0, end), byte => String.fromCharCode(byte)).join('')
  }
}
