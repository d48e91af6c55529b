/**
 * MetaImage (.mhd with .raw, .mha): lines of `key = value`, then bytes, as ITK, Fiji, 3D Slicer and ParaView have it.
 */
import { type Element, elementBytes, fromBytes, sizeOf, type TypedArray } from '../array.ts'
import type { Grid } from '../grid.ts'
import { mostGrowth, unzlib } from '../gzip.ts'
import { malformed } from '../malformed.ts'
import { isLength, type Scale, unitNamed } from '../scale.ts'
import { type Source, sourceOf } from '../source.ts'
import { asciiNumbers } from './ascii.ts'
import { dataBeside } from './beside.ts'
import { headerLines, numbersIn } from './header-lines.ts'

const elements: Record<string, Element> = {
  ...{ MET_CHAR: 'i1', MET_UCHAR: 'u1', MET_SHORT: 'i2', MET_USHORT: 'u2', MET_INT: 'i4', MET_UINT: 'u4' },
  ...{ MET_LONG_LONG: 'i8', MET_ULONG_LONG: 'u8', MET_FLOAT: 'f4', MET_DOUBLE: 'f8' },
}

/** Keys that a header begins with. */
const first = /^\s*(?:ObjectType|NDims|Comment|ObjectSubType|TransformType|BinaryData)\s{0,9}=/

export function isMetaImage(bytes: Uint8Array): boolean {
  const head = Array.from(bytes.subarray(0, 64), byte => String.fromCharCode(byte)).join('')
  return first.test(head)
}

/**
 * Reads an image, its data in the same file (`LOCAL`) or in one beside it.
 * @returns axes T, Z, Y, X as far as there are, and S for several channels
 * @throws SyntaxError if the header is none, or the data are cut off
 */
export function readMetaImage(bytes: Uint8Array, source: string | Source): Grid {
  const of = sourceOf(source, bytes)
  const { name, budget } = of
  const { lines, end } = headerLines(bytes, { name, last: line => /^\s*ElementDataFile\s*=/.test(line) })
  const values = new Map<string, string>()
  for (const line of lines) {
    const equals = line.indexOf('=')
    if (equals > 0) values.set(line.slice(0, equals).trim(), line.slice(equals + 1).trim())
  }
  const yes = (...keys: string[]) => keys.some(key => /^(?:true|1|yes)$/i.test(values.get(key) ?? ''))
  const sizes = numbersIn(values.get('DimSize'))
  const axes = ({ 2: 'YX', 3: 'ZYX', 4: 'TZYX' } as Record<number, string>)[sizes?.length ?? 0]
  const channels = Number(values.get('ElementNumberOfChannels') ?? 1)
  const shape = [...(sizes ?? [])].reverse().concat(channels)
  if (!axes || !shape.every(length => Number.isSafeInteger(length) && length > 0))
    throw malformed(name, 'DimSize', 'two to four whole numbers above 0', values.get('DimSize'))
  const type = values.get('ElementType') ?? ''
  const element = elements[type]
  if (!element) throw malformed(name, 'ElementType', Object.keys(elements).join(', '), type)
  const count = sizeOf(shape)
  budget.spend(count * elementBytes[element], name)
  const file = values.get('ElementDataFile') ?? ''
  if (/^LIST\b|%/.test(file)) throw malformed(name, 'ElementDataFile', 'one file (LOCAL or its name)', file)
  const stored = /^local$/i.test(file) ? bytes.subarray(end) : dataBeside(file, of)
  const data = dataOf(stored, {
    element,
    count,
    source: of,
    bigEndian: yes('ElementByteOrderMSB', 'BinaryDataByteOrderMSB'),
    packed: yes('CompressedData'),
    text: /^(?:false|0|no)$/i.test(values.get('BinaryData') ?? 'true'),
    skip: Number(values.get('HeaderSize') ?? 0),
  })
  const scale = scaleOf(values)
  const labels = Number(/\blabels=(\d{1,3})\b/.exec(values.get('Comment') ?? '')?.[1] ?? 0)
  return { data, shape, axes: `${axes}S`, ...(scale && { scale }), ...(labels > 1 && { labels }) }
}

interface Stored {
  readonly element: Element
  readonly count: number
  readonly source: Source
  readonly bigEndian: boolean
  readonly packed: boolean
  readonly text: boolean
  /** Bytes before the data; -1: the data are the last bytes. */
  readonly skip: number
}

function dataOf(stored: Uint8Array, options: Stored): TypedArray {
  const { element, count, source, bigEndian, packed, text, skip } = options
  const { name } = source
  const size = count * elementBytes[element]
  if (text) return asciiNumbers(new TextDecoder().decode(stored), { element, count, name })
  if (packed) {
    if (size > mostGrowth * stored.length)
      throw malformed(name, 'its packed data', `${size} bytes unpacked`, `${stored.length} packed ones`)
    source.budget.spend(size, name)
    const end = stored.findLastIndex(byte => byte !== 0) + 1
    const data = unpackedTo(stored, { end, size, source })
    return fromBytes(data, { element, bigEndian, name })
  }
  const start = skip === -1 ? stored.length - size : skip
  const found = stored.length - start
  if (!(Number.isSafeInteger(start) && start >= 0 && found >= size) || (skip === 0 && found > size))
    throw malformed(name, 'its data', `${size} bytes`, found)
  return fromBytes(stored.subarray(start, start + size), { element, bigEndian, name })
}

/** A zlib stream, some writers put zeros behind; the last bytes of a stream may be zeros as well. */
function unpackedTo(
  stored: Uint8Array,
  { end, size, source }: { end: number; size: number; source: Source },
): Uint8Array {
  for (let at = end; at < Math.min(stored.length, end + 4); at++)
    try {
      return unzlib(stored.subarray(0, at), { size, source })
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
    }
  return unzlib(stored.subarray(0, Math.min(stored.length, end + 4)), { size, source })
}

function scaleOf(values: ReadonlyMap<string, string>): Scale | undefined {
  const [x, y, z] = numbersIn(values.get('ElementSpacing') ?? values.get('ElementSize')) ?? []
  if (!isLength(x) || !isLength(y)) return undefined
  const unit = /\bunit=([^\s;]{1,32})/.exec(values.get('Comment') ?? '')?.[1] ?? ''
  return { x, y, ...(isLength(z) && { z }), unit: unitNamed(unit) }
}
