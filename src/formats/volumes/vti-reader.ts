/**
 * VTK's image data (.vti): an array of numbers per cell or point, in text, base64 or raw behind the XML, packed with
 * zlib or not ("VTK File Formats", XML).
 */
import { type Element, elementBytes, fromBytes, sizeOf, type TypedArray } from '../array.ts'
import { bytesText } from '../budget.ts'
import type { Grid } from '../grid.ts'
import { unzlib } from '../gzip.ts'
import { malformed } from '../malformed.ts'
import { isLength } from '../scale.ts'
import { type Source, sourceOf } from '../source.ts'
import { type Tag, tags } from '../xml.ts'
import { arrayNamed } from './array-named.ts'
import { asciiNumbers } from './ascii.ts'
import { fromBase64, lengthOfBase64, pad } from './base64.ts'

export function isVti(bytes: Uint8Array): boolean {
  const head = latin(bytes.subarray(0, 1024))
  return head.includes('<VTKFile')
}

const latin = (bytes: Uint8Array) => new TextDecoder('windows-1252').decode(bytes)

const elements: Record<string, Element> = {
  ...{ Int8: 'i1', UInt8: 'u1', Int16: 'i2', UInt16: 'u2', Int32: 'i4', UInt32: 'u4', Int64: 'i8' },
  ...{ UInt64: 'u8', Float32: 'f4', Float64: 'f8' },
}

interface Entry {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  /** The text between its tags. */
  readonly text: () => string
  /** Whether values lie in cells; else at points. */
  readonly cells: boolean
}

interface Header {
  readonly file: ReadonlyMap<string, string>
  readonly image: ReadonlyMap<string, string>
  readonly pieces: number
  readonly arrays: readonly Entry[]
  /** The array that the file calls its scalars. */
  readonly active?: string
  /** Where appended data begin, and how they are written. */
  readonly appended?: { readonly at: number; readonly encoding: string }
  /** How many labels there are, of files written here. */
  readonly labels?: number
}

/**
 * Reads one array of a .vti file: that called `array`, or the active scalars, or the only one.
 * @returns axes Z, Y, X (and S for several components); slices one voxel thick are images
 * @throws SyntaxError if the file is damaged, of another kind, or of a packing that is not known
 */
export function readVti(
  bytes: Uint8Array,
  source: string | Source,
  { array }: { readonly array?: string } = {},
): Grid {
  const of = sourceOf(source, bytes)
  const { name, budget } = of
  const header = headerOf(bytes, of)
  const entry = arrayNamed(new Map(header.arrays.map(one => [one.name, one])), {
    array,
    usual: [header.active, 'labels', 'ImageScalars', 'ImageFile'].filter(one => one !== undefined),
    name,
  })
  const extent = numbersOf(header.image.get('WholeExtent'), 6)
  if (!extent) throw malformed(name, 'WholeExtent', 'six whole numbers', header.image.get('WholeExtent'))
  const lengths = [0, 1, 2].map(axis => extent[2 * axis + 1] - extent[2 * axis] + (entry.cells ? 0 : 1))
  const components = Number(entry.attributes.get('NumberOfComponents') ?? 1)
  // A picture of one slice may have no thickness at all.
  const shape = [Math.max(1, lengths[2]), lengths[1], lengths[0], components]
  const element = elements[entry.attributes.get('type') ?? '']
  if (!element)
    throw malformed(
      name,
      'the type of its numbers',
      Object.keys(elements).join(', '),
      entry.attributes.get('type'),
    )
  if (!shape.every(length => Number.isSafeInteger(length) && length > 0))
    throw malformed(name, 'its extent', 'of at least one cell', shape.slice(0, 3))
  if (header.pieces !== 1) throw malformed(name, 'its pieces', 'one', header.pieces)
  const size = sizeOf(shape) * elementBytes[element]
  budget.spend(2 * size, name)
  const data = valuesOf(bytes, { header, entry, element, size, source: of })
  const [x = 0, y = 0, z = 0] = numbersOf(header.image.get('Spacing'), 3) ?? []
  return {
    data,
    shape,
    axes: 'ZYXS',
    ...(isLength(x) && isLength(y) && { scale: { x, y, ...(isLength(z) && { z }), unit: '' } }),
    ...(header.labels && { labels: header.labels }),
  }
}

function numbersOf(text: string | undefined, count: number): number[] | undefined {
  const numbers = (text ?? '').trim().split(/\s+/).map(Number)
  return numbers.length === count && numbers.every(Number.isFinite) ? numbers : undefined
}

/** Longest text of a string. */
const mostText = 2 ** 29 - 2 ** 10

function headerOf(bytes: Uint8Array, { name }: Source): Header {
  const at = indexOf(bytes, '<AppendedData')
  const end = at < 0 ? bytes.length : at
  if (end > mostText)
    throw malformed(
      name,
      'its text',
      `below ${bytesText(mostText)} (save it as appended data)`,
      bytesText(end),
    )
  const text = new TextDecoder().decode(bytes.subarray(0, end))
  const found = gather(text)
  const type = found.file?.get('type')
  if (!found.file || !found.image)
    throw malformed(name, 'the file', 'image data of VTK', type ? `a file of ${type}` : 'another')
  if (at < 0) return { ...found, file: found.file, image: found.image }
  const tag = latin(bytes.subarray(at, at + 200))
  const close = tag.indexOf('>')
  const mark = close < 0 ? -1 : bytes.indexOf(0x5f, at + close)
  if (mark < 0) throw malformed(name, 'the appended data', 'behind a _', 'none')
  const encoding = /encoding\s*=\s*["']([a-z0-9]{1,16})["']/i.exec(tag.slice(0, close))?.[1] ?? 'base64'
  return { ...found, file: found.file, image: found.image, appended: { at: mark + 1, encoding } }
}

function gather(text: string) {
  const arrays: Entry[] = []
  let [file, image, active]: (ReadonlyMap<string, string> | string | undefined)[] = []
  let [section, pieces, labels] = ['', 0, 0]
  for (const tag of tags(text)) {
    if (tag.name === 'VTKFile' && !tag.closing) file = tag.attributes
    else if (tag.name === 'ImageData' && !tag.closing) image = tag.attributes
    else if (tag.name === 'Piece' && !tag.closing) pieces++
    else if (['CellData', 'PointData', 'FieldData'].includes(tag.name)) {
      section = tag.closing ? '' : tag.name
      if (!tag.closing) active ??= tag.attributes.get('Scalars')
    } else if (tag.name === 'DataArray' && !tag.closing) {
      const entry = entryOf(tag, text, section)
      if (section === 'FieldData') labels = entry.name === 'fractions' ? components(entry) : labels
      else if (section) arrays.push(entry)
    }
  }
  return {
    file: file as ReadonlyMap<string, string> | undefined,
    image: image as ReadonlyMap<string, string> | undefined,
    arrays,
    pieces,
    ...(active && { active: active as string }),
    ...(labels > 1 && { labels }),
  }
}

const components = ({ attributes }: Entry) => Number(attributes.get('NumberOfTuples') ?? 0)

function entryOf({ attributes, empty, end }: Tag, text: string, section: string): Entry {
  return {
    name: attributes.get('Name') ?? '',
    attributes,
    text: () => (empty ? '' : text.slice(end, text.indexOf('<', end))),
    cells: section === 'CellData',
  }
}

interface Wanted {
  readonly header: Header
  readonly entry: Entry
  readonly element: Element
  /** In bytes. */
  readonly size: number
  readonly source: Source
}

function valuesOf(bytes: Uint8Array, wanted: Wanted): TypedArray {
  const { header, entry, element, size, source } = wanted
  const { name } = source
  const format = entry.attributes.get('format') ?? 'ascii'
  const bigEndian = header.file.get('byte_order') === 'BigEndian'
  if (format === 'ascii')
    return asciiNumbers(entry.text(), { element, count: size / elementBytes[element], name })
  let packed: Uint8Array
  let encoded = true
  if (format === 'appended' && header.appended) {
    const offset = Number(entry.attributes.get('offset') ?? 0)
    if (!(Number.isSafeInteger(offset) && offset >= 0))
      throw malformed(name, 'the offset of its data', 'a whole number', entry.attributes.get('offset'))
    packed = bytes.subarray(header.appended.at + offset)
    encoded = header.appended.encoding !== 'raw'
  } else if (format === 'binary') packed = new TextEncoder().encode(entry.text().trim())
  else throw malformed(name, 'the format of its array', 'ascii, binary or appended', format)
  const data = blocks(packed, { ...wanted, encoded, bigEndian })
  return fromBytes(data, { element, bigEndian, name })
}

/** The bytes of an array behind their header of sizes: as they are, or packed in blocks. */
function blocks(
  packed: Uint8Array,
  { header, size, source, encoded, bigEndian }: Wanted & { encoded: boolean; bigEndian: boolean },
): Uint8Array {
  const { name } = source
  const width = header.file.get('header_type') === 'UInt64' ? 8 : 4
  const compressor = header.file.get('compressor')
  const cut = (at: number, length: number): Uint8Array => {
    const [from, to] = encoded ? [at, at + lengthOfBase64(length)] : [at, at + length]
    if (to > packed.length) throw malformed(name, 'its data', `${to} bytes`, packed.length)
    const part = packed.subarray(from, to)
    return encoded ? fromBase64(part, { length, name }) : part
  }
  const words = (count: number): number[] => {
    const part = cut(0, width * count)
    const values = fromBytes(part, { element: width === 8 ? 'u8' : 'u4', bigEndian, name })
    return Array.from(values)
  }
  const length = (bytes: number) => (encoded ? lengthOfBase64(bytes) : bytes)
  if (!compressor) {
    const [found] = words(1)
    if (found !== size) throw malformed(name, 'the size of its data', `${size} bytes`, found)
    // The size and what it counts are one piece of base64, but for writers that pad behind the size.
    const apart = !encoded || packed[lengthOfBase64(width) - 1] === pad
    return apart ? cut(length(width), size) : cut(0, width + size).subarray(width)
  }
  if (compressor !== 'vtkZLibDataCompressor')
    throw malformed(name, 'its packing', 'zlib (vtkZLibDataCompressor) or none', compressor)
  const [count, whole, rest] = words(3)
  const all = count === 0 ? 0 : whole * (rest > 0 ? count - 1 : count) + rest
  if (all !== size) throw malformed(name, 'the size of its data', `${size} bytes`, all)
  const sizes = words(3 + count).slice(3)
  const start = length(width * (3 + count))
  // All blocks together are one piece of base64.
  const body = encoded
    ? cut(
        start,
        sizes.reduce((sum, one) => sum + one, 0),
      )
    : packed.subarray(start)
  const out = new Uint8Array(size)
  let [from, to] = [0, 0]
  sizes.forEach((one, i) => {
    const length = i === count - 1 && rest > 0 ? rest : whole
    if (from + one > body.length) throw malformed(name, 'its data', `${from + one} bytes`, body.length)
    out.set(unzlib(body.subarray(from, from + one), { size: length, source }), to)
    from += one
    to += length
  })
  return out
}

/** Where a word first stands in bytes; -1 if it does not. */
function indexOf(bytes: Uint8Array, word: string): number {
  const codes = Array.from(word, letter => letter.charCodeAt(0))
  for (let at = bytes.indexOf(codes[0]); at >= 0; at = bytes.indexOf(codes[0], at + 1))
    if (codes.every((code, i) => bytes[at + i] === code)) return at
  return -1
}
