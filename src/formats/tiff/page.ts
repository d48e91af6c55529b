/**
 * The values of one page of a TIFF file: its strips or tiles unpacked and laid side by side.
 */
import { type Element, fromBytes, type TypedArray, unpackedBytes } from '../array.ts'
import { malformed } from '../malformed.ts'
import type { Source } from '../source.ts'
import { unpackedBits } from './bits.ts'
import { type Directory, tag } from './directory.ts'
import type { Unpack } from './packings.ts'
import { undoPredictor } from './predictor.ts'

/** What a directory says about its page, checked. */
export interface Page {
  readonly directory: Directory
  readonly width: number
  readonly height: number
  /** Slices of a page: ImageDepth of SGI, 1 for others. */
  readonly depth: number
  /** Samples of a pixel. */
  readonly samples: number
  /** Samples lie in planes of their own. */
  readonly planar: boolean
  readonly bits: number
  readonly element: Element
  readonly compression: number
  readonly predictor: number
}

/** Tags hold reals too, which count nothing. */
const counted = (n: number) => Number.isInteger(n) && n > 0

export function pageOf(directory: Directory, name: string): Page {
  const [width, height] = [directory.number(tag.width, 0), directory.number(tag.height, 0)]
  const depth = directory.number(tag.imageDepth, 1)
  if (![width, height, depth].every(counted))
    throw malformed(name, 'the size of a page', 'of at least one pixel', `${width} x ${height} x ${depth}`)
  const samples = directory.number(tag.samplesPerPixel, 1)
  // One bit is what TIFF 6.0, §8 takes where the tag is not there.
  const depths = directory.list(tag.bitsPerSample)
  const bits = depths[0] ?? 1
  if (!counted(samples) || !counted(bits) || depths.some(one => one !== bits))
    throw malformed(name, 'the samples of a pixel', 'of the same bits', depths.slice(0, 8))
  return {
    ...{ directory, width, height, depth, samples, bits },
    planar: samples > 1 && directory.number(tag.planar, 1) === 2,
    element: elementOf(bits, directory.number(tag.sampleFormat, 1), name),
    compression: directory.number(tag.compression, 1),
    predictor: directory.number(tag.predictor, 1),
  }
}

/** Kinds of samples (TIFF 6.0, §19); what is undefined is taken for whole numbers. */
function elementOf(bits: number, format: number, name: string): Element {
  const kind = ({ 1: 'u', 2: 'i', 3: 'f', 4: 'u' } as Record<number, string>)[format]
  const known = kind === 'f' ? [16, 32, 64] : kind === 'i' ? [8, 16, 32, 64] : [8, 16, 32, 64]
  const odd = kind === 'u' && bits >= 1 && bits < 32
  if (kind === undefined || !(odd || known.includes(bits))) {
    const kinds = ['', 'whole', 'signed', 'real', 'whole', 'complex', 'complex']
    const wanted = '1 to 32 or 64 bits, 8, 16, 32 or 64 signed ones, or reals of 16, 32 or 64'
    throw malformed(name, 'its numbers', wanted, `${kinds[format] ?? 'unknown'} ones of ${bits} bits`)
  }
  const bytes = bits <= 8 ? 1 : bits <= 16 ? 2 : bits <= 32 ? 4 : 8
  return `${kind}${bytes}` as Element
}

/** Bytes that the values of a page take once they are read. */
export const pageCost = ({ width, height, depth, samples, element }: Page): number =>
  width * height * depth * samples * unpackedBytes(element)

/** Where strips or tiles lie in the file and on the page. */
interface Blocks {
  readonly starts: readonly number[]
  readonly lengths: readonly number[]
  /** Sides of a block: x, y, z. */
  readonly sides: readonly [number, number, number]
  /** How many blocks along x, y, z. */
  readonly count: readonly [number, number, number]
  readonly tiled: boolean
}

/** Samples of a pixel within one block, and bytes of a row of it. */
const together = ({ planar, samples }: Page) => (planar ? 1 : samples)
const rowBytes = (page: Page, width: number) => Math.ceil((width * together(page) * page.bits) / 8)

export function blocksOf(page: Page, source: Source): Blocks {
  const { directory, width, height, depth, planar, samples } = page
  const { name } = source
  const tiled = directory.has(tag.tileOffsets)
  const rows = Math.min(directory.number(tag.rowsPerStrip, height), height)
  const sides: [number, number, number] = tiled
    ? [
        directory.number(tag.tileWidth, 0),
        directory.number(tag.tileLength, 0),
        directory.number(tag.tileDepth, 1),
      ]
    : // All slices of a page may lie in one strip.
      [width, rows, rows === height && directory.list(tag.stripOffsets).length === 1 ? depth : 1]
  if (!sides.every(counted))
    throw malformed(name, 'its strips or tiles', 'of at least one pixel', sides.join(' x '))
  // What a block unpacks to must be paid for too, where it is larger than its page.
  const block = sides[2] * sides[1] * rowBytes(page, sides[0])
  if (block > pageCost(page)) source.budget.spend(block, name)
  const count = [width, height, depth].map((length, axis) => Math.ceil(length / sides[axis]))
  const all = count[0] * count[1] * count[2] * (planar ? samples : 1)
  const [starts, lengths] = [
    directory.list(tiled ? tag.tileOffsets : tag.stripOffsets),
    directory.list(tiled ? tag.tileByteCounts : tag.stripByteCounts),
  ]
  // The bytes of the only strip go without saying where it is not packed.
  if (lengths.length === 0 && all === 1 && page.compression === 1) lengths.push(block)
  if (starts.length < all || lengths.length < all)
    throw malformed(name, 'its strips or tiles', `${all} in number`, Math.min(starts.length, lengths.length))
  return { starts, lengths, sides, count: count as [number, number, number], tiled }
}

/** All values of a page: [samples, depth, height, width], of the whole numbers' own type. */
export function valuesOf(
  page: Page,
  file: { readonly bytes: Uint8Array; readonly source: Source; readonly unpack: Unpack },
): TypedArray {
  const { width, height, depth, samples, planar, directory } = page
  const { bytes, source, unpack } = file
  const { starts, lengths, sides, count, tiled } = blocksOf(page, source)
  const [across, down, deep] = sides
  const perPlane = count[0] * count[1] * count[2]
  const row = rowBytes(page, across)
  let out: TypedArray | undefined
  for (let i = 0; i < perPlane * (planar ? samples : 1); i++) {
    const end = starts[i] + lengths[i]
    if (!(end <= bytes.length))
      throw malformed(source.name, 'the file', `at least ${end} bytes`, bytes.length)
    const [plane, place] = [Math.floor(i / perPlane), i % perPlane]
    const x = (place % count[0]) * across
    const y = (Math.floor(place / count[0]) % count[1]) * down
    const z = Math.floor(place / (count[0] * count[1])) * deep
    const most = row * down * deep
    // The last strip has as many rows and slices as are left; tiles are whole.
    const least = tiled ? most : row * Math.min(down, height - y) * Math.min(deep, depth - z)
    const packed = ordered(bytes.subarray(starts[i], end), directory.number(tag.fillOrder, 1))
    const data = unpack(packed, { most, least, source })
    // The last strip may have more than its rows; what is no whole row there is nobody's.
    const whole = data.subarray(0, data.length - (data.length % row))
    const values = samplesOf(whole, { page, across, name: source.name })
    out ??= new (values.constructor as Uint8ArrayConstructor)(width * height * depth * samples)
    put(values, out, { page, x, y, z, plane, sides })
  }
  return out!
}

/** Bytes with their lowest bit first are turned around (FillOrder 2). */
function ordered(bytes: Uint8Array, order: number): Uint8Array {
  if (order !== 2) return bytes
  return bytes.map(byte => {
    let turned = 0
    for (let bit = 0; bit < 8; bit++) turned |= ((byte >> bit) & 1) << (7 - bit)
    return turned
  })
}

/** The samples of a block one by one. */
function samplesOf(
  data: Uint8Array,
  { page, across, name }: { readonly page: Page; readonly across: number; readonly name: string },
): TypedArray {
  const { bits, element, predictor, directory } = page
  const perRow = across * together(page)
  if (bits < 8 || bits % 8 !== 0 || bits === 24) {
    if (predictor !== 1) throw malformed(name, `the predictor of ${bits}-bit samples`, '1', predictor)
    return unpackedBits(data, { bits, perRow, little: directory.little })
  }
  const bigEndian = !directory.little
  if (predictor === 1) return fromBytes(data, { element, bigEndian, name })
  const plain = undoPredictor(data, { ...page, perRow, bigEndian, together: together(page), name })
  return fromBytes(plain, { element, bigEndian: false, name })
}

interface Place {
  readonly page: Page
  readonly x: number
  readonly y: number
  readonly z: number
  readonly plane: number
  readonly sides: readonly [number, number, number]
}

/** Copies a block to its place, as far as the page goes; samples that lie together are parted. */
function put(values: TypedArray, out: TypedArray, { page, x, y, z, plane, sides }: Place): void {
  const { width, height, depth } = page
  const [across, down, deep] = sides
  const each = together(page)
  const volume = width * height * depth
  const columns = Math.min(across, width - x)
  for (let k = 0; k < Math.min(deep, depth - z); k++)
    for (let j = 0; j < Math.min(down, height - y); j++) {
      const from = (k * down + j) * across * each
      const to = plane * volume + ((z + k) * height + y + j) * width + x
      if (each === 1) out.set(values.subarray(from, from + columns), to)
      else
        for (let s = 0; s < each; s++)
          for (let i = 0; i < columns; i++) out[to + s * volume + i] = values[from + i * each + s]
    }
}
